"""One piece of work for the thread on which cells run, given to it by a tool on another.

Enters: a function. Leaves: what it gave, for whoever waits on a loop of its own. It may be stopped before it begins and
while it runs: then it is interrupted as a cell is, and the thread goes on with what else there is.
"""

from __future__ import annotations

import asyncio
import ctypes
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from types import FrameType
from typing import Any, Generic, Self, TypeVar

from ..errors import ToolError

T = TypeVar("T")

ARRIVAL_SECONDS = 0.2
"""Time in which a signal arrives that was sent already."""


class Work(Generic[T]):
    """Done once, or not at all."""

    def __init__(self, function: Callable[[], T]) -> None:
        """
        Args:
            function: what is to be done.
        """
        self._function = function
        self._future: Future[T] = Future()
        self._lock = threading.Lock()
        self._thread: int | None = None
        self._stopped = False

    async def done(self) -> T:
        """What the function gave. Whoever stops waiting stops the work.

        Raises:
            ToolError: it was interrupted.
            Exception: whatever the function raised.
        """
        try:
            return await asyncio.wrap_future(self._future)
        except asyncio.CancelledError:
            self.stop()
            raise

    def run(self) -> None:
        """Do it, on this thread.

        Raises:
            KeyboardInterrupt: the user interrupted it. Whoever waits is not told: what it works for has to end.
        """
        if not self._future.set_running_or_notify_cancel():
            return
        try:
            result = self._interruptibly()
        except KeyboardInterrupt:
            if not self._stopped:
                raise
            self.fail("It was stopped")
        except BaseException as error:  # noqa: BLE001  it belongs to whoever waits
            self._future.set_exception(error)
        else:
            self._future.set_result(result)

    def fail(self, words: str) -> None:
        """Tell whoever waits that nothing comes of it."""
        if not self._future.done():
            self._future.set_exception(ToolError(words))

    def stop(self) -> None:
        """End it: before it begins, or where it is. Again does it again. From any thread."""
        self._future.cancel()
        with self._lock:
            if self._thread is not None:
                self._stopped = True
                interrupt(self._thread)

    def _interruptibly(self) -> T:
        with _Interrupts() as interrupts:
            with self._lock:
                self._thread = threading.get_ident()
            try:
                result = interrupts.during(self._function)
            finally:
                with self._lock:
                    self._thread = None
                interrupts.settle(sent=self._stopped)
        if interrupts.came:  # also where the function swallowed it
            raise KeyboardInterrupt
        return result


class _Interrupts:
    """What a signal does while work is done: it ends the work, and nothing else.

    Attributes:
        came: whether one did.
    """

    def __init__(self) -> None:
        self.came = False
        self._active = False
        self._before: Any = None

    def __enter__(self) -> Self:
        if _is_main():
            self._before = signal.signal(signal.SIGINT, self._strike) or signal.SIG_DFL
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def during(self, function: Callable[[], T]) -> T:
        """Run a function that a signal ends."""
        self._active = not self.came
        try:
            if self.came:
                raise KeyboardInterrupt
            return function()
        finally:
            self._active = False

    def settle(self, *, sent: bool) -> None:
        """Wait for a signal that was sent, so that it strikes nothing else."""
        end = time.monotonic() + ARRIVAL_SECONDS
        while sent and self._before is not None and not self.came and time.monotonic() < end:
            time.sleep(0.001)

    def _strike(self, _number: int, _frame: FrameType | None) -> None:
        self.came = True
        if self._active:
            raise KeyboardInterrupt


def interrupt(thread: int) -> None:
    """Interrupt a thread: the main one as the kernel's own interrupt does, another at its next step of Python.

    Args:
        thread: its identifier.
    """
    if thread != threading.main_thread().ident:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt))
    elif hasattr(signal, "pthread_kill"):
        signal.pthread_kill(thread, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()
