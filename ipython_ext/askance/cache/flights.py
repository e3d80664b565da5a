"""One request at a time: who asks what is being asked already, in this kernel or another, waits for that answer.

Enters: names of requests. Leaves: the right to ask. Between kernels a file is locked, so that the right of a kernel
that dies is free.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from weakref import WeakValueDictionary

from ..lock import FileLock

POLL_SECONDS = 0.05

LEFT_SECONDS = 86_400.0
"""Age from which a lock's file may be a dead kernel's."""


class Flight:
    """A request under way; nobody else makes it before it is released."""

    def __init__(self, turn: asyncio.Lock, lock: FileLock | None) -> None:
        self._turn = turn
        self._lock = lock

    async def begin(self) -> None:
        """Wait for the right to ask."""
        await self._turn.acquire()
        try:
            await _taken(self._lock)
        except BaseException:
            self._turn.release()
            raise

    def release(self) -> None:
        """Let the next one look, and ask."""
        if self._lock is not None:
            self._lock.release()
        self._turn.release()


class Flights:
    """Requests under way. For one event loop.

    Args:
        folder: where the locks lie; None to look no further than this kernel.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def alone(self, name: str) -> Flight:
        """Wait for the right to ask, and hold it until it is released.

        Args:
            name: what would be asked: equal for requests with the same answer; letters and digits.
        """
        turn = self._turns.setdefault(name, asyncio.Lock())
        flight = Flight(turn, FileLock(self._folder / f"{name}.lock") if self._folder is not None else None)
        await flight.begin()
        return flight

    def sweep(self, time: float) -> None:
        """Remove what kernels left that died while they asked. Blocking.

        Args:
            time: seconds since the epoch; files are left alone that are younger than a day.
        """
        for path in self._folder.glob("*.lock") if self._folder is not None else ():
            with suppress(OSError):
                lock = FileLock(path)
                if time - path.lstat().st_mtime > LEFT_SECONDS and lock.take():
                    lock.release()


async def _taken(lock: FileLock | None) -> None:
    """Take the file's lock. A folder that takes no locks makes nobody wait."""
    while lock is not None:
        try:
            if lock.take():
                return
        except OSError:
            return
        await asyncio.sleep(POLL_SECONDS)
