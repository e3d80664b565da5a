"""Work on a thread of its own that nobody has to wait for, and that can be ended.

Enters: a coroutine, of anybody's: it may await, block, or never come back. Leaves: a future.
"""

from __future__ import annotations

import asyncio
import ctypes
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

GRACE = 0.05
"""Seconds that something which was cancelled has before its Python code is interrupted."""

TIDYING = 0.2
"""Seconds that it has to tidy up, once it has noticed."""

PATIENCE = 0.5
"""Seconds that ending something may take; whatever goes on then is left alone."""

LEFTOVERS_SECONDS = 0.2
"""Time that tasks which a coroutine left behind have to end."""


class Ended(BaseException):
    """Raised in the middle of Python code that is to end."""


class Work(Generic[T]):
    """One coroutine at work, with an event loop of its own; it sees the context variables of whoever began it.

    What it wants done in a thread is done at once: it has one, and no exit waits for that.

    Attributes:
        result: what it returned or raised.
    """

    def __init__(self, make: Callable[[], Coroutine[Any, Any, T]], name: str) -> None:
        """
        Args:
            make: gives the coroutine; called on its thread.
            name: of the thread, after "askance".
        """
        self.result: Future[T] = Future()
        self.result.set_running_or_notify_cancel()
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(_Here())
        self._task: asyncio.Task[T] | None = None
        self._lock = threading.Lock()
        self._ends = False
        self._interrupted = False
        self._heard = False
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._run, make), name=f"askance {name}", daemon=True
        )
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether its thread runs, in this process."""
        return self._thread.is_alive()

    def cancel(self) -> None:
        """Ask it to stop; takes effect at its next `await`."""
        with suppress(RuntimeError):  # it has just ended
            self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        self._heard = True
        if self._task is not None:
            self._task.cancel()

    async def end(self) -> bool:
        """Cancel it; interrupt its Python code if it does not listen. Returns whether it has ended.

        What neither awaits nor runs Python code, as a read from a file system that does not answer, goes on.
        """
        clock = asyncio.get_running_loop().time
        latest = clock() + PATIENCE
        while self.busy and clock() < latest:
            self._heard = False
            self.cancel()
            asked, pause = clock(), GRACE / 16
            while self.busy and clock() < asked + (TIDYING if self._heard else GRACE):
                await asyncio.sleep(pause)
                pause = min(2 * pause, GRACE / 2)
            if not self._heard:
                self._interrupt()
        if self._interrupted:
            _settle()
        return not self.busy

    def _interrupt(self) -> None:
        with self._lock:
            if not self._ends and self._thread.ident is not None:
                self._interrupted = True
                _raise_in(self._thread.ident, Ended)

    def _run(self, make: Callable[[], Coroutine[Any, Any, T]]) -> None:
        with suppress(Ended):  # it may strike anywhere, until `_no_interrupts`
            self._work(make)
        with suppress(BaseException):  # nobody waits for what was left behind
            self._tidy()
        self._no_interrupts()
        if not self.result.done():
            self.result.set_exception(Ended())
        self._loop.close()

    def _work(self, make: Callable[[], Coroutine[Any, Any, T]]) -> None:
        try:
            self._task = self._loop.create_task(make())
            value = self._loop.run_until_complete(self._task)
        except BaseException as error:  # noqa: BLE001  it belongs to whoever waits, whatever it is
            self.result.set_exception(error)
        else:
            self.result.set_result(value)

    def _tidy(self) -> None:
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        if left:
            self._loop.run_until_complete(asyncio.wait(left, timeout=LEFTOVERS_SECONDS))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())

    def _no_interrupts(self) -> None:
        try:
            with self._lock:
                self._ends = True
            if self._interrupted:
                _settle()
        except Ended:
            self._no_interrupts()


def _raise_in(thread: int, error: type[BaseException]) -> bool:
    """Raise an error at a thread's next line of Python. Returns whether there is such a thread."""
    return bool(ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error)))


def _settle() -> None:
    """Let the interpreter forget that a thread has something to raise; what this one had to raise is gone with it.

    Until a thread raises what it was sent, CPython 3.11 looks for it between all steps of all threads, and whatever is
    profiled or debugged then never gets any further. A thread that is blocked raises nothing: so this one does. The blocked
    one keeps what it was sent.
    """
    with suppress(Ended):
        while _raise_in(threading.get_ident(), Ended):
            pass


class _Here(ThreadPoolExecutor):
    """Does at once what is to be done in a thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Ended:
            raise
        except BaseException as error:  # noqa: BLE001  it belongs to whoever waits
            done.set_exception(error)
        return done
