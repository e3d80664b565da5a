"""The context engine: decides what goes along with a question, and makes the request of it.

    Ask -> gather -> rank -> pack -> gate -> Ledger -> prompt -> gate -> GatedPrompt

Enters: an ask and the turns it continues. Leaves: a `Ledger`, and a `GatedPrompt` that holds nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from . import collector, prompt
from .errors import UsageError
from .gate import Gate
from .gather import Gatherer
from .pack import Packer, unmatched
from .rank import rank
from .records import Ask, GatedPrompt, Item, Ledger, Note
from .sources.base import Source
from .tokens import estimate
from .transcript import Turn


class ContextEngine:
    """Knows the sources, and nothing of providers, caches or views."""

    def __init__(self, sources: Sequence[Source], gate: Gate, deadline: float, preset: str, mark: str) -> None:
        """
        Args:
            sources: where context comes from.
            gate: what everything passes on its way out.
            deadline: seconds a source may take that has no `deadline` of its own.
            preset: the ranker's weights, by name.
            mark: a word that fences context off from the question; not guessable by what the context holds.
        """
        self._sources = {source.name: source for source in sources}
        self._gate = gate
        self._gatherer = Gatherer(sources, deadline)
        self._preset = preset
        self._mark = mark

    async def ledger(self, ask: Ask, turns: Sequence[Turn]) -> Ledger:
        """What goes along with the question, gated, and within the ask's budget.

        Raises:
            UsageError: the question does not fit, even alone.
        """
        bare = self._size(ask, (), turns)
        if bare > ask.budget:
            raise UsageError(f"The question alone takes {bare} tokens of {ask.budget}", f"Type: %%ask -b {2 * bare}")
        if ask.context == "none":
            return Ledger(budget=ask.budget, tokens=bare)
        with collector.paused():
            return await self._filled(ask, turns, ask.budget - bare)

    async def _filled(self, ask: Ask, turns: Sequence[Turn], room: int) -> Ledger:
        found = await self._gatherer.gather(ask)
        ranked = rank(found.candidates, ask, self._preset)
        packer = Packer(self._cost, self._gate.passage(), self._head_cost)
        items = await asyncio.to_thread(packer.pack, ranked, ask, room)
        strangers = [Note(source="mentions", message=f"@{name} names nothing") for name in unmatched(ask, ranked)]
        return Ledger(
            items=tuple(items),
            budget=ask.budget,
            tokens=self._size(ask, items, turns),
            notes=(*found.notes, *packer.notes, *strangers),
            seconds=found.seconds,
        )

    def _size(self, ask: Ask, items: Sequence[Item], turns: Sequence[Turn]) -> int:
        return prompt.size(prompt.build(ask, items, turns, ask.model, self._mark))

    def _cost(self, name: str, text: str) -> int:
        return estimate("\n" + prompt.entry(name, text))  # a digit counts for more after the line before it

    def _head_cost(self, source: str) -> int:
        return estimate(prompt.head(source, self._mark)) + estimate(prompt.foot(self._mark)) + 1

    def request(self, ask: Ask, ledger: Ledger, turns: Sequence[Turn], model: str) -> GatedPrompt:
        """The request that leaves.

        Args:
            ask: the question.
            ledger: what goes along with it.
            turns: earlier turns of the thread, oldest first.
            model: the model's name as its server knows it.

        Raises:
            GateError: the gate failed; nothing may be sent.
        """
        return self._gate.open(prompt.build(ask, ledger.items, turns, model, self._mark))

    def fingerprint(self, source: str, name: str) -> str | None:
        """The present fingerprint of an item, None if it or its source is gone, or its source does not come back."""
        if source not in self._sources or self._gatherer.is_stuck(source):
            return None
        return self._sources[source].fingerprint(name)
