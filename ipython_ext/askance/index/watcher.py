"""Notices changes in a tree: the one door to watchdog.

Enters: a root, and which of its directories matter. Leaves: calls of `on_change(path)` from a thread of its own.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from .watched_tree import ENDED, WatchedTree, reason

_QUIET = logging.NullHandler()


class _Backend(Protocol):
    @property
    def trouble(self) -> str: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def catch_up(self, seconds: float) -> bool: ...
    def is_alive(self) -> bool: ...


class Watcher:
    """Watches until `stop`, or until something keeps it from noticing every change.

    Then it frees what it held, says why in `trouble`, is not `alive`, and calls `on_change("")`: compare the whole
    tree, and `start` again. In a forked child it is dead, and stopping it there leaves the parent's alone.

    Args:
        root: the tree, resolved.
        wanted: whether a directory (relative to the root, with "/") matters; what is below an unwanted one is never
            asked for nor watched. Asked from the watching thread too, and for directories that are new.
        on_change: takes the path of a file that is new, changed or gone, relative to the root; "" means "look at
            everything again". Called from the watching thread; must only take note.
    """

    def __init__(self, root: Path, wanted: Callable[[str], bool], on_change: Callable[[str], None]) -> None:
        self._root = root
        self._wanted = wanted
        self._on_change = on_change
        self._backend: _Backend | None = None
        self._owner = 0
        self._trouble = ""

    @property
    def alive(self) -> bool:
        """Whether this process notices every change of what is wanted."""
        return self._backend is not None and self._owner == os.getpid() and self._backend.is_alive()

    @property
    def trouble(self) -> str:
        """Why changes are not noticed, one sentence; "" while all is well, or while nothing was started."""
        backend = self._backend if self._owner == os.getpid() else None
        return self._trouble or (backend.trouble if backend else "")

    def start(self) -> bool:
        """Begin to watch, in place of what was watched before; False if that cannot be, and `trouble` says why."""
        self.stop()
        self._trouble, self._owner = "", os.getpid()
        try:
            self._backend = self._made()
            self._backend.start()
        except Exception as fault:  # noqa: BLE001  no inotify, no watches left, no watchdog: the caller scans instead
            self.stop()
            self._trouble = reason(fault)
        return self.alive

    def stop(self) -> None:
        """End its threads and close its handles."""
        backend, self._backend = self._backend, None
        # The inotify handle is shared with the parent: stopping it in a child would deafen the parent.
        if backend is not None and self._owner == os.getpid():
            backend.stop()

    def catch_up(self, seconds: float = 0.5) -> bool:
        """Wait until every change made before this call was reported: some 0.1 ms when nothing is going on.

        `on_change` must not wait for the caller meanwhile.

        Args:
            seconds: waiting time at most.

        Returns:
            False if that took longer, or if nothing is noticed: then the tree has to be compared.
        """
        backend = self._backend
        return backend is not None and self.alive and backend.catch_up(seconds) and self.alive

    def _made(self) -> _Backend:
        logging.getLogger("watchdog").addHandler(_QUIET)  # its warnings would be printed into the notebook
        if _has_inotify():
            return WatchedTree(_inotify, self._root, self._wanted, self._report)
        return _Observed(self._root, self._wanted, self._report)

    def _report(self, path: str) -> None:
        # It would end the watching thread.
        with contextlib.suppress(Exception):
            self._on_change(path)


def _has_inotify() -> bool:
    return sys.platform == "linux"


def _inotify(ended: Callable[[], None]) -> Any:
    from watchdog.observers.inotify_c import InotifyFD

    class Handle(InotifyFD):
        def run(self) -> None:
            try:
                super().run()
            except Exception:  # noqa: BLE001  it would be printed into the notebook
                return
            finally:
                ended()

    return Handle()


class _Observed:
    """watchdog's own observer, where there is no inotify: one native watch of the whole tree, filtered on delivery."""

    def __init__(self, root: Path, wanted: Callable[[str], bool], changed: Callable[[str], None]) -> None:
        from watchdog import events
        from watchdog.observers import Observer

        class Handler(events.FileSystemEventHandler):
            def on_any_event(self, event: events.FileSystemEvent) -> None:
                note(event)

        note = self._note
        kinds: list[type[events.FileSystemEvent]] = [
            events.FileCreatedEvent,
            events.FileModifiedEvent,
            events.FileDeletedEvent,
            events.FileMovedEvent,
            events.DirCreatedEvent,
            events.DirDeletedEvent,
            events.DirMovedEvent,
        ]
        self._root = root
        self._wanted = wanted
        self._changed = changed
        self._observer = Observer()
        self._observer.schedule(Handler(), str(root), recursive=True, event_filter=kinds)

    def start(self) -> None:
        self._observer.start()

    def stop(self) -> None:
        threads = [self._observer, *self._observer.emitters]
        self._observer.stop()
        for thread in threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(2.0)

    @property
    def trouble(self) -> str:
        return "" if self.is_alive() else ENDED

    def catch_up(self, seconds: float) -> bool:  # noqa: ARG002  these systems give no order to wait for
        return self.is_alive()

    def is_alive(self) -> bool:
        return bool(self._observer.is_alive()) and all(emitter.is_alive() for emitter in self._observer.emitters)

    def _note(self, event: Any) -> None:
        try:
            for path in filter(None, (event.src_path, event.dest_path)):
                inside = Path(os.fsdecode(path)).relative_to(self._root)
                folders = [*reversed(inside.parents), *([inside] if event.is_directory else [])]
                if all(folder == Path() or self._wanted(folder.as_posix()) for folder in folders):
                    self._changed("" if event.is_directory else inside.as_posix())
        except Exception:  # noqa: BLE001  one exception in a handler ends watchdog's thread for good
            self._changed("")
