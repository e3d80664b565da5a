"""The programs and remotes that a repository's configuration names. Enters: its files. Leaves: names of filters, addresses.

Git's own reading would cost a process of its own. This one is coarse on purpose: what looks like a filter anywhere in a
file counts as one, for switching off what is not there does no harm, and what may be misread is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import AskanceError
from ..regular import read_regular
from .git_folder import common_folder, git_folder, is_root, text_of, worktrees

MOST_FILTERS = 300
"""A repository that names more is refused: they would not fit into a process's environment."""

_MOST_FILES = 20
_MOST_BYTES = 1_000_000
_FILTER = re.compile(r'\[filter((?:\.[a-z0-9.-]*)?)\s*(?:"((?:[^"\\\n]|\\[^\n])*)")?\s*\]', re.IGNORECASE)
_INCLUDE = re.compile(r"\[include", re.IGNORECASE)
_PATH = re.compile(r"(?<![a-z0-9-])path[ \t]*=([^\n]*)", re.IGNORECASE)
_REMOTE = re.compile(r'\[remote\s+"[^\n]*\]([^\[]*)', re.IGNORECASE)
_URL = re.compile(r"(?<![a-z0-9-])url[ \t]*=[ \t]*([^\n]*)", re.IGNORECASE)
_PLAIN = re.compile(r'"[^"\\\n]*"|[^"\\#;\t\r\n]*')


@dataclass(frozen=True)
class Configuration:
    """Names of filters, as git knows them, and the addresses of the remotes, passwords included."""

    filters: frozenset[str]
    urls: tuple[str, ...] = field(repr=False)

    @property
    def off(self) -> Mapping[str, str]:
        """Settings under which no filter runs."""
        values = {"clean": "", "process": "", "required": "false"}
        return {f"filter.{name}.{key}": value for name in sorted(self.filters) for key, value in values.items()}


def read_configuration(root: Path, environ: Mapping[str, str]) -> Configuration:
    """What the repository's files say, and the filters of the user's own.

    Args:
        root: the folder that holds `.git`, resolved.
        environ: the environment variables; HOME and XDG_CONFIG_HOME say where the user's own files are.

    Raises:
        AskanceError: the files cannot be read as git would, or point git to another folder.
    """
    home = environ.get("HOME", "")
    texts = _texts(repository_files(root), home)
    folder = git_folder(root)
    if not all(is_root(root, folder, named) for text in texts for named in worktrees(text)):
        raise AskanceError("git state left out: this repository's core.worktree points elsewhere")
    own = [text_of(path, _MOST_BYTES, "surrogateescape") for path in _user_files(home, environ)]
    # The system's files are its administrator's, who has git-lfs there at most.
    filters = {"lfs", *(name for text in [*texts, *own] for name in _filters(text))}
    if len(filters) > MOST_FILTERS:
        raise AskanceError(f"git state left out: this repository's configuration names {len(filters)} filters")
    remotes = [match[1] for text in texts for match in _REMOTE.finditer(text)]
    return Configuration(
        frozenset(filters), tuple(url.strip().strip('"') for part in remotes for url in _URL.findall(part))
    )


def repository_files(root: Path) -> list[Path]:
    """Where the repository's own configuration is."""
    folder = git_folder(root)
    return [common_folder(folder) / "config", folder / "config.worktree"]


def _user_files(home: str, environ: Mapping[str, str]) -> list[Path]:
    folder = environ.get("XDG_CONFIG_HOME") or (f"{home}/.config" if home else "")
    return [*([Path(home) / ".gitconfig"] if home else []), *([Path(folder) / "git" / "config"] if folder else [])]


def _texts(files: list[Path], home: str) -> list[str]:
    """The texts of the files and of all they include, whatever the condition."""
    texts, seen = [], list(files)
    for file in seen:
        text = _text(file)
        texts.append(text)
        seen += [path for path in _included(text, file, home) if path not in seen]
        if len(seen) > _MOST_FILES:
            raise AskanceError("git state left out: this repository's configuration includes too many files")
    return texts


def _text(file: Path) -> str:
    data = read_regular(file, _MOST_BYTES)
    if data is None and os.path.lexists(file):
        raise AskanceError(
            f"git state left out: .git/{file.name} is not a regular file, cannot be read, or is too long"
        )
    text = (data or b"").decode("utf-8", "surrogateescape")
    if "\0" in text:
        raise AskanceError("git state left out: this repository's configuration is no text")
    return text


def _included(text: str, file: Path, home: str) -> Iterator[Path]:
    for found in _PATH.findall(text) if _INCLUDE.search(text) else ():
        value = found.strip(" \t\r")
        name = value.strip('"')
        if not _PLAIN.fullmatch(value) or name.startswith("%(") or (name.startswith("~") and name[:2] != "~/"):
            raise AskanceError("git state left out: this repository's configuration includes files in an unusual way")
        yield Path(home, name[2:]) if name.startswith("~/") else file.parent / name


def _filters(text: str) -> Iterator[str]:
    for match in _FILTER.finditer(text):
        parts = [match[1][1:].lower()] if match[1] else []
        parts += [re.sub(r"\\(.)", r"\1", match[2])] if match[2] is not None else []
        yield ".".join(parts)
