"""One event loop on one thread of its own, for everything askance waits on.

Magics are synchronous and a kernel's own loop is busy while they run, so asks run here and the caller waits.
Enters: coroutines. Leaves: `Job`s that can be cancelled and still give a result.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

POLL_SECONDS = 0.02 if sys.platform == "win32" else 0.1
"""How often a waiting caller looks up: on Windows an interrupt is noticed only then, elsewhere it ends the waiting."""


class Job(Generic[T]):
    """A coroutine that runs on the loop, once it is begun.

    Made first and begun then, so that whoever begins it can cancel it, wherever an interrupt strikes.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> None:
        self._loop = loop
        self._work = work
        self._done: Future[T] = Future()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Run it; returns at once."""
        self._loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        self._task = self._loop.create_task(self._run())
        self._task.add_done_callback(self._ended)

    async def _run(self) -> None:
        try:
            self._done.set_result(await self._work)
        except asyncio.CancelledError:
            return  # `_ended` says it
        except BaseException as error:  # noqa: BLE001  the caller's thread is where it belongs
            self._done.set_exception(error)

    def _ended(self, _task: object) -> None:
        self._work.close()
        self._done.cancel()  # where it has no result: it was cancelled, perhaps before its first step

    def cancel(self) -> None:
        """Ask the coroutine to stop. It may still finish with a result: an ask gives its partial answer."""
        self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
        else:
            self._ended(None)

    @property
    def done(self) -> bool:
        """Whether `result` would return at once."""
        return self._done.done()

    def when_done(self, act: Callable[[], object]) -> None:
        """Call `act`, on any thread, as soon as `result` would return at once."""
        self._done.add_done_callback(lambda _: act())

    def result(self, timeout: float | None = None) -> T:
        """Wait for the coroutine and return or raise what it did.

        Args:
            timeout: seconds to wait, None for as long as it takes.

        Raises:
            TimeoutError: it is still running.
            concurrent.futures.CancelledError: it was cancelled and had nothing to give.
        """
        waited = 0.0
        while timeout is None or waited < timeout:
            try:
                return self._done.result(POLL_SECONDS if timeout is None else min(POLL_SECONDS, timeout - waited))
            except TimeoutError:
                if self._done.done():
                    raise  # the coroutine's own TimeoutError
                waited += POLL_SECONDS
        raise TimeoutError


class _Helpers(ThreadPoolExecutor):
    """A thread for each piece of blocking work. No exit waits for one that never ends: a file system may not answer."""

    _PATIENCE = 1.0

    def __init__(self) -> None:
        super().__init__()
        self._at_work: set[threading.Thread] = set()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()

        def work() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(fn(*args, **kwargs))
                except BaseException as error:  # noqa: BLE001  it belongs to whoever waits
                    future.set_exception(error)
            self._at_work.discard(threading.current_thread())

        thread = threading.Thread(target=work, name="askance helper", daemon=True)
        self._at_work.add(thread)
        thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        end = time.monotonic() + self._PATIENCE
        for thread in tuple(self._at_work) if wait else ():
            thread.join(max(0.0, end - time.monotonic()))


class LoopThread:
    """Starts its thread on first use; a forked child starts one of its own."""

    def __init__(self, name: str = "askance") -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._owner = 0

    def job(self, work: Coroutine[Any, Any, T]) -> Job[T]:
        """What will run `work` on the loop when it is begun."""
        return Job(self._running(), work)

    def submit(self, work: Coroutine[Any, Any, T]) -> Job[T]:
        """Run `work` on the loop; returns at once."""
        job = self.job(work)
        job.begin()
        return job

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` on the loop and wait; an interrupt of the caller cancels it."""
        job = self.job(work)
        try:
            job.begin()
            return job.result()
        except KeyboardInterrupt:
            job.cancel()
            raise

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._owner != os.getpid():
                self._loop = asyncio.new_event_loop()
                self._loop.set_default_executor(_Helpers())
                self._owner = os.getpid()
                self._thread = threading.Thread(target=self._serve, args=(self._loop,), name=self._name, daemon=True)
                self._thread.start()
            return self._loop

    @staticmethod
    def _serve(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()
        loop.close()

    def close(self, timeout: float = 2.0) -> None:
        """Cancel what runs, end the thread and its helpers. Does nothing in a forked child.

        Args:
            timeout: seconds to wait for the thread.
        """
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None or self._owner != os.getpid():
            return
        asyncio.run_coroutine_threadsafe(self._wind_down(), loop).add_done_callback(
            lambda _: loop.call_soon_threadsafe(loop.stop)
        )
        thread.join(timeout)

    @staticmethod
    async def _wind_down() -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        loop = asyncio.get_running_loop()
        await loop.shutdown_asyncgens()
        await loop.shutdown_default_executor()
