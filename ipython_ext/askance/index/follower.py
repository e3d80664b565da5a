"""Does work soon after it was asked for, once for many requests.

Enters: notes, from any thread. Leaves: calls of `work` on a thread of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

QUIET_SECONDS = 0.01
LONGEST_SECONDS = 0.03
"""A burst is worked off in batches while it lasts, so that little is left to do at its end."""


class Follower:
    """Works when there was silence for a moment, or when it has lasted too long.

    Args:
        work: must not raise.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._asked = threading.Event()
        self._stopped = False
        self._last = 0.0
        self._thread = threading.Thread(target=self._follow, name="askance-index", daemon=True)
        self._thread.start()

    def note(self) -> None:
        """Ask for work."""
        self._last = time.monotonic()
        self._asked.set()

    def stop(self) -> None:
        """End the thread; work that goes on is waited for."""
        self._stopped = True
        self._asked.set()
        if self._thread is not threading.current_thread():
            self._thread.join(5.0)

    def _follow(self) -> None:
        while not self._stopped:
            self._asked.wait()
            longest = time.monotonic() + LONGEST_SECONDS
            while (wait := min(self._last + QUIET_SECONDS, longest) - time.monotonic()) > 0:
                time.sleep(wait)
            self._asked.clear()
            if not self._stopped:
                self._work()
