"""What differs between a commit, the index and the working tree. Enters: a root. Leaves: changed files, and diffs of some.

No program that the repository names is run: see `git_process`. Of files that nobody asked for, no content is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .git_process import run_git

TIMEOUT = 5.0
"""Seconds that one process may take."""

_PLAIN = "--no-color --no-ext-diff --no-textconv --no-renames --no-relative --ignore-submodules=all".split()
_FORM = "-U3 --inter-hunk-context=0 --src-prefix=a/ --dst-prefix=b/ --diff-algorithm=myers --submodule=short".split()
_COMMIT = re.compile(r"[A-Za-z0-9_](?:[\w/~^-]|\.(?!\.)){0,200}")
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_WORDS = {"M": "modified", "A": "added", "D": "deleted", "T": "type changed", "U": "in conflict"}
_FILES = frozenset(("100644", "100755", "000000"))
_NOT_FOUND = (0, 1, 128)


@dataclass(frozen=True)
class Change:
    """A changed file: its path, what happened to it in a word, whether it is a plain file, and the ids of its old and new
    contents as git keeps them ("" for what git does not keep).
    """

    path: str
    what: str
    is_plain: bool
    old: str
    new: str


def commit_of(root: Path, environ: Mapping[str, str], name: str) -> str:
    """The full id of a commit, branch or tag; "" if there is none of that name.

    Raises:
        AskanceError: git is missing, too slow, or refuses this repository.
    """
    if not _COMMIT.fullmatch(name):
        return ""
    command = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
    said = run_git(root, command, environ, TIMEOUT, good_exits=_NOT_FOUND).strip()
    return said if is_sha(said) else ""


def is_sha(text: str) -> bool:
    """Whether a text is the full id of something git keeps."""
    return _SHA.fullmatch(text) is not None


def changes(root: Path, environ: Mapping[str, str], base: str, *, staged: bool) -> list[Change]:
    """The files that differ from a commit, in order of their paths.

    Args:
        root: the folder that holds `.git`, resolved.
        environ: the environment variables, for git.
        base: the commit's full id.
        staged: compare what is staged with it, and not the working tree.

    Raises:
        AskanceError: as for `commit_of`.
    """
    command = ["diff", "--raw", "-z", "--no-abbrev", *_PLAIN, *(["--cached"] if staged else []), base, "--"]
    fields = iter(run_git(root, command, environ, TIMEOUT).split("\0"))
    found = {}
    for field in fields:
        parts = field.removeprefix(":").split(" ")
        if len(parts) == 5 and (path := next(fields, "")):  # noqa: PLR2004  two modes, two ids, what happened
            old_mode, new_mode, old, new, what = parts
            is_plain = {old_mode, new_mode} <= _FILES
            found[path] = Change(path, _WORDS.get(what[:1], "changed"), is_plain, _kept(old), _kept(new))
    return [found[path] for path in sorted(found)]


def untracked(root: Path, environ: Mapping[str, str]) -> list[str]:
    """The files that git neither tracks nor ignores, in order; at most those that one reading gives.

    Raises:
        AskanceError: as for `commit_of`.
    """
    command = ["ls-files", "--others", "--exclude-standard", "-z"]
    return sorted(filter(None, run_git(root, command, environ, TIMEOUT).split("\0")))


def hunks(root: Path, environ: Mapping[str, str], base: str, paths: Sequence[str], *, staged: bool) -> str:
    """The diff of these files.

    Args:
        root, environ, base, staged: as for `changes`.
        paths: relative to the root; taken literally.

    Raises:
        AskanceError: as for `commit_of`.
    """
    cached = ["--cached"] if staged else []
    command = ["--literal-pathspecs", "diff", *_PLAIN, *_FORM, *cached, base, "--", *paths]
    return run_git(root, command, environ, TIMEOUT)


def content(root: Path, environ: Mapping[str, str], id_: str) -> str:
    """What git keeps under an id, as it is kept.

    Raises:
        AskanceError: as for `commit_of`.
    """
    return run_git(root, ["cat-file", "blob", id_], environ, TIMEOUT)


def _kept(id_: str) -> str:
    return id_ if id_.strip("0") else ""
