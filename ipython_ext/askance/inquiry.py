"""Asks the model: what an ask goes through where no kept answer holds, top to bottom.

    Ask -> with others? -> gather, rank, pack, gate, prompt -> provider -> tools, and again -> kept

Enters: a question and the turns it continues. Leaves: an answer, and what the conversation goes on from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from . import overflow
from .cache.key import Question
from .cache.search import Hit
from .context import ContextEngine
from .gate import Gate
from .merging.group import Group
from .merging.window import Window
from .prepared import Prepared
from .prompt import new_mark
from .providers.registry import Limits
from .recall import Recall
from .reception import Reception
from .records import Answer, Ask, Emit, Item, LedgerReady, Note, ToolCall, nobody
from .rounds import Rounds
from .sending import Sender
from .settings import Settings
from .spending import Spending
from .threads.turn import Turn
from .tools.base import Hands
from .tools.box import SOURCE, ToolBox
from .tools.limits import ToolLimits
from .tools.memo import Memo
from .tools.runner import Runner


@dataclass(frozen=True)
class Made:
    """An answer that a model gave.

    Attributes:
        answer: as the user gets it.
        text: as the conversation goes on with it: with the gate's placeholders.
        asked: the request with the question; None if others were asked with it.
    """

    answer: Answer
    text: str
    asked: Prepared | None = None


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """Asks for one session.

    Attributes:
        settings: what the user set.
        limits: full model name -> its sizes.
        gate: what everything passes on its way out.
        engine: decides what goes along.
        sender: sends it.
        recall: keeps what comes.
        tools: what a model may call.
        spending: notes what it took.
        clock: seconds, monotonic.
        shown: a text as people may see it, without secrets.
        window: small questions in the background wait there for each other.
        memo: what tools gave.
    """

    settings: Settings
    limits: Callable[[str], Limits]
    gate: Gate
    engine: ContextEngine
    sender: Sender
    recall: Recall
    tools: ToolBox
    spending: Spending
    clock: Callable[[], float]
    shown: Callable[[str], str]
    window: Window
    memo: Memo

    async def made(
        self, ask: Ask, turns: Sequence[Turn], question: Question, emit: Emit, started: float, hands: Hands | None
    ) -> Made | Hit:
        """Ask; or give what somebody else was answered meanwhile.

        Args:
            ask: the question.
            turns: what was said before and may go along.
            question: how the cache knows it.
            emit: is told what happens.
            started: when the ask began, by the clock.
            hands: what a front end does for tools.

        Raises:
            AskanceError: nothing arrived; the one line says why.
        """
        prepare = partial(self._prepared, turns=turns, model=self.sender.provider(ask.model)[1])
        if self.window.takes(ask):
            made = await self._together(ask, question, emit, started, prepare)
            if made is not None:
                return made
        prepared = await prepare(ask)
        reception = Reception(self.clock, started, gathered=self.clock() - started)
        emit(LedgerReady(prepared.ledger))
        async with self.recall.alone(ask, question, prepared.ledger) as known:
            if known is not None:
                return known
            send = partial(self.sender.send, ask, reception, emit)
            async with self._runner(ask, hands, emit) as calls:
                reception.on_call = calls.begin
                asked, reception.remark = await overflow.begun(send, prepare, ask, prepared, emit)
                rounds = Rounds(ask, self.gate, calls.limits, calls, emit)
                prepared = await rounds.played(asked, reception, send)
            reception.remark = f"{reception.remark} {rounds.notice}".strip()
            made = self._ended(ask, question, prepared, reception)
        return replace(made, answer=replace(made.answer, tools=calls.uses), asked=asked)

    async def _together(
        self, ask: Ask, question: Question, emit: Emit, started: float, prepare: overflow.Prepare
    ) -> Made | None:
        """In one request with others that came at the same time; None if it is to be asked alone."""
        group = partial(Group, prepare, self.sender.send, self._most_output, new_mark)
        reception = Reception(self.clock, started)
        share = await self.window.share(ask, question.alike(ask), emit, reception, group)
        return None if share is None else self._ended(ask, question, share.prepared, share.reception)

    async def _prepared(self, ask: Ask, turns: Sequence[Turn], model: str) -> Prepared:
        """The request; its ledger says what tools are not there."""
        prepared = await self.engine.prepared(ask, turns, model)
        lines = [self.shown(line) for line in self.tools.notes()] if ask.tools else []
        notes = (*prepared.ledger.notes, *(Note(source=SOURCE, message=line) for line in lines))
        return replace(prepared, ledger=replace(prepared.ledger, notes=notes)) if lines else prepared

    def _ended(self, ask: Ask, question: Question, prepared: Prepared, reception: Reception) -> Made:
        """Keep what came, and make an answer of it."""
        text, _ = self.gate.redact(reception.text, "answer")
        self.recall.keep(ask, question, prepared.ledger, reception, text)
        answer = reception.answer(ask, prepared.ledger, self.gate.restore(reception.text), self.gate.shown(text))
        self.spending.add(ask.model, answer.usage, answer.cost)
        return Made(replace(answer, redactions=prepared.redactions), text)

    def _most_output(self, ask: Ask) -> int:
        """Room for an answer in the model's window, in tokens."""
        return self.limits(ask.model).window - ask.budget

    def _runner(self, ask: Ask, hands: Hands | None, emit: Emit) -> Runner:
        """What makes the calls of one ask; does nothing until there is one."""
        own = self.settings
        limits = ToolLimits(
            own.tool_rounds, own.tool_calls, own.tool_seconds, own.tools_seconds, own.tool_tokens or None
        )
        return Runner(self.tools, ask, hands, limits, self.shown, emit, self.memo, self.clock)

    async def look_up(self, ask: Ask, call: ToolCall, room: int) -> tuple[Item, bool]:
        """Make a call that no model of this session called for.

        Args:
            ask: what may be told, and what never leaves.
            call: of a tool that changes nothing.
            room: for what it gives, in tokens.

        Returns:
            What it gave, as it may leave, and whether it failed.
        """
        async with self._runner(ask, None, nobody) as calls:
            calls.begin(call)
            (outcome,) = await calls.results()
        return Rounds(ask, self.gate, calls.limits, calls, nobody).item(outcome, room), outcome.failed
