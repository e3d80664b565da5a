"""Keeps an index equal to a tree: by what was reported, by what a scan finds, and by builds in another process.

Enters: a root, and the place of the index. Leaves: a `Store` that is up to date. Everything here blocks.
"""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Callable, Collection, Mapping

from .build import fill, outdated, update, update_history
from .builder import Builder
from .document import UNSTABLE
from .files import Tree, scan
from .follower import Follower
from .history import head
from .recent import RecentEdits
from .store import Store
from .watcher import Watcher

SMALL_FILES, SMALL_BYTES = 200, 3_000_000
"""What is read at once by whoever asks; more goes to a process of its own."""

_MOST_EDITS = 50
"""Files changed at once that may be a user's edits; more are a branch switch."""


class Mirror:
    """A store that follows a tree. Not thread-safe: its owner holds a lock around every call but `note` and `changes`.

    Args:
        store: where the index is kept.
        tree: the tree, not scanned yet.
        environ: the environment variables, for git.
        patience: seconds to wait for a build.
        now_ns: the wall clock in nanoseconds.
        watch: asks its owner for a `refresh`, from another thread; None to watch nothing and compare all stamps instead.
    """

    def __init__(
        self,
        store: Store,
        tree: Tree,
        *,
        environ: Mapping[str, str],
        patience: float | None,
        now_ns: Callable[[], int],
        watch: Callable[[], None] | None,
    ) -> None:
        self.store = store
        self.tree = tree
        self.builder: Builder | None = None
        """Starts builds; None where everything is read here."""
        self.edits = RecentEdits()
        self.written = 0
        """Texts written by this process."""
        self._environ = environ
        self._patience = patience
        self._now_ns = now_ns
        self._dirty: set[str] = {""}
        self._numbers = itertools.count(1)
        self._noted = 0
        self._halted = False
        self._filling = False
        self._watch = watch
        self._watcher: Watcher | None = None
        self._follower: Follower | None = None

    @property
    def building(self) -> bool:
        """Whether a build has not ended yet."""
        return self.builder is not None and self.builder.running

    @property
    def filling(self) -> bool:
        """Whether a build of files has not ended yet; one may also be about history alone."""
        return self._filling and self.building

    @property
    def trouble(self) -> str:
        """Why the tree is compared before every ask; "" while its changes are noticed."""
        return "" if self._watcher is None else self._watcher.trouble

    def notes(self) -> tuple[str, ...]:
        """What is missing from the index and why, in words."""
        tree = self.tree
        stored, unreadable = self.store.rows("SELECT count(*), coalesce(sum(problem != ''), 0) FROM files")[0]
        notes = []
        if self.filling:
            notes.append(f"the index is being built: {stored:,} of {len(tree.files):,} files")
        if self.trouble:
            notes.append(f"{self.trouble}: all files are looked at before each ask")
        if not tree.complete:
            notes.append(f"only the first {tree.limit:,} files are searched")
        if tree.too_large:
            notes.append(f"{len(tree.too_large)} files are too large")
        if unreadable:
            notes.append(f"{unreadable} files are no readable text")
        return tuple(notes)

    def note(self, path: str) -> None:
        """Take note of a change, "" for any; from any thread."""
        self._noted = next(self._numbers)
        self._dirty.add(path)
        if self._follower is not None:
            self._follower.note()

    def changes(self) -> int | None:
        """A number that differs after every change in the tree; None while nobody watches it."""
        return self._noted if self._watcher is not None and self._watcher.catch_up() else None

    def refresh(self) -> None:
        """Bring the store up to date, or let a build do it and wait for that as long as patience lasts."""
        if self._halted or (self.filling and not self._waited()):
            return
        dirty = self._reported()
        try:
            if "" in dirty or not all(self.tree.look(path) for path in dirty):
                self._rescan()
            elif dirty:
                self._apply(dirty)
            self._read_history()
        except sqlite3.Error:
            self._dirty |= dirty
            raise

    def renew(self, error: sqlite3.Error) -> None:
        """Go on with another store after one that failed."""
        self.store = self.store.renewed(error)
        self.builder = self.builder if self.store.path else None
        self.note("")

    def halt(self) -> None:
        """End all threads and processes. Needs no lock: a `refresh` that waits for a build returns."""
        self._halted = True
        for part in (self.builder, self._follower, self._watcher):
            if part is not None:
                part.stop()

    def _waited(self) -> bool:
        return self.builder is None or self.builder.wait(self._patience)

    def _reported(self) -> set[str]:
        dirty = set() if self._watcher is not None and self._watcher.catch_up() else {""}
        while self._dirty:
            dirty.add(self._dirty.pop())
        return dirty

    def _rescan(self) -> None:
        if self.store.replaced:
            self.store.close()
            self.store = Store.opened(self.store.path, self.tree.root)
        skipped = self.tree.skipped
        self.tree = scan(self.tree.root, self.tree.limit)
        if self._watcher is not None and skipped & self.tree.directories:
            self._watcher.stop()  # begun anew: what is not ignored any more was not watched
        self._keep_watching()
        stamps = self.store.stamps()
        changed, gone = outdated(self.tree, stamps)
        # What cannot be read is looked at by every scan, and is no reason for a build.
        new = [path for path in changed if stamps.get(path) != UNSTABLE]
        self._filling = self._is_much(new) and self.builder is not None and self.builder.start()
        if self._filling and not self._waited():
            return
        if self._is_much(new):
            self.written += fill(self.store, self.tree, now_ns=self._now_ns, go_on=lambda: not self._halted)
        else:
            self.written += update(self.store, self.tree, [*gone, *changed], now_ns=self._now_ns)

    def _is_much(self, changed: Collection[str]) -> bool:
        return len(changed) > SMALL_FILES or sum(self.tree.files[path][1] for path in changed) > SMALL_BYTES

    def _apply(self, dirty: Collection[str]) -> None:
        watched = sorted(dirty) if len(dirty) <= _MOST_EDITS else []
        before = self.store.bodies(watched)
        self.written += update(self.store, self.tree, sorted(dirty), now_ns=self._now_ns)
        after = self.store.bodies(watched)
        for path in watched:
            if before.get(path) != after.get(path):
                self.edits.edited(path, before.get(path), after.get(path), time.time())

    def _read_history(self) -> None:
        if self.building or head(self.tree.root) == self.store.recall("head"):
            return
        self._filling = False
        if self.builder is None or not self.builder.start():
            update_history(self.store, self.tree.root, self._environ)

    def _wants(self, directory: str) -> bool:
        return self.tree.wants(directory)

    def _keep_watching(self) -> None:
        if self._halted or self._watch is None or (self._watcher is not None and self._watcher.alive):
            return
        if self._watcher is None:
            self._follower = Follower(self._watch)
            self._watcher = Watcher(self.tree.root, self._wants, self.note)
        if self._watcher.start():
            self.note("")  # what changed between the scan and now was seen by nobody
