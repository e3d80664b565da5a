"""The text files of a tree: found, and read safely.

Enters: a root. Leaves: entries (path, stamp) and texts. Nothing but regular files under the root is ever opened, and
no link is followed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from .ignore import (
    IGNORE_FILES,
    VIRTUAL_ENVIRONMENT,
    Ignore,
    is_secret,
    is_secret_folder,
    is_skipped,
    is_text_name,
)
from .inside import DEEPEST, folder_inside, open_inside, stat_inside

MAX_BYTES = 1_000_000
"""Larger files are left out."""

MAX_NOTEBOOK_BYTES = 8_000_000
"""Notebooks may be larger: most of them is outputs, which are not read."""

MOST_ENTRIES = 300_000
"""Names that a scan looks at: about two seconds' worth, however large the tree is."""

DECIDING = frozenset((*IGNORE_FILES, VIRTUAL_ENVIRONMENT))
"""Names of files that decide about others."""

_RACY_SECONDS = 0.1

Stamp = tuple[int, int, int]
"""mtime in nanoseconds, size in bytes, inode: equal stamps mean unchanged content."""


@dataclass
class Tree:
    """What a scan found.

    Attributes:
        root: the tree's folder, resolved.
        limit: files that are taken in at most.
        files: path relative to the root -> stamp.
        directories: the directories looked into, "" for the root.
        skipped: directories that were left out.
        too_large: files over the size limit.
        complete: False if the scan stopped at one of its limits.
        ignore: the ignore files that were read.
    """

    root: Path
    limit: int
    files: dict[str, Stamp] = field(default_factory=dict)
    directories: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    too_large: set[str] = field(default_factory=set)
    complete: bool = True
    ignore: Ignore = field(init=False)

    def __post_init__(self) -> None:
        self.ignore = Ignore(self.root)

    def wants(self, directory: str) -> bool:
        """Whether changes in this directory matter."""
        return directory in self.directories or not (
            directory in self.skipped or _is_skipped(self.root, directory, self.ignore)
        )

    def look(self, path: str) -> bool:
        """Take in what became of one path; False if only a new scan can tell."""
        directory, _, name = path.rpartition("/")
        if directory not in self.directories:
            if not self._may_be_new(directory):
                return True
            if not self._enter(directory):
                return False
        if name in DECIDING or path in self.directories:
            return False
        self.files.pop(path, None)
        self.too_large.discard(path)
        state = stat_inside(self.root, path)
        if state is None:
            return True
        if stat.S_ISDIR(state.st_mode):
            return not self.wants(path)
        if len(self.files) < self.limit:
            self.add(path, name, lambda: state)
        return True

    def add(self, path: str, name: str, look: Callable[[], os.stat_result]) -> None:
        """Take in a path that is no directory, if it may be used."""
        if not is_text_name(name) or is_secret(name) or not _is_readable(path):
            return
        try:
            state = look()
        except OSError:
            return
        if not stat.S_ISREG(state.st_mode) or self.ignore.ignores(path):
            return
        if state.st_size > size_limit(path):
            self.too_large.add(path)
        else:
            self.files[path] = stamp(state)

    def _enter(self, directory: str) -> bool:
        """Take in a new directory and those above it, whose files are reported one by one; False if only a scan can."""
        parent = directory.rpartition("/")[0]
        if parent not in self.directories and not (parent and self._enter(parent)):
            return False
        state = stat_inside(self.root, directory) if self.wants(directory) else None
        if state is None or not stat.S_ISDIR(state.st_mode):
            return False
        self.ignore.read(directory)
        self.directories.add(directory)
        return True

    def _may_be_new(self, directory: str) -> bool:
        while directory not in self.directories:
            if not self.wants(directory):
                return False
            directory = directory.rpartition("/")[0]
        return True


def scan(root: Path, limit: int) -> Tree:
    """All text files that may be used, breadth first, at most `limit`; unreadable directories count as empty."""
    tree, pending, room = Tree(root, limit), [""], MOST_ENTRIES
    for directory in pending:
        with _entries(root, directory, room) as entries:
            names = {entry.name for entry in entries}
            if directory and VIRTUAL_ENVIRONMENT in names:
                tree.skipped.add(directory)
                continue
            tree.ignore.read(directory, names)
            tree.directories.add(directory)
            pending += _taken_in(tree, directory, entries)
        room -= len(entries)
        if not tree.complete or room <= 0:
            tree.complete = False
            break
    return tree


def _taken_in(tree: Tree, directory: str, entries: list[os.DirEntry[str]]) -> list[str]:
    """Take in what stands in one directory; the directories in it that are to be looked into."""
    inner = []
    for entry in entries:
        path = f"{directory}/{entry.name}" if directory else entry.name
        if _is_folder(entry):
            skips = _is_tools(entry.name) or tree.ignore.ignores(path, is_directory=True)
            skips = skips or not _is_readable(path) or path.count("/") >= DEEPEST - 1
            tree.skipped.add(path) if skips else inner.append(path)
        elif len(tree.files) >= tree.limit:
            tree.complete = False
            break
        else:
            tree.add(path, entry.name, partial(entry.stat, follow_symlinks=False))
    return inner


def read_bytes(root: Path, path: str) -> tuple[bytes, os.stat_result] | None:
    """The bytes of a regular file under the root, with its stat; None if it is gone, too large, or anything else.

    Args:
        root: the tree, resolved.
        path: relative to the root, with "/".
    """
    opened = open_inside(root, path)
    if opened is None:
        return None
    handle, state = opened
    try:
        return (os.read(handle, state.st_size), state) if state.st_size <= size_limit(path) else None
    except OSError:
        return None
    finally:
        os.close(handle)


def stamp(state: os.stat_result) -> Stamp:
    """What tells two versions of a file apart without reading it."""
    return state.st_mtime_ns, state.st_size, state.st_ino


def is_racy(made: Stamp, now_ns: int) -> bool:
    """Whether a file of this stamp may change once more without its stamp changing: clocks of file systems are coarse."""
    return abs(now_ns - made[0]) < _RACY_SECONDS * 1e9


def size_limit(path: str) -> int:
    """The largest size in bytes a file may have."""
    return MAX_NOTEBOOK_BYTES if path.endswith(".ipynb") else MAX_BYTES


@contextmanager
def _entries(root: Path, directory: str, most: int) -> Iterator[list[os.DirEntry[str]]]:
    """What stands in a directory, by name; its entries can be looked at as long as this lasts."""
    with ExitStack() as opened:
        try:
            handle = opened.enter_context(folder_inside(root, directory))
            found = opened.enter_context(os.scandir(handle))
            listed = sorted(islice(found, most), key=lambda entry: entry.name)
        except OSError:
            listed = []
        yield listed


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_tools(name: str) -> bool:
    """Whether a folder of this name is a tool's or holds secrets."""
    return is_skipped(name) or is_secret_folder(name)


def _is_skipped(root: Path, directory: str, ignore: Ignore) -> bool:
    return (
        _is_tools(directory.rpartition("/")[2])
        or os.path.lexists(root / directory / VIRTUAL_ENVIRONMENT)
        or ignore.ignores(directory, is_directory=True)
    )


def _is_readable(path: str) -> bool:
    """Whether a path can be written down as it is: no line breaks, no marks that turn text around, no broken letters."""
    return path.isprintable()
