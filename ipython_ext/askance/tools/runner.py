"""Makes the calls of one ask: each as soon as all of it has come, beside the others, unless it has to wait for one.

Enters: calls, while the model still speaks. Leaves: outcomes, in the order of the calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from ..records import Ask, Event, ToolCall, ToolEvent, ToolUse
from .base import Hands
from .box import ToolBox, parsed
from .limits import ToolLimits
from .memo import Memo
from .outcome import Outcome


class Runner:
    """Begins with nothing; ends with nothing that runs.

    Attributes:
        limits: how much the model may call for.
        used_up: the limit that was hit, as one line for the user; "" while there is none.
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
            ask: the question.
            hands: the front end, None if there is none.
            limits: how much the model may call for.
            shown: a text as people may see it, without secrets.
            emit: is told what becomes of each call.
            memo: what calls gave that only read.
            clock: seconds, monotonic.
        """
        self.limits = limits
        self.used_up = ""
        self._box = box
        self._ask = ask
        self._hands = hands
        self._shown = shown
        self._emit = emit
        self._memo = memo
        self._clock = clock
        self._begun: list[asyncio.Task[Outcome]] = []

    def begin(self, call: ToolCall) -> None:
        """A call has come."""
        self._begun.append(asyncio.create_task(self._made(call)))

    async def results(self) -> Sequence[Outcome]:
        """What came of the calls since the last time, in their order, once all have ended."""
        begun, self._begun = self._begun, []
        return await asyncio.gather(*begun)

    async def _made(self, call: ToolCall) -> Outcome:
        arguments = (parsed(f"{call.name} {self._shown(call.arguments)}") or ("", {}))[1]
        use = ToolUse(id=call.id, name=call.name, arguments=self._shown(call.arguments), state="running")
        self._emit(ToolEvent(use))
        tool = self._box.all()[call.name]
        text = await tool.run(arguments, self._ask, self._hands)
        print_ = tool.fingerprint(arguments) or ""
        return Outcome(call=call, use=use, arguments=arguments, text=text, fingerprint=print_)

    async def __aenter__(self) -> Self:
        """Nothing to prepare."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cancel what still runs, and wait for it."""
        for task in self._begun:
            task.cancel()
        await asyncio.gather(*self._begun, return_exceptions=True)
