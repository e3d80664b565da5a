"""Two guards around a server that may be slow or gone: a wait that ends, and a pause after a failure.

Enters: work that may hang, and how it ended. Leaves: its result, if it comes in time; whether to try at all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from math import ceil
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

FIRST_PAUSE = 5.0
"""Seconds without a try after the first failure; each try that fails doubles them."""

LONGEST_PAUSE = 300.0


class Late(Exception):
    """The work is not done in time, or cannot begin behind other work that hangs."""


class Busy(Exception):
    """Other work took the time, and this was not begun. Nothing hangs."""


class Breaker:
    """Says whether to try. Open after a failure: nothing is tried but once after each pause, until that succeeds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            clock: seconds, monotonic.
        """
        self._clock = clock
        self._lock = threading.Lock()
        self._pause = self._until = 0.0
        self._on_trial = False
        self._what = self._hint = ""

    def allow(self) -> bool:
        """Whether to try now. Who is allowed tells how it went."""
        if not self._pause:
            return True
        with self._lock:
            if self._pause and self._clock() < self._until:
                return False
            self._on_trial = bool(self._pause)
            self._until = self._clock() + self._pause  # one trial: nobody else until it is judged
            return True

    def succeeded(self) -> None:
        """It works: close."""
        if self._pause:
            with self._lock:
                self._pause, self._on_trial = 0.0, False

    def failed(self, what: str, hint: str = "") -> None:
        """It does not: open, or after a trial wait twice as long.

        Args:
            what: what happened, a clause without a full stop.
            hint: what to type next, one sentence; may be empty.
        """
        with self._lock:
            self._what, self._hint = what, hint
            if self._pause and not self._on_trial:
                return  # others that failed at the same time
            self._pause = min(self._pause * 2 or FIRST_PAUSE, LONGEST_PAUSE)
            self._until, self._on_trial = self._clock() + self._pause, False

    @property
    def problem(self) -> str:
        """Why nothing is tried, in one line; "" while it is."""
        with self._lock:
            if not self._pause:
                return ""
            left = ceil(self._until - self._clock())
            again = f"in {left} s" if left > 0 else "with the next question"
            return f"{self._what}; tried again {again}" + (f". {self._hint}" if self._hint else "")


class Worker:
    """One thread for work that may hang. Nobody waits for it longer than they want, and nothing queues behind a hang.

    Belongs to one process: a forked child makes its own.
    """

    def __init__(
        self,
        name: str,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[Future[Any], float], Any] = Future.result,
    ) -> None:
        """
        Args:
            name: of the thread.
            patience: seconds after which work that runs counts as hanging.
            clock: seconds, monotonic.
            wait: gives a future's result within so many seconds, or raises TimeoutError.
        """
        self._name = name
        self._patience = patience
        self._clock = clock
        self._wait = wait
        self._lock = threading.Lock()
        self._jobs: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._began: float | None = None
        self._closed = False

    def begin(self, work: Callable[[], T]) -> Future[T]:
        """Do it on the thread, after what was begun before; returns at once."""
        future: Future[T] = Future()
        try:
            self._start()
        except RuntimeError as error:  # at the interpreter's end, or where threads are counted, there is none to be had
            future.set_exception(error)
        else:
            self._jobs.put((future, work))
        return future

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._closed:
                thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
                thread.start()
                self._thread = thread

    def call(self, work: Callable[[], T], seconds: float) -> T:
        """Do it on the thread and give its result, or raise what it raised.

        Args:
            work: runs to its end even if that is too late, but not at all if it has not begun in time.
            seconds: to wait at most.

        Raises:
            Late, Busy: there is no result in time.
        """
        if self._hangs():
            raise Late
        future = self.begin(work)
        try:
            self._wait(future, seconds)
        except TimeoutError:
            if future.cancel():
                raise (Late if self._hangs() else Busy) from None
            if not future.done():
                raise Late from None
        return future.result()

    def _hangs(self) -> bool:
        began = self._began
        return began is not None and self._clock() - began > self._patience

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, work = job
            if future.set_running_or_notify_cancel():
                self._began = self._clock()
                _settle(future, work, self._rest)
            del job, future, work  # held while there is nothing to do, they would hold what they refer to

    def _rest(self) -> None:
        self._began = None

    def close(self, seconds: float) -> bool:
        """End the thread after what it does now.

        Args:
            seconds: to wait for it at most.

        Returns:
            Whether it has ended.
        """
        with self._lock:
            self._closed = True
        self._jobs.put(None)
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()


def _settle(future: Future[T], work: Callable[[], T], then: Callable[[], None]) -> None:
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001  it belongs to whoever waits
        then()
        future.set_exception(error)
    else:
        then()
        future.set_result(result)
