"""One call at work, on a thread of its own; and the way back from there to the hands, which live on the session's loop.

Enters: a tool, its arguments, and how long it may run. Leaves: what it gave, as text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from ..errors import ToolError
from ..records import Ask, ToolUse
from .base import Arguments, Hands, Tool
from .limits import Stopwatch
from .results import Told, told

T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """What is to be done.

    Attributes:
        tool: which is called.
        arguments: they fit its schema.
        ask: the question.
        level: how much may be told of an object.
        known: gives the result that is known for a fingerprint; None for none.
        told_print: is told the fingerprint of what the result rests on, on the call's own thread, before it runs.
    """

    tool: Tool
    arguments: Arguments
    ask: Ask
    level: int
    known: Callable[[str], str | None]
    told_print: Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """What came of it.

    Attributes:
        told: the result; of a failure, the words it is told in.
        fingerprint: changes when the result would; "" if nobody can tell.
        cached: whether the result was known already.
        failed: whether it is a failure that the tool itself told of.
    """

    told: Told
    fingerprint: str = ""
    cached: bool = False
    failed: bool = False


async def made(job: Job, hands: Hands | None) -> Made:
    """Make a call; runs on its thread.

    Args:
        job: what is to be done.
        hands: as they are reached from there.
    """
    before = _fingerprint(job)
    job.told_print(before)
    known = job.known(before) if before else None
    if known is not None:
        return Made(Told(known, len(known)), before, cached=True)
    failed = False
    try:
        result = await told(await _run(job, hands), job.level)
    except ToolError as error:
        result, failed = Told(str(error), len(str(error))), True
    after = _fingerprint(job) if before else ""
    return Made(result, before if before == after else "", failed=failed)


def _fingerprint(job: Job) -> str:
    with suppress(Exception):  # a tool of anybody's: then nobody can tell
        return job.tool.fingerprint(job.arguments) or ""
    return ""


async def _run(job: Job, hands: Hands | None) -> object:
    tool = job.tool
    if not tool.in_kernel or hands is None:
        return await tool.run(job.arguments, job.ask, hands)
    return await hands.call(lambda: _at_once(tool.run(job.arguments, job.ask, hands)))


def _at_once(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives that waits for nothing: where cells run, an event loop runs already."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    work.close()
    raise ToolError("It runs where cells run, and nothing can be awaited there", "Make it a plain function.")


class Reach:
    """Hands, as a call on a thread of its own reaches them. What runs where cells run does so one after the other.

    Args:
        hands: the front end.
        loop: where it lives.
        turn: held by whoever runs something where cells run.
        watch: the call's time; waiting for the user, or for others, does not count.
    """

    def __init__(self, hands: Hands, loop: asyncio.AbstractEventLoop, turn: asyncio.Lock, watch: Stopwatch) -> None:
        self._hands = hands
        self._loop = loop
        self._turn = turn
        self._watch = watch

    async def confirm(self, use: ToolUse) -> bool:
        """See `Hands`."""
        return await self._there(self._asked(use))

    async def call(self, function: Callable[[], T]) -> T:
        """See `Hands`."""
        return await self._there(self._alone(lambda: self._hands.call(function)))

    async def run_code(self, code: str) -> str:
        """See `Hands`."""
        return await self._there(self._alone(lambda: self._hands.run_code(code)))

    async def write_cell(self, source: str) -> str:
        """See `Hands`."""
        return await self._there(self._alone(lambda: self._hands.write_cell(source)))

    async def _there(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _asked(self, use: ToolUse) -> bool:
        with self._watch.paused():
            return await self._hands.confirm(use)

    async def _alone(self, do: Callable[[], Coroutine[Any, Any, T]]) -> T:
        with self._watch.paused():
            await self._turn.acquire()
        try:
            return await do()
        finally:
            self._turn.release()
