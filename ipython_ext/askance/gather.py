"""Asks every source at once, under one deadline.

Enters: sources and the ask. Leaves: candidates, what each source took, and a note for each that failed or was late.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .records import Ask, Candidate, Note
from .sources.base import Source


@dataclass
class Gathered:
    """What the sources gave."""

    candidates: list[Candidate] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


async def gather(
    sources: Sequence[Source], ask: Ask, deadline: float, clock: Callable[[], float] = time.monotonic
) -> Gathered:
    """Collect from all sources side by side.

    Args:
        sources: whom to ask; their order decides the order of the result.
        ask: the question.
        deadline: seconds for all of them together.
        clock: seconds, monotonic.
    """
    found = Gathered()
    started = clock()
    tasks = {source.name: asyncio.create_task(_timed(source, ask, clock)) for source in sources}
    try:
        if tasks:
            await asyncio.wait(tasks.values(), timeout=deadline)
    finally:
        for task in tasks.values():
            task.cancel()
    await asyncio.sleep(0)  # lets the late ones take their cancellation
    for name, task in tasks.items():
        found.seconds[name] = clock() - started
        if not task.done() or task.cancelled():
            found.notes.append(Note(source=name, message=f"not ready within {deadline:g} s, left out"))
        elif (error := task.exception()) is not None:
            found.notes.append(Note(source=name, message=str(error) or type(error).__name__))
        else:
            candidates, found.seconds[name] = task.result()
            found.candidates.extend(candidates)
    for source in sources:
        found.notes.extend(Note(source=source.name, message=message) for message in getattr(source, "notes", ()))
    return found


async def _timed(source: Source, ask: Ask, clock: Callable[[], float]) -> tuple[list[Candidate], float]:
    started = clock()
    candidates = await source.collect(ask)
    return candidates, clock() - started
