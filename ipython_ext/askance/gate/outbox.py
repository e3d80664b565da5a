"""What left: the gate's last look at each HTTP request, and the bytes themselves, for whoever wants to see them.

Enters: requests, with nothing between them and the network. Leaves: a list of `Sent`, in memory alone.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from ..providers.outgoing import Departure
from ..records import Ledger, Redaction
from .gate import Gate

MOST_REQUESTS = 20
MOST_BYTES = 8_000_000
"""What is remembered of the past; the last request always is."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What requests are made for.

    Attributes:
        id: of the ask, "" for what nobody asked: warming up.
        model: the full model name.
        ledger: what goes along with the question.
        redactions: what was replaced in all of it.
    """

    id: str = ""
    model: str = ""
    ledger: Ledger = field(default_factory=Ledger, repr=False)
    redactions: tuple[Redaction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request that left.

    Attributes:
        departure: what it was, byte for byte.
        time: when, in seconds since the epoch.
        asked: what it was for.
    """

    departure: Departure
    time: float
    asked: Asked

    @property
    def body(self) -> bytes:
        """The very bytes."""
        return self.departure.body


_asked: ContextVar[Asked | None] = ContextVar("askance_asked", default=None)


class Outbox:
    """Lets requests leave, and remembers the last of them. Thread-safe; an `Outgoing`.

    Args:
        gate: looks at every body.
        wall_clock: seconds since the epoch.
    """

    def __init__(self, gate: Gate, wall_clock: Callable[[], float] = time.time) -> None:
        self._gate = gate
        self._wall_clock = wall_clock
        self._lock = threading.Lock()
        self._sent: deque[Sent] = deque()
        self.last_id = ""

    def begin(self, ask_id: str) -> None:
        """From now on, that is the last ask, whether anything leaves for it or not."""
        self.last_id = ask_id

    @contextmanager
    def sending(self, asked: Asked) -> Iterator[None]:
        """Whatever leaves from inside of it, and from tasks begun there, leaves for this."""
        before = _asked.set(asked)
        try:
            yield
        finally:
            _asked.reset(before)

    def leave(self, departure: Departure) -> None:
        """See `providers.outgoing.Outgoing.leave`.

        Raises:
            GateError: something secret is in it, or the gate failed.
        """
        self._gate.approve(departure.body, departure.url)
        with self._lock:
            self._sent.append(Sent(departure=departure, time=self._wall_clock(), asked=_asked.get() or Asked()))
            while len(self._sent) > MOST_REQUESTS or (len(self._sent) > 1 and self._bytes > MOST_BYTES):
                self._sent.popleft()

    def stayed(self, departure: Departure) -> None:
        """See `providers.outgoing.Outgoing.stayed`."""
        with self._lock:
            self._sent = deque(sent for sent in self._sent if sent.departure is not departure)

    @property
    def _bytes(self) -> int:
        return sum(len(sent.departure.body) for sent in self._sent)

    @property
    def sent(self) -> Sequence[Sent]:
        """All that is remembered, oldest first."""
        with self._lock:
            return tuple(self._sent)

    @property
    def last(self) -> Sequence[Sent]:
        """What left for the last ask, retries included; nothing if its answer was known already."""
        return tuple(sent for sent in self.sent if sent.asked.id == self.last_id) if self.last_id else ()

    def take(self, other: Outbox) -> None:
        """Go on from where another left off."""
        with self._lock:
            self._sent.extendleft(reversed(other.sent))
            self.last_id = self.last_id or other.last_id

    def redact(self, text: str) -> str:
        """A text as it may lie beside what left."""
        return self._gate.redact(text, "export")[0]

    def __reduce__(self) -> str:
        """
        Raises:
            TypeError: always; what left stays in this process.
        """
        raise TypeError("what left is not for keeping")
