"""The context engine: decides what goes along with a question, and makes the request of it.

    Ask -> gather -> rank -> pack -> gate -> Ledger -> prompt -> gate -> GatedPrompt

Enters: an ask and the turns it continues. Leaves: a `Ledger`, and a `GatedPrompt` that holds nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from . import collector, prompt
from .errors import UsageError
from .gate import Gate
from .gather import Gatherer
from .mentions import names, unmet
from .pack import Packer
from .prepared import Prepared
from .rank import rank
from .records import Ask, Candidate, GatedPrompt, Item, Ledger, Note
from .sources.base import Source
from .sources.world import Witness, World
from .threads.history import History, anew, continued
from .threads.turn import Told, Turn
from .tokens import estimate

WORDS_SHARE = 0.15
"""Part of the budget that the words of earlier turns may take when a history begins anew."""

NEWS_SHARE = 0.1
"""Part of the budget that has to be free for a history to go on."""

NEWS_PART = 6
"""What is told for the first time in a follow-up takes at most this part of what it continues: so most of its tokens are
those that the provider's prefix cache knows. What the user names, and what has changed, is told all the same."""


class ContextEngine(World):
    """Knows the sources, and nothing of providers, caches or views."""

    def __init__(
        self,
        sources: Sequence[Source],
        gate: Gate,
        deadline: float,
        preset: str,
        new_mark: Callable[[], str],
        beside: Sequence[Witness] = (),
    ) -> None:
        """
        Args:
            sources: where context comes from.
            gate: what everything passes on its way out.
            deadline: seconds a source may take that has no `deadline` of its own.
            preset: the ranker's weights, by name.
            new_mark: gives each request the word that fences its context off from the question; see `prompt.new_mark`.
            beside: who knows what was told beside what sources offer.
        """
        self._gate = gate
        self._gatherer = Gatherer(sources, deadline)
        super().__init__(sources, self._gatherer.is_stuck, beside)
        self._preset = preset
        self._new_mark = new_mark

    async def prepared(self, ask: Ask, turns: Sequence[Turn], model: str) -> Prepared:
        """The request, and how it came about.

        Args:
            ask: the question.
            turns: what was said before and may go along, oldest first.
            model: the model's name as its server knows it.

        Raises:
            UsageError: the question does not fit, even alone.
            GateError: the gate failed; nothing may be sent.
        """
        history = await self.history(ask, turns)
        ledger = await self.ledger(ask, history)
        return Prepared(history, ledger, self.request(ask, ledger, history, model))

    async def history(self, ask: Ask, turns: Sequence[Turn]) -> History:
        """What of the conversation goes along: all that was sent before, or its words alone where that is out of date.

        Args:
            ask: the question.
            turns: those that may go along, oldest first.
        """
        going_on = continued(turns) if ask.context == "auto" else None
        if going_on is not None and going_on.told:
            going_on = await asyncio.to_thread(self._checked, going_on)
        if going_on is not None and self._holds(ask, going_on):
            return going_on
        words = anew(turns, int(ask.budget * WORDS_SHARE))
        return words if self._size(ask, Ledger(), words) <= ask.budget else History()

    def _checked(self, history: History) -> History:
        present = {id_: self.fingerprint(one.source, one.name) for id_, one in history.told.items()}
        return replace(history, present=present)

    def _holds(self, ask: Ask, history: History) -> bool:
        """Whether going on is worth it, and allowed: what was sent before may be muted, ignored or private meanwhile."""
        told = history.told
        most, rules = ask.privacy.highest, ask.rules
        allowed = (
            all(turn.privacy <= most and turn.rules == rules for turn in history.turns[history.bare :])
            and all(one.privacy <= ask.privacy.of(one.source, one.name) for one in told.values())
            and not any(self.leaves_out(one.source, one.name) for one in told.values())
        )
        fits = self._size(ask, Ledger(), history) <= ask.budget * (1 - NEWS_SHARE)
        outdated = sum(told[id_].tokens for id_ in history.changed)
        return fits and allowed and outdated <= sum(one.tokens for one in told.values()) / 2

    async def ledger(self, ask: Ask, history: History) -> Ledger:
        """What goes along with the question, gated, and within the ask's budget.

        Raises:
            UsageError: the question does not fit, even alone.
        """
        bare = Ledger(
            budget=ask.budget,
            tokens=self._size(ask, Ledger(), history),
            turns=len(history.turns),
            history=history.tokens,
        )
        if bare.tokens > ask.budget:
            raise UsageError(
                f"The question alone takes {bare.tokens} tokens of {ask.budget}", f"Type: %%ask -b {2 * bare.tokens}"
            )
        if ask.context == "none":
            return bare
        with collector.paused():
            return await self._filled(ask, history, bare)

    async def _filled(self, ask: Ask, history: History, bare: Ledger) -> Ledger:
        found = await self._gatherer.gather(ask)
        may_be_told = [one for one in found.candidates if not _is_forbidden(ask, one)]
        ranked = rank(await asyncio.to_thread(self._nameable, may_be_told), ask, self._preset)
        packer = Packer(self._cost, self._gate.passage(), self._head_cost)
        told = history.told
        left = ask.context_budget - sum(one.tokens for one in told.values())
        news = max(left, bare.history // NEWS_PART) if told else left
        changed = history.changed
        room = min(ask.budget - bare.tokens - prompt.naming(changed), ask.context_budget)
        items = await asyncio.to_thread(packer.pack, ranked, ask, room, news, told, changed)
        known = {item.id for item in items if item.sent}
        items += [_kept(one) for one in told.values() if one.id not in known and one.id not in changed]
        alone = [Note(source="mentions", message=message) for message in unmet(ask, [one.candidate for one in ranked])]
        passed = self._gate.redactor()
        ledger = replace(
            bare,
            items=tuple(await asyncio.to_thread(self._with_facts, items)),
            named=tuple(sorted(one for one in await asyncio.to_thread(self.named, names(ask)) if passed(one) == one)),
            outdated=prompt.named([id_ for id_ in told if id_ in changed - known]),
            notes=tuple(replace(note, message=passed(note.message)) for note in (*found.notes, *packer.notes, *alone)),
            seconds=found.seconds,
        )
        return replace(ledger, tokens=self._size(ask, ledger, history))

    def _nameable(self, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
        """Those with nothing secret in their names: names go as they are into ledgers, conversations and caches."""
        passed = self._gate.redactor()
        said = "\n".join(f"{one.name}\n{one.title}" for one in candidates)
        if passed(said) == said:
            return candidates
        return [one for one in candidates if passed(one.name) == one.name and passed(one.title) == one.title]

    def _with_facts(self, items: Sequence[Item]) -> list[Item]:
        return [self._with_fact(item) if item.sent else item for item in items]

    def _with_fact(self, item: Item) -> Item:
        facts = self.facts(item.source, item.name)
        looked_at = facts.get("sampled")  # of what is too large to be compared whole, people should know
        why = f"{item.why}; changes are seen in a sample ({looked_at})" if looked_at else item.why
        return replace(item, facts=facts, why=why)

    def _size(self, ask: Ask, ledger: Ledger, history: History) -> int:
        """Tokens of the request. A long history is counted once, and not with every look at what goes along with it."""
        return history.tokens + prompt.size(prompt.build(ask, ledger, History(), ask.model, prompt.ANY_MARK))

    def _cost(self, name: str, text: str) -> int:
        return estimate("\n" + prompt.entry(name, text))  # a digit counts for more after the line before it

    def _head_cost(self, source: str) -> int:
        return estimate(prompt.head(source, prompt.ANY_MARK)) + estimate(prompt.foot(prompt.ANY_MARK)) + 1

    def request(self, ask: Ask, ledger: Ledger, history: History, model: str) -> GatedPrompt:
        """The request that leaves.

        Args:
            ask: the question.
            ledger: what goes along with it.
            history: what of the conversation goes along.
            model: the model's name as its server knows it.

        Raises:
            GateError: the gate failed; nothing may be sent.
        """
        return self._gate.open(prompt.build(ask, ledger, history, model, self._new_mark()), ask.privacy.highest)


def _is_forbidden(ask: Ask, candidate: Candidate) -> bool:
    """Whether it never leaves, by whatever name; then not even the ledger tells of it."""
    return ask.privacy.forbids(candidate.source, candidate.name, candidate.title, *candidate.aliases)


def _kept(told: Told) -> Item:
    """The line of something that the sources did not offer this time, and that goes along as it did before."""
    return Item(
        source=told.source,
        name=told.name,
        level=told.level,
        tokens=told.tokens,
        score=0.0,
        parts={},
        why="told before, and unchanged",
        fingerprint=told.fingerprint,
        status="kept",
        privacy=told.privacy,
    )
