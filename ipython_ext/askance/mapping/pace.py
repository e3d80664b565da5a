"""How fast a job may ask: one answer for all of its requests.

Enters: what servers say of their limits, and faults. Leaves: how many requests may be under way, and how long to wait
before the next.
"""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from time import monotonic, time

FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0
"""Seconds: each wait that nobody asked for is twice the last, and up to half as long again, at random."""

MINUTE = 60.0

LONGEST_ASKED = 900.0
"""Seconds that a server may ask to wait; who asks for more is not waited for."""

PATIENCE = 7
"""Waits one after the other, with not one row in between, before a job gives up: about a minute of them."""

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}

_TOKENS = (
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
    ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
)
_REQUESTS = (
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
)


@dataclass
class Turn:
    """A request on its way: when it went, and its tokens: first as expected, then as the server counted them."""

    time: float
    tokens: float


class Pace:
    """The limits of one job, as they are known now. For one event loop.

    Attributes:
        slots: requests that may be under way at once.
        waits: waits since a row came last.
    """

    def __init__(
        self,
        concurrency: int,
        tokens_per_minute: int | None = None,
        clock: Callable[[], float] = monotonic,
        wall_clock: Callable[[], float] = time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """
        Args:
            concurrency: requests under way at once, at most.
            tokens_per_minute: of requests and answers together, as the user said.
            clock: seconds, monotonic.
            wall_clock: seconds since the epoch: some servers name the time of day.
            chance: a number from 0 to 1.
        """
        self.slots = concurrency
        self.waits = 0
        self._most = concurrency
        self._clock, self._wall_clock, self._chance = clock, wall_clock, chance
        self._a_minute = tokens_per_minute
        self._lately: deque[Turn] = deque()
        self._not_before = self._slowed = -inf
        self._well = 0
        self._left: dict[str, tuple[float, float]] = {}

    def delay(self, tokens: float) -> float:
        """Seconds until a request of that size, its answer included, may go; 0 for now."""
        now = self._clock()
        due = max(self._not_before, now)
        for left, reset in self._left.values():
            if left < tokens and reset > now:
                due = max(due, reset)
        return max(due, self._in_the_minute(tokens, now)) - now

    def _in_the_minute(self, tokens: float, now: float) -> float:
        """When so many more are no more than the user allows in any 60 seconds; at the latest when none are left in them."""
        while self._lately and self._lately[0].time <= now - MINUTE:
            self._lately.popleft()
        if self._a_minute is None:
            return now
        room = self._a_minute - sum(turn.tokens for turn in self._lately)
        for turn in self._lately:
            if room >= tokens:
                break
            room, now = room + turn.tokens, turn.time + MINUTE
        return now

    def went(self, tokens: float) -> Turn:
        """A request of that size goes now."""
        self._left = {name: (left - tokens, reset) for name, (left, reset) in self._left.items()}
        turn = Turn(self._clock(), tokens)
        self._lately.append(turn)
        return turn

    def heard(self, _status: int, headers: Mapping[str, str]) -> None:
        """What a response says of the limits."""
        for remaining, reset in (*_TOKENS, *_REQUESTS):
            left, seconds = _number(headers.get(remaining)), self._until(headers.get(reset))
            if left is not None and seconds is not None:
                self._left[remaining] = (left, self._clock() + seconds)
            if (remaining, reset) in _REQUESTS and left is not None and left >= 1:
                self._left.pop(remaining, None)  # enough for one more, however many tokens it has

    def limited(self, turn: Turn, wait: float | None = None) -> None:
        """The server had too many requests, or could not be reached.

        Args:
            turn: the request's: of those that went before the last wait began, none makes it longer.
            wait: seconds the server asks for, None if it does not say.
        """
        now = self._clock()
        if wait is not None and wait > 0:
            self._not_before = max(self._not_before, now + wait)
        if turn.time < self._slowed:
            return
        self.waits += 1
        self._slowed = now
        self._well = 0
        if wait is None or wait <= 0:
            self.slots = max(1, self.slots // 2)
            pause = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self.waits - 1)) * (1 + self._chance() / 2)
            self._not_before = max(self._not_before, now + pause)

    def well(self, turn: Turn) -> None:
        """A request came back with rows: as many of them as there are slots make one slot more."""
        self.waits = 0
        self._well += turn.time >= self._slowed
        if self._well >= self.slots:
            self.slots, self._well = min(self._most, self.slots + 1), 0

    @property
    def spent(self) -> bool:
        """Whether waiting has not helped."""
        return self.waits > PATIENCE

    def _until(self, said: str | None) -> float | None:
        """Seconds until a time that a header names: "1m2.5s", "12", or a time of day; None if it is none of these."""
        if not said:
            return None
        found = _DURATION.findall(said)
        if found and "".join(number + unit for number, unit in found) == said:
            return min(LONGEST_WAIT, sum(float(number) * _SECONDS[unit] for number, unit in found))
        if (seconds := _number(said)) is not None:
            return min(LONGEST_WAIT, seconds)
        try:
            seconds = datetime.fromisoformat(said).timestamp() - self._wall_clock()
        except (ValueError, OverflowError):
            return None
        return min(LONGEST_WAIT, max(0.0, seconds))


def _number(said: str | None) -> float | None:
    return float(said) if said and said.isascii() and said.replace(".", "", 1).isdigit() else None
