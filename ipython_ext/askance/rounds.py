"""The rounds of one ask: the model calls for tools, is told what they gave, and goes on until it answers.

Enters: the first request, and what came of it. Leaves: the last request; its ledger holds what the tools gave.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from . import prompt
from .differences import call
from .errors import ContextTooLong, ProviderError
from .gate import Gate
from .gate.placeholders import PATTERN
from .prepared import Prepared
from .reception import Reception
from .records import Ask, Emit, Item, LedgerReady, Message, Redaction, TextDelta, ToolResult
from .records.privacy import SAMPLES
from .tokens import MARKS, estimate
from .tools.box import SOURCE, name_of
from .tools.limits import ToolLimits
from .tools.outcome import Outcome

LEAST_TOKENS = 64
"""Less room than this for a result is none."""

CUT = "\n… cut here: {shown:,} of {all:,} characters; ask for a smaller part"
LAST = "\n\n(No more tools can be called: answer with what you know.)"
"""What a model is told with the last results that it gets."""

Send = Callable[[Prepared], Awaitable[None]]


class Calls(Protocol):
    """Makes the calls of one ask; `tools.runner.Runner`."""

    used_up: str

    @property
    def remarks(self) -> Sequence[str]:
        """What the user should know, one line each."""
        ...

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
    """

    def __init__(self, ask: Ask, gate: Gate, limits: ToolLimits, calls: Calls, emit: Emit) -> None:
        self._ask = ask
        self._gate = gate
        self._limits = limits
        self._calls = calls
        self._emit = emit
        self._round = 0
        self._said: list[str] = []

    @property
    def notice(self) -> str:
        """What the user should know about the calls, "" if there is nothing to say."""
        return " ".join(filter(None, (*self._calls.remarks, self._calls.used_up, *self._said)))

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
            if reception.ended == "stopped":  # just as the model had called
                break
            if not prepared.request.prompt.may_call:
                self._said.append("It called for more all the same.")
                break
            try:
                outcomes = await self._calls.results()
            except asyncio.CancelledError:
                reception.ended, reception.notice = "stopped", "Stopped."
                break
            said = Message(role="assistant", content=reception.said, calls=tuple(reception.calls))
            self._round += 1
            if between := reception.next_round(self._ask):
                self._emit(TextDelta(between))
            prepared = await self._went_on(prepared, said, outcomes, reception, send)
        return prepared

    async def _went_on(
        self, before: Prepared, said: Message, outcomes: Sequence[Outcome], reception: Reception, send: Send
    ) -> Prepared:
        """Tell the model; if that is too long for it, half of it, once. What came before stays, whatever happens."""
        told = self._told(before, said, outcomes)
        try:
            self._emit(LedgerReady(told.ledger))
            try:
                await send(told)
            except ContextTooLong:
                self._said.append("The model's window is smaller than the budget: its tools' results were cut to half.")
                taken = told.ledger.tokens - before.ledger.tokens
                told = self._told(before, said, outcomes, taken // 2)
                self._emit(LedgerReady(told.ledger))
                await send(told)
        except ProviderError as error:
            reception.ended, reception.notice = "error", str(error)
        return told

    def _told(self, before: Prepared, said: Message, outcomes: Sequence[Outcome], most: int | None = None) -> Prepared:
        """The next request: what was sent, what the model said to that, and what its calls gave.

        Args:
            before: what was sent.
            said: the model's answer to it.
            outcomes: of its calls.
            most: tokens that the results may take; None for all the room there is.
        """
        request, ledger = before.request, before.ledger
        room = self._room(before, said)
        room = room if most is None else min(room, most)
        items = self._items(outcomes, room)
        room -= sum(item.tokens for item in items)
        may_call = self._may_go_on(room)
        results = [
            ToolResult(id=outcome.call.id, text=item.text, failed=outcome.failed)
            for outcome, item in zip(outcomes, items, strict=True)
        ]
        if not may_call:
            results[-1] = replace(results[-1], text=f"{results[-1].text}{LAST}")
        told = Message(role="user", content="", results=tuple(results))
        whole = replace(request.prompt, messages=(*request.prompt.messages, said, told), may_call=may_call)
        opened = self._gate.open(whole, self._ask.privacy.highest)
        redactions = dict.fromkeys((*request.redactions, *opened.redactions))
        lines = {item.id: item for item in (*items, *ledger.items)} | {item.id: item for item in items}
        filled = replace(ledger, items=tuple(lines.values()), tokens=prompt.size(opened.prompt))
        return replace(before, ledger=filled, request=replace(opened, redactions=tuple(redactions)))

    def _room(self, before: Prepared, said: Message) -> int:
        """Tokens that results may take."""
        left = self._ask.budget - before.ledger.tokens - prompt.weight(said) - 2 * MARKS - estimate(LAST)
        earlier = sum(item.tokens for item in before.ledger.items if item.source == SOURCE)
        return left if self._limits.tokens is None else min(left, self._limits.tokens - earlier)

    def _may_go_on(self, room: int) -> bool:
        """Whether the model may call for more; says why not."""
        if not self._calls.used_up and room < LEAST_TOKENS:
            said = "The results of its tools took all the room there was: -b gives more, or Askance.tool_tokens."
            self._calls.used_up = said
        return not self._calls.used_up

    def _items(self, outcomes: Sequence[Outcome], room: int) -> list[Item]:
        """The lines of results: small ones whole, large ones share what they leave."""
        passed = [self._passed(outcome) for outcome in outcomes]
        items: dict[int, Item] = {}
        for place in sorted(range(len(passed)), key=lambda place: len(passed[place].text)):
            items[place] = _item(passed[place], room // (len(passed) - len(items)), self._round)
            room -= items[place].tokens
        return [items[place] for place in range(len(passed))]

    def item(self, outcome: Outcome, room: int) -> Item:
        """The line of a result in the ledger, with its text as it may leave.

        Args:
            outcome: the result.
            room: in tokens.
        """
        return _item(self._passed(outcome), room, self._round)

    def _passed(self, outcome: Outcome) -> _Passed:
        name = name_of(outcome.call, outcome.arguments)
        level = outcome.touches.level(self._ask.privacy)
        if PATTERN.search(
            outcome.call.arguments
        ):  # what was replaced for the model, and put back for the tool, may come back
            level = min(level, SAMPLES - 1)
        text, redactions = self._gate.redact(outcome.text, f"{SOURCE}:{name}", level)
        return _Passed(outcome, self._gate.redact(name, "a call", level)[0], text, redactions, level)


class _Passed(NamedTuple):
    """A result as it passed the gate."""

    outcome: Outcome
    name: str
    text: str
    redactions: Sequence[Redaction]
    level: int


def _item(passed: _Passed, room: int, round_: int) -> Item:
    missing = max(0, passed.outcome.size - len(passed.outcome.text))
    sent = _fitting(passed.text, max(room - 2 * MARKS, 0), missing)
    return Item(
        source=SOURCE,
        name=passed.name,
        title=call(passed.name),
        level="full" if sent == passed.text else "excerpt",
        tokens=estimate(sent) + 2 * MARKS,
        score=1.0,
        parts={"called": 1.0},
        why=f"the model called for it{f' (round {round_})' if round_ > 1 else ''}",
        fingerprint=passed.outcome.fingerprint,
        status="redacted" if passed.redactions else "sent" if sent == passed.text else "lowered",
        text=sent,
        redactions=tuple(passed.redactions),
        privacy=passed.level,
    )


def _fitting(text: str, room: int, missing: int) -> str:
    """As much of a text as has room, in tokens, with a word on what is left out, `missing` characters at its end included."""
    if estimate(text) <= room and not missing:
        return text
    whole = len(text) + missing
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if estimate(_cut(text, middle, whole)) <= room:
            least = middle
        else:
            most = middle - 1
    return _cut(text, least, whole) if least else "(no room for it)"


def _cut(text: str, length: int, whole: int) -> str:
    return text[:length] + CUT.format(shown=length, all=whole)
