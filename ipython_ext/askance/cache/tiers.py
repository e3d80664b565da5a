"""The tiers as one cache: looks from the fastest to the slowest, and brings what it finds up.

Enters: questions, and a way to ask for present fingerprints. Leaves: hits, and misses that say why.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from .. import collector
from .entry import Entry, World
from .kept import Kept
from .key import Question
from .packs.packs import Packs
from .search import Hit, Search
from .tallies import Tallies
from .tier import Shelf, Tier
from .why import Asked, Miss
from .writes import Writes

GRACE = 86_400.0
"""Seconds that a tier holds an answer longer than it counts, so that a miss can say that it has expired."""

MISSES = 5
"""The last misses that are remembered."""


class Cache:
    """All tiers together: `shelves`, the fastest first."""

    def __init__(
        self,
        shelves: Sequence[Shelf],
        packs: Packs | None = None,
        tallies: Tallies | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """
        Args:
            shelves: the fastest first.
            packs: answers that came with notebooks, asked last.
            tallies: what an earlier cache of this kernel counted.
            wall_clock: seconds since the epoch.
        """
        self.shelves = shelves
        self._packs = packs
        self._wall_clock = wall_clock
        self._asked = Asked()
        self._writes = Writes()
        self.tallies = tallies if tallies is not None else Tallies()
        self.misses: deque[Miss] = deque(maxlen=MISSES)

    def warm(self) -> None:
        """Open every tier now, so that the first lookup does not. Blocking; counts as no lookup."""
        for shelf in self.shelves:
            shelf.tier.get("")
        if self._packs is not None:
            self._packs.find("")

    async def find(
        self, question: Question, now: World, *, recorded: bool = False, default: bool = True, again: bool = False
    ) -> Hit | Miss:
        """`lookup` on another thread, after what is being written of this question."""
        await self._writes.settled(question.key)
        look = partial(self.lookup, question, now, recorded=recorded, default=default, again=again)
        with collector.paused():
            found = await asyncio.to_thread(look)
        if isinstance(found, Hit) and found.kept is not None and found.place:
            self._writes.soon(question.key, partial(self._bring_up, question.key, found.kept, found.place))
        return found

    def lookup(
        self, question: Question, now: World, *, recorded: bool = False, default: bool = True, again: bool = False
    ) -> Hit | Miss:
        """The newest entry of this question that still holds, or why there is none. May block.

        Args:
            question: as `Question.of` names it.
            now: the present state of things.
            recorded: whether the answer may be of any age, and the machine another one.
            default: whether the model is the one that is asked when nobody names any: of answers that came with the
                notebook, one by any model will do then.
            again: whether the same ask missed a moment ago: both looks count as one.
        """
        search = Search(question, now, self._wall_clock(), recorded=recorded)
        otherwise = self._asked.otherwise(question)
        self.tallies.misses -= again
        hit = search.on(self.shelves)
        if hit is None and self._packs is not None:
            hit = search.among(self._packs.find(question.portable, recorded=recorded), any_model=default)
        if hit is not None:
            self.tallies.hit(hit.tier, hit.entry)
            return hit
        self.tallies.misses += 1
        miss = search.miss or Miss(otherwise, question.words)
        if recorded and self._packs is not None:
            miss = replace(miss, why=self._packs.lacking(miss.why if search.miss else ""))
        if not again:
            self.misses.append(miss)
        return miss

    def _bring_up(self, key: str, kept: Kept, place: int) -> None:
        """What a slower tier had goes to the faster ones."""
        for tier, ttl in self.shelves[:place]:
            tier.set(key, self._joined(key, kept, tier), ttl + GRACE)

    def _joined(self, key: str, kept: Kept, tier: Tier) -> Kept:
        """What was found, and what the tier itself has kept under the key."""
        own = tier.get(key)
        others = [entry for entry in own.entries(key) if entry not in kept.entries(key)] if own is not None else []
        return Kept.of(key, [*kept.entries(key), *others]) if others else kept

    def store(self, question: Question, entry: Entry) -> None:
        """`put`, under the question's key."""
        self.put(question.key, entry)

    def put(self, key: str, entry: Entry) -> None:
        """Keep an entry in every tier, before the question's other answers. Blocking: not for the ask's own path."""
        for tier, ttl in self.shelves:
            kept = tier.get(key)
            entries = kept.entries(key) if kept is not None else ()
            others = [other for other in entries if self._is_other(entry, other, ttl)]
            tier.set(key, Kept.of(key, [entry, *others]), ttl + GRACE)

    def _is_other(self, entry: Entry, other: Entry, ttl: float) -> bool:
        too_old = self._wall_clock() - other.created > ttl
        return not too_old and (other.text, other.told) != (entry.text, entry.told)

    def store_soon(self, question: Question, entry: Entry) -> None:
        """`store` on another thread, off the answer's path; `find` and `flush` wait for it."""
        self._writes.soon(question.key, partial(self.store, question, entry))

    async def settled(self, key: str) -> None:
        """Wait until what was stored last under a key can be found, by other kernels too."""
        await self._writes.settled(key)

    async def flush(self) -> None:
        """Wait for what `store_soon` and `find` began."""
        await self._writes.flush()

    def clear(self, names: Collection[str]) -> None:
        """Forget every answer in the tiers of these names, "packs" among them."""
        for tier, _ in self.shelves:
            if tier.name in names:
                tier.clear()
        if self._packs is not None and "packs" in names:
            self._packs.clear()

    @property
    def last_miss(self) -> Miss | None:
        """None before the first."""
        return self.misses[-1] if self.misses else None

    @property
    def problems(self) -> dict[str, str]:
        """What does not work now, or was set right: the name of a tier and of the matter, and a line on it."""
        said = {f"{one.name} {of}": getattr(one, of, "") for one, _ in self.shelves for of in ("problem", "notice")}
        said["packs"] = self._packs.problem if self._packs is not None else ""
        return {name: line for name, line in said.items() if line}

    def stats(self) -> dict[str, Any]:
        """Hits by tier, rate, what was saved, why the last one missed, what each tier holds, what does not work."""
        held = {tier.name: tier.stats() for tier, _ in self.shelves}
        return {
            "hits": dict.fromkeys([*held, "pack"], 0) | dict(self.tallies.hits),
            "misses": self.tallies.misses,
            "rate": self.tallies.rate,
            "saved": {"tokens": self.tallies.tokens, "dollars": self.tallies.money},
            "last_miss": self.last_miss.why if self.last_miss is not None else "",
            "tiers": held | ({"pack": self._packs.stats()} if self._packs is not None else {}),
            "problems": list(self.problems.values()),
        }

    def close(self) -> None:
        """Give back what the tiers hold."""
        for tier, _ in self.shelves:
            tier.close()
