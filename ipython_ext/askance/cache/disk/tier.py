"""The second tier: a folder on disk, shared by all kernels of one user.

Enters and leaves: what is kept, by key. Whatever happens to the folder is a miss, never an exception: a database that is
damaged is set aside and begun anew; what cannot be helped turns the tier off and is told in `problem`.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ...lock import locked
from ..kept import Kept
from .faults import PATIENCE, TIMEOUT, Fault, fault, line
from .folder import Unfit, check_files, place
from .forks import leave_in_children
from .mounts import mounted
from .quarantine import remove_all, set_aside, sweep

if TYPE_CHECKING:
    from .rows import Rows

SIZE_LIMIT = 256 * 2**20
"""Bytes on disk before the oldest answers go."""

LOCK = "lock"
"""The file in the folder that a kernel locks while it opens, sets aside or removes the database."""

REBUILDS = 3
"""Databases that one kernel sets aside before it gives up: it is not they that are damaged, then."""


class DiskTier:
    """Keeps answers in a folder.

    Attributes:
        problem: one line on why it does not work now, and what to do; "" while it does.
        notice: one line to tell the user once, then to be emptied; "" if there is nothing to tell.
        dropped: writes given up because other kernels were writing all the time.
    """

    name = "disk"

    def __init__(
        self,
        folder: Path,
        *,
        limit: int = SIZE_LIMIT,
        mounts: Callable[[], str] = mounted,
        temporary: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """
        Args:
            folder: made on first use, of its owner alone.
            limit: bytes on disk before the oldest answers go.
            mounts: reads /proc/self/mountinfo, or what takes its place.
            temporary: where to go if `folder` is not on this machine; None for the system's own place.
            clock: seconds since the epoch.
        """
        self.problem = self.notice = ""
        self.dropped = 0
        self._folder, self._limit, self._mounts, self._clock = folder, limit, mounts, clock
        self._temporary = temporary
        self._turn = threading.RLock()
        self._rows: Rows | None = None
        self._inherited: Rows | None = None
        self._is_full = self._is_closed = False
        self._rebuilds = 0
        leave_in_children(self)

    def get(self, key: str) -> Kept | None:
        """What is kept under the key; None if nothing is, or if it takes too long to see."""
        rows = self._rows or self._opened(TIMEOUT)
        text = self._read(rows, key)
        if text is None and rows is not None and not rows.is_current:
            text = self._read(self._anew(rows, TIMEOUT), key)
        return None if text is None else Kept(text)

    def _read(self, rows: Rows | None, key: str) -> str | None:
        if rows is None:
            return None
        try:
            return rows.get(key)
        except Exception as error:  # noqa: BLE001  whatever a damaged file raises
            self._mend(rows, error, TIMEOUT)
            return None

    def set(self, key: str, kept: Kept, ttl: float) -> None:
        """Keep it for `ttl` seconds. May wait for other kernels that write, for some seconds at most."""
        text = kept.text
        rows = self._opened(PATIENCE)
        if rows is not None and not rows.is_current:
            rows = self._anew(rows, PATIENCE)
        if rows is None or self._is_full:
            return
        try:
            rows.set(key, text, None if ttl == float("inf") else ttl)
        except Exception as error:  # noqa: BLE001
            self.dropped += self._mend(rows, error, PATIENCE) == "busy"

    def delete(self, key: str) -> None:
        """Forget one key, unless others are writing just now."""
        rows = self._rows or self._opened(TIMEOUT)
        if rows is None:
            return
        try:
            rows.delete(key)
        except Exception as error:  # noqa: BLE001
            self._mend(rows, error, TIMEOUT)

    def clear(self) -> None:
        """Forget all, what was set aside too, and begin anew; a tier that is off as well."""
        with self._turn:
            rows = self._opened(PATIENCE) if not self._is_full else None
            with suppress(Exception):  # on a full disk nothing can be deleted
                if rows is not None:
                    rows.clear()  # for the kernels that have it open
            self._rebuilds = 0
            if not self._is_closed:
                self._open(PATIENCE, is_cleared=True)

    def stats(self) -> dict[str, int]:
        """{"entries", "bytes"} on disk now."""
        rows = self._rows or self._opened(TIMEOUT)
        try:
            return rows.stats() if rows is not None else {"entries": 0, "bytes": 0}
        except Exception:  # noqa: BLE001
            return {"entries": 0, "bytes": 0}

    def close(self) -> None:
        """Close the files."""
        with self._turn:
            self._is_closed = True
            if self._rows is not None:
                self._rows.close(PATIENCE)
                self._rows = None

    def _opened(self, wait: float) -> Rows | None:
        """The database, opened if need be; None if it cannot be, or not now."""
        if self._rows is None and self._may_open:
            with self._mine(wait) as is_mine:
                if is_mine and self._rows is None and self._may_open:
                    self._open(wait)
        return self._rows

    @property
    def _may_open(self) -> bool:
        return not (self.problem or self._is_closed)

    @contextmanager
    def _mine(self, wait: float) -> Iterator[bool]:
        """The right to open and close, if it is to be had within `wait` seconds."""
        is_mine = self._turn.acquire(timeout=wait)
        try:
            yield is_mine
        finally:
            if is_mine:
                self._turn.release()

    def _mend(self, rows: Rows, error: Exception, wait: float) -> Fault:
        """After a fault: nothing if others were writing, off if the disk is full, else a new database."""
        kind = fault(error, rows.folder)
        if kind == "full":
            self._off(error)
        elif kind == "damaged":
            self._anew(rows, wait)
        return kind

    def _anew(self, rows: Rows, wait: float) -> Rows | None:
        """Open again, in place of `rows`: what another kernel has begun, or a new database."""
        with self._mine(wait) as is_mine:
            if is_mine and self._rows is rows:
                self._open(wait)
        return self._rows

    def _open(self, wait: float, *, is_cleared: bool = False) -> None:
        try:
            folder = place(self._folder, self._mounts(), self._temporary or Path(tempfile.gettempdir()))
            with locked(folder / LOCK, wait):
                self._begin(folder, wait, is_cleared=is_cleared)
            self.problem, self._is_full = "", False
        except Exception as error:  # noqa: BLE001
            self._off(error)

    def _begin(self, folder: Path, wait: float, *, is_cleared: bool) -> None:
        """Open what is there; set aside what is damaged, unless another kernel has done so. The folder is locked."""
        from .rows import Rows

        if self._rows is not None:
            is_damaged = self._rows.is_current
            self._rows.close(wait)
            self._rows = None
            if is_damaged and not is_cleared:
                self._set_aside(folder)
        if is_cleared:
            remove_all(folder)
        sweep(folder)
        check_files(folder)
        try:
            self._rows = Rows(folder, self._limit, wait)
        except Exception as error:
            if isinstance(error, OSError) or fault(error, folder) != "damaged":
                raise
            self._set_aside(folder)
            self._rows = Rows(folder, self._limit, wait)

    def _set_aside(self, folder: Path) -> None:
        if self._rebuilds == REBUILDS:
            raise Unfit(f"{folder} was damaged {REBUILDS + 1} times. Type: %askcache clear")
        set_aside(folder, int(self._clock()))
        self._rebuilds += 1
        self.notice = "The disk cache was damaged: it is set aside, and begun anew."

    def _off(self, error: Exception) -> None:
        kind = fault(error, self._folder)
        if kind == "busy":
            return
        if kind == "full":
            self._is_full = True
            self.problem = "disk cache off: disk full. Free some space, then type: %askcache clear"
        else:
            self.problem = f"disk cache off: {line(error)}"

    def leave(self) -> None:
        """In a forked child: the files are the parent's. Not even a connection of its own would do.

        SQLite knows its locks by process memory (sqlite.org/howtocorrupt.html, 2.6): a child that opens the same file
        takes the parent's locks for its own, and takes none. So a child that inherits an open tier has none.
        """
        self._turn = threading.RLock()
        if self._rows is not None:
            self._inherited, self._rows, self._is_closed = self._rows, None, True
