"""What the user is being asked to allow, by buttons of a front end.

Enters: questions of running asks, clicks that a front end tells of. Leaves: for each question whether it was allowed. A
click counts once, and only for what is being asked at that moment.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future


class Permissions:
    """The open questions of one kernel. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[tuple[str, str], Future[bool]] = {}

    async def asked(self, ask: str, call: str) -> bool:
        """Wait for the user, as long as it takes.

        Args:
            ask: id of the ask.
            call: id of the call within it.
        """
        future: Future[bool] = Future()
        with self._lock:
            self._open[ask, call] = future
        try:
            return await asyncio.wrap_future(future)
        finally:
            with self._lock:
                self._open.pop((ask, call), None)

    def answer(self, ask: object, call: object, allowed: object) -> bool:
        """Take what a front end says; whatever is not asked now, or is of the wrong type, does nothing.

        Returns:
            Whether it was being asked.
        """
        if not (isinstance(ask, str) and isinstance(call, str) and isinstance(allowed, bool)):
            return False
        with self._lock:
            future = self._open.pop((ask, call), None)
        if future is None or not future.set_running_or_notify_cancel():
            return False
        future.set_result(allowed)
        return True
