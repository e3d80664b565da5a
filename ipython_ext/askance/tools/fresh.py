"""Fingerprints of results that come from many things at once: a hash of the result itself, made anew after a change.

Enters: what is asked, and the state of all that it may rest on. Leaves: a fingerprint, the same in every kernel.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from ..errors import AskanceError
from ..index.digest import digest

MOST = 64

SLOW = 0.5
"""Seconds from which on a result is too slow to be made at every look."""

PAUSE = 10
"""It is not made again for that many times as long as it took: a git that hangs is not met by each lookup of the cache."""


class Fresh:
    """Remembers a few fingerprints. Thread-safe.

    Args:
        clock: seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paused_until = float("-inf")
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[object, str | None]] = OrderedDict()

    def fingerprint(self, asked: str, state: object, make: Callable[[], str]) -> str | None:
        """A hash of what would be told now; None if nothing would, or if it takes too long to find out.

        Args:
            asked: the call.
            state: differs after every change of what the result rests on; None if nobody can tell.
            make: gives the result; may raise `AskanceError`.
        """
        with self._lock:
            known = self._known.get(asked)
        if known is not None and state is not None and known[0] == state:
            return known[1]
        began = self._clock()
        if began < self._paused_until:
            return None
        try:
            value: str | None = digest(make())
        except AskanceError:
            value = None
        took = self._clock() - began
        with self._lock:
            if took > SLOW:
                self._paused_until = began + (1 + PAUSE) * took
            self._known[asked] = (state, value)
            self._known.move_to_end(asked)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return value
