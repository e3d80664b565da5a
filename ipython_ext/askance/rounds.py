"""The rounds of one ask: the model calls for tools, is told what they gave, and goes on until it answers.

Enters: the first request, and what came of it. Leaves: the last request; its ledger holds what the tools gave.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Protocol

from . import prompt
from .beginning import beginning
from .gate import Gate
from .prepared import Prepared
from .reception import Reception
from .records import Ask, Event, Item, LedgerReady, Message, ToolEvent, ToolResult, ToolUse
from .tokens import MARKS, estimate
from .tools.box import SOURCE, name_of
from .tools.limits import ToolLimits
from .tools.outcome import Outcome

LEAST_TOKENS = 64
"""Less room than this for a result is none."""

CUT = "\n… cut here: {shown:,} of {all:,} characters; ask for a smaller part"
MOST_CHARACTERS = 400_000
"""A longer result is cut before anything else is done with it."""

SHOWN = 4000
"""Characters of a result that people are shown."""

Emit = Callable[[Event], None]
Send = Callable[[Prepared], Awaitable[None]]


class Calls(Protocol):
    """Makes the calls of one ask; `tools.runner.Runner`."""

    used_up: str

    async def results(self) -> Sequence[Outcome]:
        """What came of the calls of this round, in their order, once all have ended."""
        ...


class Rounds:
    """Tells the model what its calls gave, round after round.

    Args:
        ask: the question.
        gate: what results pass on their way out.
        limits: how much the model may call for.
        calls: makes the calls; began with them while the model still spoke.
        emit: is told what happens.

    Attributes:
        notice: one line for the user about a limit that was hit; "" if there is nothing to say.
        uses: the calls so far, as people see them.
    """

    def __init__(self, ask: Ask, gate: Gate, limits: ToolLimits, calls: Calls, emit: Emit) -> None:
        self._ask = ask
        self._gate = gate
        self._limits = limits
        self._calls = calls
        self._emit = emit
        self._round = 0
        self.notice = ""
        self.uses: tuple[ToolUse, ...] = ()

    async def played(self, first: Prepared, reception: Reception, send: Send) -> Prepared:
        """Go on until the model calls for nothing more.

        Args:
            first: the request that was sent.
            reception: what came of it.
            send: sends a request, and receives its answer.
        """
        prepared = first
        while reception.calls and reception.end is not None:
            reception.wait_for_more()
            if not prepared.request.prompt.may_call:
                self.notice = f"{self.notice} The model called for more all the same.".strip()
                break
            try:
                outcomes = await self._calls.results()
            except asyncio.CancelledError:
                reception.ended, reception.notice = "stopped", "Stopped."
                break
            prepared = self._told(prepared, reception, outcomes)
            self._emit(LedgerReady(prepared.ledger))
            reception.next_round(self._ask)
            await send(prepared)
        return prepared

    def _told(self, before: Prepared, reception: Reception, outcomes: Sequence[Outcome]) -> Prepared:
        """The next request: what was sent, what the model said to that, and what its calls gave."""
        self._round += 1
        request, ledger = before.request, before.ledger
        said = Message(role="assistant", content=reception.said, calls=tuple(reception.calls))
        room = self._room(before, said)
        items, results = [], []
        for place, outcome in enumerate(outcomes):
            item, shown = self.item(outcome, room // (len(outcomes) - place))
            room -= item.tokens
            items.append(item)
            results.append(ToolResult(id=outcome.call.id, text=item.text, failed=outcome.failed))
            use = replace(outcome.use, text=shown)
            self.uses += (use,)
            self._emit(ToolEvent(use))
        told = Message(role="user", content="", results=tuple(results))
        whole = replace(request.prompt, messages=(*request.prompt.messages, said, told), may_call=self._may_go_on(room))
        opened = self._gate.open(whole, self._ask.privacy.highest)
        redactions = dict.fromkeys((*request.redactions, *opened.redactions))
        lines = {item.id: item for item in (*items, *ledger.items)} | {item.id: item for item in items}
        filled = replace(ledger, items=tuple(lines.values()), tokens=prompt.size(opened.prompt))
        return replace(before, ledger=filled, request=replace(opened, redactions=tuple(redactions)))

    def _room(self, before: Prepared, said: Message) -> int:
        """Tokens that results may take."""
        left = self._ask.budget - before.ledger.tokens - prompt.weight(said) - 2 * MARKS
        earlier = sum(item.tokens for item in before.ledger.items if item.source == SOURCE)
        return left if self._limits.tokens is None else min(left, self._limits.tokens - earlier)

    def _may_go_on(self, room: int) -> bool:
        """Whether the model may call for more; says why not."""
        if self._calls.used_up:
            self.notice = self._calls.used_up
        elif self._round >= self._limits.rounds:
            self.notice = f"The model called for tools {self._round} times, which is the limit: Askance.tool_rounds."
        elif room < LEAST_TOKENS:
            self.notice = "The results of its tools took all the room there was: -b gives more, or Askance.tool_tokens."
        return not self.notice

    def item(self, outcome: Outcome, room: int) -> tuple[Item, str]:
        """The line of a result in the ledger, with its text as it may leave; and as people may see it."""
        name = name_of(outcome.call, outcome.arguments)
        level = self._level(outcome)
        text, redactions = self._gate.redact(beginning(outcome.text, MOST_CHARACTERS), f"{SOURCE}:{name}", level)
        sent = _fitting(text, max(room - 2 * MARKS, 0))
        named, _ = self._gate.redact(name, "a call")
        item = Item(
            source=SOURCE,
            name=named,
            level="full" if sent == text else "excerpt",
            tokens=estimate(sent) + 2 * MARKS,
            score=1.0,
            parts={"called": 1.0},
            why=f"the model called for it{f' (round {self._round})' if self._round > 1 else ''}",
            fingerprint=outcome.fingerprint,
            status="redacted" if redactions else "sent" if sent == text else "lowered",
            text=sent,
            redactions=tuple(redactions),
            privacy=level,
        )
        return item, self._gate.shown(text[:SHOWN])

    def _level(self, outcome: Outcome) -> int:
        """The lowest level of all that the call read."""
        privacy = self._ask.privacy
        read = [resource.split(":", 1) for resource in outcome.touches.reads if ":" in resource]
        return min((privacy.of(source, name) for source, name in read), default=privacy.highest)


def _fitting(text: str, room: int) -> str:
    """As much of a text as has room, in tokens, with a word on what is left out."""
    if estimate(text) <= room:
        return text
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if estimate(_cut(text, middle)) <= room:
            least = middle
        else:
            most = middle - 1
    return _cut(text, least) if least else "(no room for it)"


def _cut(text: str, length: int) -> str:
    return text[:length] + CUT.format(shown=length, all=len(text))
