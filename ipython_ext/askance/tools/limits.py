"""How much a model may call for while it answers one question.

Enters: what the user set. Leaves: what is left, and a line for the user once something is used up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class ToolLimits:
    """The bounds of one ask.

    Attributes:
        rounds: answers of the model that may call for tools.
        calls: calls in all of them.
        call_seconds: time that one call may run; waiting for others, or for the user, does not count.
        seconds: time that all rounds of calls may take together; waiting for the user does not count.
        tokens: what all results together may take of the request; None for what its budget has left.
    """

    rounds: int = 8
    calls: int = 32
    call_seconds: float = 30.0
    seconds: float = 120.0
    tokens: int | None = None


class Stopwatch:
    """Time that counts. Runs where and while it is told to, and not while anybody paused it.

    Args:
        clock: seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counted = 0.0
        self._since: float | None = None
        self._running = 0
        self._paused = 0

    @property
    def seconds(self) -> float:
        """What it has counted so far."""
        return self._counted + (0.0 if self._since is None else self._clock() - self._since)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Counts meanwhile."""
        self._change(1, 0)
        try:
            yield
        finally:
            self._change(-1, 0)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Does not count meanwhile."""
        self._change(0, 1)
        try:
            yield
        finally:
            self._change(0, -1)

    def _change(self, running: int, paused: int) -> None:
        self._counted = self.seconds
        self._running += running
        self._paused += paused
        self._since = self._clock() if self._running and not self._paused else None
