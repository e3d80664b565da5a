"""What all calls of one ask share. Made by the runner; used by each call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ..records import Ask, Event
from ..worker import Work
from .base import Hands
from .box import ToolBox
from .limits import Stopwatch, ToolLimits
from .memo import Memo
from .worker import Made

SHORTEST_LOOK = 0.01
"""Seconds between two looks at a clock that stands still meanwhile."""


@dataclass(kw_only=True)
class Terms:
    """The ask, and what is known of its calls so far.

    Attributes:
        box, ask, hands, limits, shown, emit, memo, clock: as the runner was given them.
        spent: the time that all calls took together.
        remarks: what the user should know, one line each.
        kernels_turn: held by whoever runs something where cells run.
        ending: the calls that nobody waits for any more, and their end.
        why_stopped: what is told of a call that is cancelled.
    """

    box: ToolBox
    ask: Ask
    hands: Hands | None
    limits: ToolLimits
    shown: Callable[[str], str]
    emit: Callable[[Event], None]
    memo: Memo
    clock: Callable[[], float]
    spent: Stopwatch
    remarks: list[str] = field(default_factory=list)
    kernels_turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    ending: dict[Work[Made], asyncio.Task[bool]] = field(default_factory=dict)
    why_stopped: str = "stopped"

    @property
    def rules(self) -> str:
        """What the same call may tell depends on it."""
        return self.ask.privacy.text + self.ask.rules

    def remark(self, line: str) -> None:
        """Say something to the user, once."""
        if line not in self.remarks:
            self.remarks.append(line)

    def leave(self, name: str, work: Work[Made]) -> None:
        """Nobody waits any more for a call of the tool `name`: have it ended meanwhile."""
        self.box.stuck[name] = work
        self.ending[work] = asyncio.create_task(work.end())

    async def is_stuck(self, name: str) -> bool:
        """Whether a call of a tool is still busy that nobody waits for and that could not be ended."""
        work = self.box.stuck.get(name)
        if work in self.ending:
            await asyncio.wait([self.ending[work]])
        if work is not None and not work.busy:
            self.box.stuck.pop(name, None)
        return work is not None and work.busy


async def too_long(futures: Iterable[asyncio.Future[Any]], watch: Stopwatch, seconds: float) -> bool:
    """Wait for all of these until a watch shows so many seconds. Returns whether that was too long."""
    pending = {future for future in futures if not future.done()}
    while pending:
        left = seconds - watch.seconds
        if left <= 0:
            return True
        _, pending = await asyncio.wait(pending, timeout=max(left, SHORTEST_LOOK))
    return False
