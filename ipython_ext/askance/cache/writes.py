"""Does the cache's writing off the path of an answer.

Enters: work, by the key it writes. Leaves: nothing; one can wait for a key, or for all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial


class Writes:
    """Runs work on another thread, one piece after the other: each reads what it adds to. For one event loop."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._last: dict[str, asyncio.Task[None]] = {}

    def soon(self, key: str, work: Callable[[], None]) -> None:
        """Begin, and return at once."""
        write = asyncio.get_running_loop().create_task(self._do(work))
        self._last[key] = write
        write.add_done_callback(partial(self._forget, key))

    async def settled(self, key: str) -> None:
        """Wait for what writes this key."""
        if key in self._last:
            await asyncio.wait([self._last[key]])

    async def flush(self) -> None:
        """Wait for everything."""
        while self._last:
            await asyncio.wait(list(self._last.values()))

    async def _do(self, work: Callable[[], None]) -> None:
        async with self._turn:  # which is fair: the last of a key ends last
            await asyncio.to_thread(work)

    def _forget(self, key: str, write: asyncio.Task[None]) -> None:
        if self._last.get(key) is write:
            del self._last[key]
        if not write.cancelled():
            write.exception()  # a failed write is told by its tier, or is nobody's
