"""Asks every source at once, each on a thread of its own that nobody has to wait for.

Enters: sources and the ask. Leaves: candidates, what each source took, and a note for each that failed or was late.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from .records import Ask, Candidate, Note
from .sources.base import Source

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Gathered:
    """What the sources gave."""

    candidates: list[Candidate] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


class Gatherer:
    """Collects from all sources side by side.

    A source that is late is cancelled. One that goes on nevertheless (a file system that does not answer) is left
    alone: it keeps one thread at most, and is not asked again before that has ended.

    Args:
        sources: whom to ask; their order decides the order of the result.
        deadline: seconds a source may take that has no `deadline` of its own.
        clock: seconds, monotonic.
    """

    def __init__(self, sources: Sequence[Source], deadline: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._sources = sources
        self._deadline = deadline
        self._clock = clock
        self._stuck: dict[str, _Work] = {}

    async def gather(self, ask: Ask) -> Gathered:
        """Everything that the sources offer within their deadlines."""
        found = Gathered()
        for source, share in zip(
            self._sources, await asyncio.gather(*(self._collect(source, ask) for source in self._sources)), strict=True
        ):
            found.candidates += share.candidates
            found.notes += [Note(source=source.name, message=message) for message in share.notes]
            found.seconds[source.name] = share.seconds
        return found

    def is_stuck(self, name: str) -> bool:
        """Whether a source still works for an ask that did not wait for it."""
        return name in self._stuck and self._stuck[name].busy

    async def _collect(self, source: Source, ask: Ask) -> _Share:
        if self.is_stuck(source.name):
            busy = self._clock() - self._stuck[source.name].since
            return _Share(notes=(f"still busy with an earlier question, for {busy:.1f} s now; left out",))
        deadline = getattr(source, "deadline", self._deadline)
        work = _Work(source, ask, self._clock)
        in_time: set[asyncio.Future[_Share]] = set()
        try:
            in_time, _ = await asyncio.wait([asyncio.wrap_future(work.share)], timeout=deadline)
        finally:
            if not in_time:
                self._stuck[source.name] = work
                work.cancel()
        if in_time:
            return in_time.pop().result()
        return _Share(notes=(f"not ready within {deadline:g} s, left out",), seconds=self._clock() - work.since)


@dataclass(frozen=True)
class _Share:
    """What one source gave, and the seconds it took."""

    candidates: Sequence[Candidate] = ()
    notes: Sequence[str] = ()
    seconds: float = 0.0


class _Work:
    """One source at work for one ask."""

    def __init__(self, source: Source, ask: Ask, clock: Callable[[], float]) -> None:
        self.since = clock()
        self.share: Future[_Share] = Future()
        self._clock = clock
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[list[Candidate]] | None = None
        self._thread = threading.Thread(
            target=self._run, args=(source, ask), name=f"askance {source.name}", daemon=True
        )
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether its thread runs, in this process."""
        return self._thread.is_alive()

    def cancel(self) -> None:
        """Ask the source to stop; takes effect at its next `await`."""
        with suppress(RuntimeError):  # it has just ended
            self._loop.call_soon_threadsafe(lambda: self._task and self._task.cancel())

    def _run(self, source: Source, ask: Ask) -> None:
        self.share.set_running_or_notify_cancel()
        started = self._clock()
        candidates: list[Candidate] = []
        try:
            self._loop.set_default_executor(_Here())
            self._task = self._loop.create_task(source.collect(ask))
            candidates = self._loop.run_until_complete(self._task)
            notes = tuple(getattr(source, "notes", ()))
        except BaseException as error:  # noqa: BLE001  a failing source is a note, whatever it raises
            notes = (str(error) or type(error).__name__,)
        finally:
            self._loop.close()
        self.share.set_result(_Share(candidates, notes, self._clock() - started))


class _Here(ThreadPoolExecutor):
    """Does at once what a source wants done in a thread: it has one, and no exit waits for that."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001  it belongs to whoever waits
            done.set_exception(error)
        return done
