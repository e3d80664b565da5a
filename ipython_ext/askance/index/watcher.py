"""Notices changes in a tree: the one door to watchdog.

Enters: directories. Leaves: calls of `on_change(path)` from a thread of its own; a "" path says "look at everything".
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

MAX_WATCHES = 24
"""watchdog takes a thread for each watch; a tree that needs more is scanned instead."""


_LIGHT = frozenset(("__pycache__", ".ipynb_checkpoints"))
"""Directories that stand everywhere and hold little: seeing them costs less than a watch around each."""


def cover(directories: Sequence[str], skipped: Sequence[str]) -> list[tuple[str, bool]]:
    """The fewest watches that see all `directories` and, but for light ones, none of `skipped`: (directory, recursive).

    Args:
        directories: all directories to see, parents before children, "" for the root.
        skipped: directories under them that must stay unwatched.
    """
    broken = {parent for path in skipped if path.rpartition("/")[2] not in _LIGHT for parent in _parents(path)}
    covered: set[str] = set()
    watches = []
    for directory in directories:
        if any(parent in covered for parent in _parents(directory)):
            continue
        if directory not in broken:
            covered.add(directory)
        watches.append((directory, directory not in broken))
    return watches


class Watcher:
    """Watches until `stop`. In a forked child it is dead, and stopping it there leaves the parent's alone.

    Args:
        root: the tree, resolved.
        on_change: takes a path relative to the root; must only take note of it.
    """

    def __init__(self, root: Path, on_change: Callable[[str], None]) -> None:
        self._root = root
        self._on_change = on_change
        self._observer: Any = None
        self._owner = 0

    @property
    def alive(self) -> bool:
        """Whether changes are being noticed by this process; False too once any of its threads died."""
        observer = self._observer
        return (
            observer is not None
            and self._owner == os.getpid()
            and bool(observer.is_alive())
            and all(emitter.is_alive() for emitter in observer.emitters)
        )

    def start(self, watches: Sequence[tuple[str, bool]]) -> bool:
        """Begin to watch, in place of what was watched before. False if that many or that kind cannot be watched."""
        self.stop()
        if len(watches) > MAX_WATCHES:
            return False
        try:
            self._observer = self._started(watches)
        except Exception:  # noqa: BLE001  no inotify, no watches left, no watchdog: the caller scans instead
            self.stop()
            return False
        self._owner = os.getpid()
        return True

    def stop(self) -> None:
        """End all of its threads."""
        observer, self._observer = self._observer, None
        # The inotify handle is shared with the parent: stopping it in a child would deafen the parent.
        if observer is None or self._owner not in (0, os.getpid()):
            return
        threads = [observer, *observer.emitters]
        observer.stop()
        for thread in threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(2.0)

    def _started(self, watches: Sequence[tuple[str, bool]]) -> Any:
        from watchdog import events
        from watchdog.observers import Observer

        kinds: list[type[events.FileSystemEvent]] = [
            events.FileCreatedEvent,
            events.FileModifiedEvent,
            events.FileDeletedEvent,
            events.FileMovedEvent,
            events.DirCreatedEvent,
            events.DirDeletedEvent,
            events.DirMovedEvent,
        ]
        observer = Observer()
        handler = _handler(self._note)
        for directory, recursive in watches:
            observer.schedule(handler, str(self._root / directory), recursive=recursive, event_filter=kinds)
        self._observer = observer
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a known race in watchdog would print into the notebook
            observer.start()
        return observer

    def _note(self, event: Any) -> None:
        # One exception in a handler ends watchdog's thread for good.
        try:
            for path in (event.src_path, event.dest_path):
                if path:
                    inside = os.path.relpath(os.fsdecode(path), self._root).replace(os.sep, "/")
                    self._on_change("" if event.is_directory else inside)
        except Exception:  # noqa: BLE001
            self._on_change("")


def _handler(note: Callable[[Any], None]) -> Any:
    from watchdog.events import FileSystemEventHandler

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: Any) -> None:
            note(event)

    return Handler()


def _parents(path: str) -> list[str]:
    parts = path.split("/") if path else []
    return ["/".join(parts[:count]) for count in range(len(parts))]
