"""Makes the calls of one ask: each as soon as all of it has come, beside the others, unless it has to wait for one.

Enters: calls, while the model still speaks. Leaves: outcomes, in the order of the calls. What changes something begins
only when the model has finished its turn: one that breaks off has changed nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from ..records import Ask, Event, ToolCall, ToolUse
from .arguments import one_line, prepare
from .base import Hands
from .box import ToolBox
from .calling import Calling
from .limits import Stopwatch, ToolLimits
from .memo import Memo
from .outcome import Outcome
from .plan import planned
from .terms import Terms, too_long

NAME = 80
"""Characters of a name that people are shown; a model may call for what no tool could be called."""


class Runner:
    """Begins with nothing; ends with nothing that runs, but for what cannot be ended.

    Attributes:
        limits: how much the model may call for.
        used_up: the limit that was hit, as one line for the user; "" while there is none. No more calls are made then.
    """

    def __init__(
        self,
        box: ToolBox,
        ask: Ask,
        hands: Hands | None,
        limits: ToolLimits,
        shown: Callable[[str], str],
        emit: Callable[[Event], None],
        memo: Memo,
        clock: Callable[[], float],
    ) -> None:
        """
        Args:
            box: the tools.
            ask: the question; of the tools, those that it names may be called.
            hands: the front end, None if there is none.
            limits: how much the model may call for.
            shown: a text as people may see it, without secrets.
            emit: is told what becomes of each call.
            memo: what calls gave that only read.
            clock: seconds, monotonic.
        """
        self.limits = limits
        self.used_up = ""
        self._terms = Terms(
            box=box,
            ask=ask,
            hands=hands,
            limits=limits,
            shown=shown,
            emit=emit,
            memo=memo,
            clock=clock,
            spent=Stopwatch(clock),
        )
        self._offered = frozenset(spec.name for spec in ask.tools)
        self._round = 1
        self._calls: list[Calling] = []
        self._turn: list[Calling] = []
        self._complete = asyncio.Event()

    @property
    def uses(self) -> tuple[ToolUse, ...]:
        """All calls so far, as people see them now."""
        return tuple(one.use for one in self._calls)

    @property
    def remarks(self) -> Sequence[str]:
        """What the user should know besides, one line each."""
        return self._terms.remarks

    def begin(self, call: ToolCall) -> None:
        """A call has come."""
        terms = self._terms
        tools = {name: tool for name, tool in terms.box.all().items() if name in self._offered}
        plan = planned(call, tools, terms.ask, terms.shown)
        if not self.used_up and len(self._calls) >= self.limits.calls:
            self.used_up = f"The model called for {self.limits.calls} tools, the most that Askance.tool_calls allows."
        if self.used_up:
            plan = replace(plan, tool=None, state="refused", problem=f"refused: {self.used_up}")
        earlier = sum(one.plan.call.id == call.id for one in self._calls)
        use = ToolUse(
            id=f"{call.id}#{earlier + 1}" if earlier else call.id,
            name=call.name if call.name in tools else terms.shown(call.name[:NAME]),
            arguments=one_line(call.arguments, terms.shown),
            state="waiting",
            round=self._round,
        )
        one = Calling(plan, use, tuple(self._turn), terms, self._complete)
        self._calls.append(one)
        self._turn.append(one)

    async def results(self) -> Sequence[Outcome]:
        """What came of the calls since the last time, in their order, once all have ended."""
        self._complete.set()
        await asyncio.sleep(0)  # a task that is cancelled before its first step has no outcome
        tasks = [one.task for one in self._turn]
        with self._terms.spent.running():
            if await too_long(tasks, self._terms.spent, self.limits.seconds):
                most = f"{self.limits.seconds:g} s"
                self.used_up = (
                    f"The tools together took longer than {most}, the most that Askance.tools_seconds allows."
                )
                self._terms.why_stopped = f"stopped: all tools together took longer than {most}"
                await _cancelled(tasks)
        self._turn, self._complete = [], asyncio.Event()
        if self._round >= self.limits.rounds and not self.used_up:
            times = f"{self._round} {'answer' if self._round == 1 else 'answers'}"
            self.used_up = f"The model called for tools in {times}, the most that Askance.tool_rounds allows."
        self._round += 1
        return [task.result() for task in tasks]

    async def __aenter__(self) -> Self:
        """Make ready what reads the arguments, while the model has not spoken yet."""
        if self._offered:
            schemas = [spec.schema for spec in self._terms.ask.tools]
            asyncio.get_running_loop().run_in_executor(None, prepare, schemas)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cancel what still runs, and wait for it, as long as it can be ended."""
        await _cancelled([one.task for one in self._calls])
        if self._terms.ending:
            await asyncio.wait(self._terms.ending.values())
        for one in self._calls:
            one.stopped()


async def _cancelled(tasks: Sequence[asyncio.Task[Outcome]]) -> None:
    running = [task for task in tasks if not task.done()]
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running)
