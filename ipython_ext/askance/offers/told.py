"""What was told to other programs, for the user to see.

Enters: calls and what they were told. Leaves: the last of them, oldest first. In memory alone.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

MOST = 100
MOST_CHARACTERS = 4_000_000
"""Calls that are remembered, and the characters of what they were told."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One call.

    Attributes:
        number: which it was, the first being 1.
        time: when, in seconds since the epoch.
        call: the tool and its arguments, in one line.
        text: what was told, exactly.
        failed: whether the call failed.
    """

    number: int
    time: float
    call: str
    text: str = field(repr=False)
    failed: bool = False


class TellTale:
    """Remembers calls. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: deque[Told] = deque(maxlen=MOST)
        self._count = 0

    def add(self, time: float, call: str, text: str, *, failed: bool) -> None:
        """Remember a call, and forget the oldest where it gets too much."""
        with self._lock:
            self._count += 1
            self._told.append(Told(number=self._count, time=time, call=call, text=text, failed=failed))
            while len(self._told) > 1 and sum(len(one.text) for one in self._told) > MOST_CHARACTERS:
                self._told.popleft()

    @property
    def count(self) -> int:
        """All calls there were."""
        return self._count

    @property
    def told(self) -> Sequence[Told]:
        """Those that are remembered, oldest first."""
        with self._lock:
            return tuple(self._told)
