"""The wanted directories of a tree on one inotify handle. Enters: a root. Leaves: paths that changed.

A directory that is not wanted costs nothing, and neither does what is below it. New directories are watched as they
appear. Linux only.
"""

from __future__ import annotations

import errno
import itertools
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

# inotify(7). Without "opened" and "closed": our own walks and reads would be reported, and on more than some 4,000
# directories these reports fill the queue for ever.
_MODIFY, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE, _MOVE_SELF = 0x2, 0x40, 0x80, 0x100, 0x200, 0x800
_ONLY_DIRECTORY, _NO_LINK = 0x1000000, 0x2000000
_EVENTS = _MODIFY | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE | _ONLY_DIRECTORY | _NO_LINK

OVERFLOW = "more files changed at once than the system can report"
ROOT_GONE = "the project's folder was moved or deleted"
ENDED = "the system stopped reporting changes"


class WatchedTree:
    """Reports changes until `stop`, or until it cannot notice all of them: then it says why and ends.

    Args:
        open_handle: takes what to call when its thread ends; gives watchdog's inotify thread, not started.
        root: the tree, resolved.
        wanted: whether a directory (relative, with "/") is watched; asked from two threads.
        changed: takes the path of a file that is new, changed or gone; "" says "look at everything again".

    Attributes:
        trouble: why nothing is reported any more; "" while all is well.
    """

    def __init__(
        self,
        open_handle: Callable[[Callable[[], None]], Any],
        root: Path,
        wanted: Callable[[str], bool],
        changed: Callable[[str], None],
    ) -> None:
        self._handle = open_handle(lambda: self.lose(ENDED))
        self._root = root
        self._wanted = wanted
        self._changed = changed
        self.trouble = ""
        self._ended = False
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._watched: dict[int, tuple[str, int]] = {}
        self._above: set[int] = set()
        self._mark = -1
        self._marked = -1
        self._caught_up = threading.Event()
        self._turn = threading.Lock()

    def start(self) -> None:
        """Watch all wanted directories.

        Raises:
            OSError: the root cannot be watched, or there are more directories than the system lets one watch.
        """
        self._handle.start()
        with tempfile.TemporaryFile() as file:
            self._mark = os.dup(file.fileno())
        own_file = f"/proc/self/fd/{self._mark}".encode()
        self._marked = self._handle.add_callback(own_file, _MODIFY, self, next(self._numbers))
        self._watch_above()
        self._watch_below("", report=False)

    def catch_up(self, seconds: float) -> bool:
        """Wait until all that happened before this call was reported; False if that takes longer.

        The system keeps events in order, so a change of our own, made now, is reported last.
        """
        with self._turn:
            self._caught_up.clear()
            try:
                with self._lock:  # `stop` may close it: the number could be another file's then
                    os.pwrite(self._mark, b".", 0)
            except OSError:
                return False  # a full disk, or stopped meanwhile
            return not self._ended and self._caught_up.wait(seconds)

    def stop(self) -> None:
        """End the thread and close the handle."""
        self._ended = True
        self._caught_up.set()
        self._handle.stop()
        if self._handle.is_alive() and self._handle is not threading.current_thread():
            self._handle.join(2.0)
        with self._lock:
            if self._mark >= 0:
                os.close(self._mark)
            self._mark = -1

    def is_alive(self) -> bool:
        """Whether changes are being reported."""
        return not self._ended and bool(self._handle.is_alive())

    def on_event(self, event: Any) -> None:
        """Watchdog's thread hands over an event here."""
        try:
            self._take(event)
        except Exception as fault:  # noqa: BLE001  an exception here would end watchdog's thread for good
            self.lose(reason(fault))

    def on_watch_deleted(self, number: int) -> None:
        """A watched directory is gone."""
        with self._lock:
            path, _ = self._watched.pop(number, (None, 0))
        if path == "" or number in self._above:
            self.lose(ROOT_GONE)

    def on_queue_overflow(self) -> None:
        """Events were lost, perhaps those of new directories."""
        self.lose(OVERFLOW)

    def lose(self, why: str) -> None:
        """Give up; does nothing the second time."""
        with self._lock:
            if self._ended:
                return
            self.trouble = why
            self._ended = True
        self._caught_up.set()
        self._handle.stop()
        self._changed("")

    def _take(self, event: Any) -> None:
        if event.wd == self._marked:
            self._caught_up.set()
            return
        if event.wd in self._above:
            if event.is_move_self or event.name == os.fsencode(self._root.name):
                self.lose(ROOT_GONE)
            return
        with self._lock:  # a watch gives events before its number is noted
            directory, _ = self._watched.get(event.wd, (None, 0))
        if directory is None:
            return
        if event.is_move_self:
            self.lose(ROOT_GONE)
            return
        path = _join(directory, os.fsdecode(event.name))
        if not event.is_directory:
            self._changed(path)
        elif self._wanted(path):
            if event.is_moved_from:
                self._forget(path)
                self._changed("")
            elif event.is_create or event.is_moved_to:
                self._watch_below(path, report=True)

    def _watch_above(self) -> None:
        # A folder is not told when one above it moves, nor of its own end while a process stands in it.
        for folder in self._root.parents:
            events = _MOVE_SELF | _DELETE if folder == self._root.parent else _MOVE_SELF
            self._above.add(self._handle.add_callback(os.fsencode(folder), events, self, next(self._numbers)))

    def _watch_below(self, start: str, *, report: bool) -> None:
        """Watch a directory and all wanted ones below it; `report` files that may be older than their watch."""
        pending = [start]
        for directory in pending:
            if self._ended or not self._watch(directory):
                continue
            try:
                entries = os.scandir(self._root / directory)
            except OSError:
                continue
            with entries:
                for entry in entries:
                    path = _join(directory, entry.name)
                    if entry.is_dir(follow_symlinks=False):
                        if self._wanted(path):
                            pending.append(path)
                    elif report:
                        self._changed(path)

    def _watch(self, directory: str) -> bool:
        events = _EVENTS if directory else _EVENTS | _MOVE_SELF
        with self._lock:
            own = next(self._numbers)
            try:
                number = self._handle.add_callback(os.fsencode(self._root / directory), events, self, own)
            except OSError as fault:
                if fault.errno == errno.ENOSPC or not directory:
                    raise
                return False  # gone again, or no directory any more
            before = self._watched.get(number)
            self._watched[number] = directory, own
            if before:  # the same directory was seen twice; registering under one number twice would print a warning
                self._handle.remove_callbacks([(number, before[1])])
        return bool(number >= 0)

    def _forget(self, directory: str) -> None:
        with self._lock:
            gone = {
                number: own
                for number, (path, own) in self._watched.items()
                if path == directory or path.startswith(directory + "/")
            }
            self._handle.remove_callbacks(list(gone.items()))
            for number in gone:
                del self._watched[number]


def reason(fault: Exception) -> str:
    """In words, why watching failed."""
    number = fault.errno if isinstance(fault, OSError) else None
    if number == errno.ENOSPC:
        return "more directories than the system lets one watch (fs.inotify.max_user_watches)"
    if number == errno.EMFILE:
        return "more programs watch files than the system allows (fs.inotify.max_user_instances)"
    return f"changes of files cannot be watched here ({type(fault).__name__})"


def _join(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory and name else directory or name
