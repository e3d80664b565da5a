"""Asks every source at once, each on a thread of its own that nobody has to wait for.

Enters: sources and the ask. Leaves: candidates, what each source took, and a note for each that failed or was late.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from .records import Ask, Candidate, Note
from .sources.base import Source
from .worker import Work


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
        self._stuck: dict[str, tuple[Work[_Share], float]] = {}

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
        return name in self._stuck and self._stuck[name][0].busy

    async def _collect(self, source: Source, ask: Ask) -> _Share:
        if self.is_stuck(source.name):
            busy = self._clock() - self._stuck[source.name][1]
            return _Share(notes=(f"still busy with an earlier question, for {busy:.1f} s now; left out",))
        deadline = getattr(source, "deadline", self._deadline)
        since = self._clock()
        work = Work(partial(_share_of, source, ask, self._clock), source.name)
        in_time: set[asyncio.Future[_Share]] = set()
        try:
            in_time, _ = await asyncio.wait([asyncio.wrap_future(work.result)], timeout=deadline)
        finally:
            if not in_time:
                self._stuck[source.name] = (work, since)
                work.cancel()
        if in_time:
            return in_time.pop().result()
        return _Share(notes=(f"not ready within {deadline:g} s, left out",), seconds=self._clock() - since)


@dataclass(frozen=True)
class _Share:
    """What one source gave, and the seconds it took."""

    candidates: Sequence[Candidate] = ()
    notes: Sequence[str] = ()
    seconds: float = 0.0


async def _share_of(source: Source, ask: Ask, clock: Callable[[], float]) -> _Share:
    started = clock()
    candidates: list[Candidate] = []
    try:
        candidates = await source.collect(ask)
        notes = tuple(getattr(source, "notes", ()))
    except BaseException as error:  # noqa: BLE001  a failing source is a note, whatever it raises
        notes = (str(error) or type(error).__name__,)
    return _Share(candidates, notes, clock() - started)
