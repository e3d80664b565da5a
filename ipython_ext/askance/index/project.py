"""The project around a notebook: an index of its text that keeps itself up to date.

Enters: a root. Leaves: paths, texts, similarities, definitions, neighbours, fingerprints. Everything here blocks: call
it in a thread.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from . import search
from .access import Access
from .builder import Builder
from .database import index_file, is_busy
from .digest import digest
from .files import Stamp, Tree, is_racy, read_bytes, stamp
from .ignore import is_text_name
from .inside import is_spelled_so, stat_inside
from .mirror import Mirror
from .recent import Edit
from .store import Store
from .text import decode
from .views import Views

LIMIT = 20_000
"""Files that are indexed at most."""

T = TypeVar("T")
_abandoned: list[Mirror | None] = []  # a forked child must not even close what it shares with its parent


class Project:
    """The text files under a root. Safe to use from several threads, and in a forked child.

    Args:
        root: the folder; None for no files at all.
        folder: where indexes are kept, shared by all kernels; None to keep this one in memory.
        never: what never leaves, in the syntax of ignore files.
        environ: the environment variables, for git and for the process that builds.
        watch: whether to have changes reported; else every refresh compares all stamps.
        patience: seconds a refresh waits for a build in another process; None to build here, and have all of it.
        limit: files that are indexed at most.
        now_ns: the wall clock in nanoseconds, to compare with files' times.
    """

    def __init__(
        self,
        root: Path | None,
        *,
        folder: Path | None = None,
        never: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
        watch: bool = True,
        patience: float | None = None,
        limit: int = LIMIT,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self.root = None if root is None else root.resolve()
        self.access = Access(self.root, never)
        self._file = None if folder is None or self.root is None else index_file(folder, self.root)
        self._environ = os.environ if environ is None else environ
        self._watch = watch
        self._patience = patience
        self._limit = limit
        self._now_ns = now_ns
        self._begin()

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.RLock()
        self._mirror: Mirror | None = None
        self._fingerprints: dict[str, tuple[Stamp, str]] = {}
        self._views = Views()

    def refresh(self) -> None:
        """Bring the index up to date with the disk: what was reported, or everything if nothing reports."""
        self._ask(lambda mirror: mirror.refresh(), None)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is missing from the index and why, in words."""
        return self._ask(Mirror.notes, ())

    def paths(self) -> Sequence[str]:
        """The indexed files, sorted by depth and name."""
        return list(self._paths())

    def search(self, words: Sequence[str], limit: int) -> dict[str, float]:
        """The best files for any of the words, best first, with a similarity from 0 to 1."""
        return self._ask(lambda mirror: search.search(mirror.store, words, limit), {})

    def search_columns(self, words: Sequence[str], limit: int) -> dict[str, dict[str, float]]:
        """The best files for any of the words with several scores; see `search.search_columns`."""
        return self._ask(lambda mirror: search.search_columns(mirror.store, words, limit), {})

    def defining(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Which files define these names, exactly as written: name -> paths."""
        return self._ask(lambda mirror: search.defining(mirror.store, names), {})

    def holders(self, words: Iterable[str]) -> dict[str, int]:
        """In how many files each of these words stands."""
        return self._ask(lambda mirror: self._views.holders(mirror.store, words), {})

    def callers(self, name: str) -> list[tuple[str, int]]:
        """Where a name is called: (path, line from 1)."""
        return self._ask(lambda mirror: search.callers(mirror.store, name), [])

    def imports(self) -> Mapping[str, tuple[str, ...]]:
        """What each indexed file imports, as it is written: path -> modules."""
        return self._ask(lambda mirror: self._views.imports(mirror.store), {})

    def neighbours(self, paths: Iterable[str], depth: int = 2) -> dict[str, int]:
        """Files within `depth` imports of these, in either direction: path -> distance, nearest first."""
        return self._ask(lambda mirror: self._views.graph(mirror.store).neighbours(paths, depth), {})

    def edges(self, path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The project's files that a file imports, and those that import it."""

        def both(mirror: Mirror) -> tuple[tuple[str, ...], tuple[str, ...]]:
            graph = self._views.graph(mirror.store)
            return graph.imports(path), graph.imported_by(path)

        nothing: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        return self._ask(both, nothing)

    def history(self) -> Mapping[str, tuple[int, int]]:
        """What git says of each file: path -> (commits that changed it, place of the last one from 0 = latest)."""
        return self._ask(lambda mirror: self._views.history(mirror.store), {})

    def subjects(self, head: str) -> list[str]:
        """The first lines of the latest commits, latest first; [] if they are not known as of this commit."""

        def told(mirror: Mirror) -> list[str]:
            return mirror.store.recall("subjects").splitlines() if mirror.store.recall("head") == head else []

        return self._ask(told, [])

    def edits(self) -> tuple[Edit, ...]:
        """What was changed lately, latest first."""
        return self._ask(lambda mirror: mirror.edits.edits(), ())

    def changes(self) -> int | None:
        """A number that differs after every change in the tree, of files that are no text too; None while nobody watches.

        Never waits for a refresh or a build.
        """
        mirror = self._mirror
        return None if mirror is None or self._owner != os.getpid() else mirror.changes()

    def read(self, path: str) -> str | None:
        """The present text of an indexed file; None if it is gone, is no text any more, or was left out since."""
        if self.root is None or path not in self._paths() or not self.access.may_read(path):
            return None
        found = read_bytes(self.root, path)
        return None if found is None else decode(path, found[0])

    def text(self, path: str) -> str | None:
        """The present text of a file, indexed or not; None if it is gone, is no text, or is left out."""
        if self.root is None or not self.allows(path) or not self.access.may_read(path):
            return None
        if path not in self._paths() and not is_spelled_so(self.root, path):
            return None  # where capitals don't count, an ignore file may have another spelling
        found = read_bytes(self.root, path)
        return None if found is None else decode(path, found[0])

    def allows(self, path: str) -> bool:
        """Whether a file is one to be told of, indexed or not."""
        return path.isprintable() and is_text_name(path.rpartition("/")[2]) and self.access.allows(path)

    def fingerprint(self, path: str) -> str | None:
        """A hash of the present text of a file, None if it is gone or left out. Reads it only if its stamp changed.

        Needs no index: a kernel that just started can tell whether its earlier answers still hold.
        """
        if self.root is None or not self.allows(path):
            return None
        state = stat_inside(self.root, path)
        if state is None or (state.st_nlink > 1 and not self.access.may_read(path)):
            return None
        made = stamp(state)
        with self._lock:
            known = self._fingerprints.get(path) or self._ask(lambda mirror: mirror.store.fingerprint(path), None)
            if known is not None and known[0] == made:
                self._fingerprints[path] = known
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
        """Stop watching and building, and give the memory back; a later refresh starts anew."""
        mirror = self._mirror
        if self._owner != os.getpid() or mirror is None:
            return
        mirror.halt()  # without the lock: its threads may be waiting for it
        with self._lock:
            mirror.store.close()
            self._begin()

    def _ask(self, work: Callable[[Mirror], T], otherwise: T) -> T:
        if self.root is None:
            return otherwise
        if self._owner != os.getpid():
            _abandoned.append(self._mirror)
            self._begin()  # a forked child: its parent's lock may be held, and its watcher is not here
        with self._lock:
            for healing in (False, True):
                mirror = self._mirror = self._mirror or self._made(self.root)
                try:
                    if healing:
                        mirror.refresh()
                    return work(mirror)
                except sqlite3.Error as error:
                    if is_busy(error):
                        break
                    mirror.renew(error)
            return otherwise

    def _made(self, root: Path) -> Mirror:
        store = Store.opened(self._file, root)
        mirror = Mirror(
            store,
            Tree(root, self._limit),
            environ=self._environ,
            patience=self._patience,
            now_ns=self._now_ns,
            watch=self.refresh if self._watch else None,
        )
        if store.path is not None and self._patience is not None:
            mirror.builder = Builder(root, store.path, self._limit, self._environ, lambda: mirror.note(""))
        return mirror

    def _paths(self) -> Mapping[str, None]:
        return self._ask(lambda mirror: self._views.paths(mirror.store), {})
