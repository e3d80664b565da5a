"""The text files of a tree: found, and read safely.

Enters: a root. Leaves: entries (path, stamp) and texts. Nothing but regular files under the root is ever opened, and
no link is followed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .ignore import SKIPPED_DIRECTORIES, Ignore, is_secret, is_text_name

MAX_BYTES = 1_000_000
"""Larger files are left out."""

MAX_NOTEBOOK_BYTES = 8_000_000
"""Notebooks may be larger: most of them is outputs, which are not read."""

_RACY_SECONDS = 0.1

Stamp = tuple[int, int, int]
"""mtime in nanoseconds, size in bytes, inode: equal stamps mean unchanged content."""


@dataclass
class Tree:
    """What a scan found.

    Attributes:
        files: path relative to the root -> stamp.
        directories: the directories looked into, "" for the root.
        skipped: directories that were left out.
        too_large: files over the size limit.
        complete: False if the scan stopped at its limit.
    """

    files: dict[str, Stamp] = field(default_factory=dict)
    directories: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    too_large: int = 0
    complete: bool = True


def scan(root: Path, limit: int) -> Tree:
    """All text files that may be used, breadth first, at most `limit`; unreadable directories count as empty."""
    tree, ignore, pending = Tree(), Ignore(root), [""]
    for directory in pending:
        ignore.read(directory)
        tree.directories.append(directory)
        for entry in _entries(root / directory):
            path = f"{directory}/{entry.name}" if directory else entry.name
            if entry.is_dir(follow_symlinks=False):
                (tree.skipped if _skips(entry, path, ignore) else pending).append(path)
            elif len(tree.files) >= limit:
                tree.complete = False
                return tree
            else:
                _add(tree, entry, path, ignore)
    return tree


def allows(root: Path, path: str) -> bool:
    """Whether a scan would take in this one file, found out without a scan."""
    *parents, name = path.split("/")
    ignore = Ignore(root)
    for count in range(len(parents) + 1):
        directory = "/".join(parents[:count])
        if directory and (_is_skipped(root / directory) or ignore.ignores(directory, is_directory=True)):
            return False
        ignore.read(directory)
    return is_text_name(name) and not is_secret(name) and not ignore.ignores(path)


def read_bytes(root: Path, path: str) -> tuple[bytes, os.stat_result] | None:
    """The bytes of a regular file under the root, with its stat; None if it is gone, too large, or anything else.

    Args:
        root: the tree, resolved.
        path: relative to the root, with "/".
    """
    full = root / path
    if os.path.realpath(full.parent) != str(full.parent) or ".." in full.parts:
        return None  # a directory on the way became a link
    try:
        # O_NONBLOCK: opening a pipe that took the file's place must not wait for a writer.
        handle = os.open(full, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_size > size_limit(path):
            return None
        try:
            return file.read(size_limit(path)), state
        except OSError:
            return None


def stamp(state: os.stat_result) -> Stamp:
    """What tells two versions of a file apart without reading it."""
    return state.st_mtime_ns, state.st_size, state.st_ino


def is_racy(made: Stamp, now_ns: int) -> bool:
    """Whether a file of this stamp may change once more without its stamp changing: clocks of file systems are coarse."""
    return abs(now_ns - made[0]) < _RACY_SECONDS * 1e9


def size_limit(path: str) -> int:
    """The largest size in bytes a file may have."""
    return MAX_NOTEBOOK_BYTES if path.endswith(".ipynb") else MAX_BYTES


def _entries(directory: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as found:
            yield from sorted(found, key=lambda entry: entry.name)
    except OSError:
        return


def _skips(entry: os.DirEntry[str], path: str, ignore: Ignore) -> bool:
    return _is_skipped(Path(entry.path)) or ignore.ignores(path, is_directory=True)


def _is_skipped(directory: Path) -> bool:
    return directory.name in SKIPPED_DIRECTORIES or os.path.lexists(directory / "pyvenv.cfg")


def _add(tree: Tree, entry: os.DirEntry[str], path: str, ignore: Ignore) -> None:
    if not is_text_name(entry.name) or is_secret(entry.name) or not entry.name.isprintable() or not _is_utf8(path):
        return
    try:
        state = entry.stat(follow_symlinks=False)
    except OSError:
        return
    if not stat.S_ISREG(state.st_mode) or ignore.ignores(path):
        return
    if state.st_size > size_limit(path):
        tree.too_large += 1
        return
    tree.files[path] = stamp(state)


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
