"""Where a repository's own files are. Enters: a folder. Leaves: git's folder of it, and whether git may be let near it.

A stranger's `.git` may point anywhere: at another repository of the user's, whose history would then be told as this one's.
One outside of the root counts only if it knows the root itself, which nobody but its owner can have written.
"""

from __future__ import annotations

import os
import re
import stat
from itertools import islice
from pathlib import Path

from ..errors import AskanceError
from ..regular import read_regular

_POINTER_BYTES = 4096
_MOST_PACKS = 300
_CONFIG_BYTES = 1_000_000
_NOWHERE = "refused: another repository"
_OWN = ("HEAD", "config", "config.worktree", "index", "commondir", "gitdir", "info/sparse-checkout")
_SHARED = (
    "config",
    "packed-refs",
    "shallow",
    "info/exclude",
    "info/attributes",
    "info/grafts",
    "objects/info/alternates",
)
_OF_THE_TREE = (".gitignore", ".gitattributes", ".gitmodules", ".mailmap")
_WORKTREE = re.compile(r"(?<![a-z0-9-])worktree[ \t]*=[ \t]*([^\n]*)", re.IGNORECASE)
_REFERENCE = re.compile(r"ref: (refs/[^\0-\x20\x7f\\]{1,250})\s*")


def git_folder(root: Path) -> Path:
    """The folder of the repository's own files: `.git`, or where that leads (worktrees, submodules).

    A place where nothing is, if that is another repository's.
    """
    folder = root / ".git"
    if _is_own_folder(folder):
        return folder
    pointer = text_of(folder, _POINTER_BYTES).partition("gitdir:")[2].strip()
    found = root / pointer if pointer and "\0" not in pointer else folder
    return found if _knows(found, root) else folder / _NOWHERE


def common_folder(folder: Path) -> Path:
    """The folder that all worktrees of a repository share, for `git_folder`'s of one."""
    shared = text_of(folder / "commondir", _POINTER_BYTES).strip()
    if not shared or "\0" in shared:
        return folder
    real, common = _resolved(folder), _resolved(folder / shared)
    is_one_of_its = real is not None and real.parent.name == "worktrees" and real.parent.parent == common
    return folder / shared if is_one_of_its else folder / _NOWHERE


def check(root: Path) -> None:
    """Refuse what git would wait on for ever, and repositories that are another folder's.

    Raises:
        AskanceError: one of git's files is a pipe or the like, or `.git` leads elsewhere.
    """
    folder = git_folder(root)
    common = common_folder(folder)
    if _NOWHERE in (folder.name, common.name):
        raise AskanceError("git state left out: .git leads to another folder, which does not know this one")
    reference = _REFERENCE.fullmatch(text_of(folder / "HEAD", _POINTER_BYTES))
    shared = [*_SHARED, *([reference[1]] if reference else [])]
    shared += [f"objects/pack/{name}" for name in _listed(common / "objects" / "pack")]
    for place, names in ((folder, _OWN), (common, shared), (root, _OF_THE_TREE)):
        for name in names:
            if _is_odd(f"{place}/{name}"):
                raise AskanceError(
                    f"git state left out: {'' if place is root else '.git/'}{name} is not a regular file"
                )


def worktrees(text: str) -> list[str]:
    """The folders that a configuration names as its working tree."""
    return [value.strip(' \t\r"') for value in _WORKTREE.findall(text)]


def is_root(root: Path, folder: Path, named: str) -> bool:
    """Whether a working tree that is named in a git folder is the root."""
    found = _resolved(folder / named) if named and "\0" not in named else None
    return found is not None and found == _resolved(root)


def text_of(path: Path, most: int, errors: str = "replace") -> str:
    """The text of a regular file, "" for anything else: a pipe in its place is never waited on.

    Args:
        path: the file.
        most: bytes it may have.
        errors: what becomes of bytes that are no UTF-8, as in `bytes.decode`.
    """
    return (read_regular(path, most) or b"").decode("utf-8", errors)


def _listed(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in islice(entries, _MOST_PACKS)]
    except OSError:
        return []


def _is_own_folder(folder: Path) -> bool:
    try:
        return stat.S_ISDIR(folder.lstat().st_mode)
    except OSError:
        return False


def _knows(folder: Path, root: Path) -> bool:
    """Whether a git folder lies in the root, or says itself that it is of the root."""
    real, resolved = _resolved(folder), _resolved(root)
    if real is None or resolved is None or real.is_relative_to(resolved):
        return real is not None and resolved is not None
    if is_root(root / ".git", real, text_of(real / "gitdir", _POINTER_BYTES).strip()):
        return True
    texts = [text_of(real / name, _CONFIG_BYTES) for name in ("config", "config.worktree")]
    return any(is_root(root, real, named) for text in texts for named in worktrees(text))


def _resolved(path: Path) -> Path | None:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return None


def _is_odd(path: str) -> bool:
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116  faster; asked for twenty files
    except (OSError, ValueError):
        return False
