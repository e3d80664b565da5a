"""One process's way to a server that may hang: a thread, a client that only this thread uses, and whether to try.

Enters: work for a client. Leaves: what it returns, if it does in time; one line on why the server is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from .breaker import Breaker, Busy, Late, Worker
from .faults import is_refusal, told
from .leash import Allowance

C = TypeVar("C")
T = TypeVar("T")

EXCHANGE = 1.0
"""Seconds that any one exchange may take: a write, or what goes on after a lookup has stopped waiting."""

CLOSING = 0.2
"""Seconds that closing waits for what goes on, before it cuts the connection."""


class Link(Generic[C]):
    """Never raises; belongs to one process."""

    def __init__(
        self,
        place: str,
        connect: Callable[[Allowance], C],
        cut: Callable[[C], object],
        size: int,
        clock: Callable[[], float],
        wait: Callable[[Future[Any], float], Any],
    ) -> None:
        """
        Args:
            place: the server's name for people.
            connect: makes the client, on the thread; its connections read within the allowance.
            cut: ends a client's connections, from any thread.
            size: bytes that one exchange may read.
            clock: seconds, monotonic.
            wait: gives a future's result within so many seconds, or raises TimeoutError.
        """
        self._place = place
        self._connect = connect
        self._cut = cut
        self._size = size
        self._client: C | None = None
        self._allowance = Allowance(clock)
        self._worker = Worker("askance redis", EXCHANGE, clock, wait)
        self._server = Breaker(clock)
        self._writes = Breaker(clock)

    @property
    def problem(self) -> str:
        """Why the server is left alone, or only its writes; "" if neither."""
        if self._server.problem:
            return f"redis off: {self._server.problem}"
        return f"redis keeps nothing new: {self._writes.problem}" if self._writes.problem else ""

    def begin(self, work: Callable[[C], object]) -> None:
        """Do it in the background; how it fails is told in `problem`."""
        self._worker.begin(lambda: self._run(work)).add_done_callback(self._judge)

    def _judge(self, begun: Future[object]) -> None:
        error = begun.exception()
        if error is not None:
            self._server.failed(*told(error, self._place))

    def do(self, work: Callable[[C], T], seconds: float, *, writes: bool = False) -> T | None:
        """What `work` returns, None if it does not in time, or fails, or the server is left alone.

        Args:
            work: runs on the thread.
            seconds: to wait at most.
            writes: whether its refusal says nothing of reading: a replica, or a full server, is good for lookups.
        """
        if not self._server.allow() or (writes and not self._writes.allow()):
            return None
        try:
            result = self._worker.call(lambda: self._run(work), seconds)
        except Busy:
            return None
        except Late:
            self._server.failed(f"{self._place} does not answer within {seconds * 1000:.0f} ms")
            return None
        except Exception as error:  # noqa: BLE001  whatever a server or a client can think of
            refused = writes and is_refusal(error)
            (self._writes if refused else self._server).failed(*told(error, self._place))
            return None
        self._server.succeeded()
        if writes:
            self._writes.succeeded()
        return result

    def _run(self, work: Callable[[C], T]) -> T:
        self._allowance.renew(EXCHANGE, self._size)
        if self._client is None:
            self._client = self._connect(self._allowance)
        return work(self._client)

    def close(self) -> None:
        """End the thread; what hangs in a reply ends with the connection, what hangs in a name is left to itself."""
        if not self._worker.close(CLOSING):
            self._end()
            self._worker.close(EXCHANGE)
        self._end()

    def _end(self) -> None:
        if self._client is not None:
            try:
                self._cut(self._client)
            except Exception:  # noqa: BLE001  its thread may be at work on the same connection
                return
