"""The project around a notebook: which folder it is, and an index of its text that keeps itself up to date.

Enters: a root. Leaves: paths, texts, similarities, fingerprints. Everything here blocks: call it in a thread.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from .digest import digest
from .files import Stamp, Tree, allows, is_racy, read_bytes, scan, stamp
from .ignore import IGNORE_FILES, SKIPPED_DIRECTORIES, is_secret, is_text_name
from .search import TextIndex
from .symbols import landmarks
from .text import decode, header, is_data
from .watcher import Watcher, cover

LIMIT = 5000
"""Files that are indexed at most."""


def find_root(start: Path, home: Path) -> Path | None:
    """The project's folder: git's top level, else the nearest folder with a pyproject.toml, else `start` itself.

    Args:
        start: the notebook's folder.
        home: the user's home; it, the file system's root and everything above home are never a project.

    Returns:
        None if even `start` is such a folder.
    """
    start, home = start.resolve(), home.resolve()
    never = {home, *home.parents}
    folders = [folder for folder in (start, *start.parents) if folder not in never]
    for marker in (".git", "pyproject.toml"):
        for folder in folders:
            if (folder / marker).exists():
                return folder
    return start if start in folders else None


class Project:
    """The text files under a root. Safe to use from several threads, and in a forked child.

    Args:
        root: the folder; None for no files at all.
        watch: whether to have changes reported; else every refresh compares all stamps.
        limit: files that are indexed at most.
        now_ns: the wall clock in nanoseconds, to compare with files' times.
    """

    def __init__(
        self, root: Path | None, *, watch: bool = True, limit: int = LIMIT, now_ns: Callable[[], int] = time.time_ns
    ) -> None:
        self.root = None if root is None else root.resolve()
        self._watch = watch
        self._limit = limit
        self._now_ns = now_ns
        self._begin()

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.RLock()
        self._index = TextIndex()
        self._tree = Tree()
        self._known: dict[str, Stamp | None] = {}
        self._unreadable: set[str] = set()
        self._fingerprints: dict[str, tuple[Stamp, str]] = {}
        self._dirty: set[str] = {""}
        self._watcher: Watcher | None = None
        self._watched: list[tuple[str, bool]] = []

    @property
    def notes(self) -> tuple[str, ...]:
        """What is missing from the index and why, in words."""
        notes = []
        if not self._tree.complete:
            notes.append(f"only the first {self._limit:,} files are searched")
        if self._tree.too_large:
            notes.append(f"{self._tree.too_large} files are too large")
        if self._unreadable:
            notes.append(f"{len(self._unreadable)} files are no readable text")
        return tuple(notes)

    def refresh(self) -> None:
        """Bring the index up to date with the disk: what was reported, or everything if nothing reports."""
        if self.root is None:
            return
        if self._owner != os.getpid():
            self._begin()  # a forked child: its parent's lock may be held, and its watcher is not here
        with self._lock:
            dirty = self._reported()
            if "" in dirty or any(path.rpartition("/")[2] in IGNORE_FILES or path not in self._known for path in dirty):
                self._rescan()
            else:
                for path in dirty:
                    self._update(path)

    def paths(self) -> Sequence[str]:
        """The indexed files, sorted by depth and name."""
        with self._lock:
            return [path for path in self._tree.files if path in self._known and path not in self._unreadable]

    def search(self, words: Sequence[str], limit: int) -> dict[str, float]:
        """The best files for any of the words, best first, with a similarity from 0 to 1."""
        with self._lock:
            return self._index.search(words, limit)

    def read(self, path: str) -> str | None:
        """The present text of an indexed file; None if it is gone or is no text any more."""
        if self.root is None or path not in self._known or is_secret(path.rpartition("/")[2]):
            return None
        found = read_bytes(self.root, path)
        return None if found is None else decode(path, found[0])

    def fingerprint(self, path: str) -> str | None:
        """A hash of the present text of a file, None if it is gone or left out. Reads it only if its stamp changed.

        Needs no index: a kernel that just started can tell whether its earlier answers still hold.
        """
        if self.root is None or (path not in self._known and not allows(self.root, path)):
            return None
        try:
            made = stamp(os.lstat(self.root / path))
        except OSError:
            return None
        with self._lock:
            known = self._fingerprints.get(path)
            if known is not None and known[0] == made:
                return known[1]
        found = read_bytes(self.root, path)
        text = None if found is None else decode(path, found[0])
        if text is None:
            return None
        value = digest(text)
        if not is_racy(made, self._now_ns()):
            with self._lock:
                self._fingerprints[path] = (made, value)
        return value

    def close(self) -> None:
        """Stop watching and give the memory back; a later refresh starts anew."""
        if self._owner != os.getpid():
            return
        with self._lock:
            if self._watcher is not None:
                self._watcher.stop()
            self._index.close()
            self._begin()

    def _note(self, path: str) -> None:
        # Runs on the watcher's thread, without the lock: adding to a set is atomic.
        if is_text_name(path) and SKIPPED_DIRECTORIES.isdisjoint(path.split("/")):
            self._dirty.add(path)

    def _reported(self) -> set[str]:
        dirty = set() if self._watcher is not None and self._watcher.alive else {""}
        while self._dirty:
            dirty.add(self._dirty.pop())
        return dirty

    def _rescan(self) -> None:
        assert self.root is not None
        self._tree = scan(self.root, self._limit)
        for path in [path for path in self._known if path not in self._tree.files]:
            self._forget(path)
        for path, made in self._tree.files.items():
            if path not in self._known or self._known[path] != made:
                self._update(path)
        self._keep_watching()

    def _keep_watching(self) -> None:
        watches = cover(self._tree.directories, self._tree.skipped)
        if not self._watch or not self._tree.complete or self.root is None:
            return
        if self._watcher is None or not self._watcher.alive or watches != self._watched:
            self._watcher = self._watcher or Watcher(self.root, self._note)
            self._watched = watches
            if self._watcher.start(watches):
                self._dirty.add("")  # what changed between the scan and now was seen by nobody

    def _update(self, path: str) -> None:
        assert self.root is not None
        found = read_bytes(self.root, path)
        if found is None:
            self._forget(path)
            if os.path.lexists(self.root / path):
                self._unreadable.add(path)
            return
        data, state = found
        made = stamp(state)
        self._known[path] = None if is_racy(made, self._now_ns()) else made
        text = decode(path, data)
        if text is None:
            self._unreadable.add(path)
            self._index.remove(path)
            return
        self._unreadable.discard(path)
        shown = header(path, text) if is_data(path) else text
        self._index.replace(path, shown, landmarks(path, shown))

    def _forget(self, path: str) -> None:
        self._known.pop(path, None)
        self._fingerprints.pop(path, None)
        self._unreadable.discard(path)
        self._index.remove(path)
