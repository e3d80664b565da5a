"""Writes down what a notebook is given, in a pack beside it, so that it can be run again without a model.

Enters: the answers given in this kernel, as they come. Leaves: a file that also keeps what others wrote into it. Writing is
done off the asks' path, once for a burst; what goes wrong is told in `problem`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from ...errors import AskanceError
from ...lock import FileLock
from ...paths import replace_file
from ..given import Given, Recorded
from .file import written
from .reading import load
from .travel import travelling

SOON = 0.2
"""Seconds that a file waits for more answers before it is written."""

PATIENCE = 2.0
"""Seconds to wait for another kernel that writes the same file."""

VARIANTS = 32
"""Answers to one question that a file keeps, for different states of the world: several notebooks may share the file."""


class Recording:
    """The pack of one kernel's notebook, kept up to date.

    Attributes:
        path: the file.
        problem: why nothing is recorded, in one line; "" while it is.
    """

    def __init__(self, path: Path, given: Given, redactor: Callable[[], Callable[[str], str]], lock: Path) -> None:
        """
        Args:
            path: the file; made with the first answer.
            given: the answers given in this kernel.
            redactor: makes a function that gives a text as it may leave this machine.
            lock: what is locked while the file is written.
        """
        self.path = path
        self.problem = _unwritable(path)
        self._given = given
        self._redactor = redactor
        self._lock = FileLock(lock)
        self._timer_lock = threading.Lock()
        self._writing = threading.Lock()
        self._timer: threading.Timer | None = None
        self._base: Sequence[Recorded] = ()
        self._last: bytes | None = None

    def soon(self) -> None:
        """Write in a moment, with whatever else comes until then."""
        with self._timer_lock:
            if self._timer is None:
                self._timer = threading.Timer(SOON, self._due)
                self._timer.name, self._timer.daemon = "askance recording", True
                with suppress(
                    RuntimeError
                ):  # at the interpreter's end there are no new threads: then closing writes it
                    self._timer.start()

    def close(self) -> None:
        """Write now what still waits to be."""
        with self._timer_lock:
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            self._write()
        with self._writing:
            return  # a write under way is done

    def _due(self) -> None:
        with self._timer_lock:
            self._timer = None
        self._write()

    def _write(self) -> None:
        with self._writing:
            try:
                _taken(self._lock)
                self._merge()
                self.problem = ""
            except OSError as error:
                self.problem = _told(self.path, str(error.strerror or error))
            except (AskanceError, ValueError) as error:
                self.problem = f"answers are not recorded: {error}"
            finally:
                self._lock.release()

    def _merge(self) -> None:
        present = None
        if self.path.exists():
            present, answers = load(self.path)
            if present != self._last:  # what this kernel wrote itself is among what it was given
                self._base = answers
        text = written(merged(self._base, self._given.all()), self._redactor()).encode()
        if text != present:
            replace_file(self.path.resolve(), text)  # of a link, the file it names
        self._last = text


def merged(before: Sequence[Recorded], given: Sequence[Recorded]) -> list[Recorded]:
    """Both: what was there keeps its place, and gives it up to what was given to the same question in the same world.

    An answer that says the same as the one it replaces leaves it as it is, its date included.
    """
    rows = {one.place: one for one in before}
    for one in given:
        old = rows.get(one.place)
        if old is None or not _same(old, one):
            rows[one.place] = one
    kept: dict[str, int] = {}
    for one in sorted(rows.values(), key=lambda one: -one.entry.created):
        kept[one.portable] = kept.get(one.portable, 0) + 1
        if kept[one.portable] > VARIANTS:
            del rows[one.place]
    return list(rows.values())


def _same(old: Recorded, new: Recorded) -> bool:
    one, other = travelling(old.entry), travelling(new.entry)
    return (old.thread, one.model, one.text, one.ended) == (new.thread, other.model, other.text, other.ended)


def _taken(lock: FileLock) -> None:
    """Hold the lock; a folder that takes none keeps nobody from writing."""
    end = time.monotonic() + PATIENCE
    try:
        while not lock.take() and time.monotonic() < end:
            time.sleep(0.02)
    except OSError:
        return


def _unwritable(path: Path) -> str:
    if not path.parent.is_dir():
        return _told(path, "there is no such folder")
    return "" if os.access(path if path.exists() else path.parent, os.W_OK) else _told(path, "not allowed")


def _told(path: Path, why: str) -> str:
    return f"answers are not recorded: {path} cannot be written ({why}). Set another file: %config Askance.recording"
