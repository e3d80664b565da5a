"""One look for an answer that holds.

Enters: a question, the present state of things, and what is kept. Leaves: a hit, or what the best of it lacks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import inf

from ..tools.box import rests_on_the_known
from .entry import Entry, Look, Present, World
from .kept import Kept
from .key import Question
from .packs.travel import MACHINE, Travelled
from .tier import Shelf
from .why import Miss, changed, expired


@dataclass(frozen=True)
class Hit:
    """An entry that holds.

    Attributes:
        entry: the answer.
        tier: the name of the tier it came from.
        kept: it and what was kept beside it.
        place: how many tiers are faster.
    """

    entry: Entry
    tier: str
    kept: Kept | None = None
    place: int = 0


class Search:
    """Looks through tiers and packs.

    Attributes:
        miss: why the answer that would have been given is none; None if there is no answer at all.
    """

    def __init__(self, question: Question, now: World, time: float, *, recorded: bool) -> None:
        """
        Args:
            question: what is asked.
            now: the present state of things, each asked for once.
            time: seconds since the epoch.
            recorded: whether the answer may be of any age, and the machine another one.
        """
        self._question = question
        self._now = Present(now, question.names)
        self._time = time
        self._recorded = recorded
        self.miss: Miss | None = None

    def on(self, shelves: Sequence[Shelf]) -> Hit | None:
        """The newest that holds on the first shelf that has any."""
        key = self._question.key
        for place, (tier, ttl) in enumerate(shelves):
            kept = tier.get(key)
            if kept is None:
                continue
            entries = kept.entries(key)
            if not entries:  # damaged
                tier.delete(key)
            ages, apart = (inf, MACHINE) if self._recorded else (ttl, frozenset[str]())
            found = self._holding(entries, self._now, ages, apart)
            if found is not None:
                return Hit(found, tier.name, kept, place)
        return None

    def among(self, entries: Sequence[Entry], *, any_model: bool) -> Hit | None:
        """The first that holds of those that came with a notebook.

        Args:
            entries: answers to the question, by whatever model.
            any_model: whether one of another model than the question's will do, where there is none of that.
        """
        same = [entry for entry in entries if entry.model == self._question.model]
        chosen = [*same, *(entry for entry in entries if entry not in same)] if any_model else same
        if entries and not chosen and self.miss is None:
            why = f"answered by {entries[0].model} alone, not by {self._question.model}"
            self.miss = Miss(why, self._question.words)
        known = [entry for entry in chosen if self._recorded or rests_on_the_known(entry.ledger.sent)]
        if chosen and not known and self.miss is None:
            self.miss = Miss(
                "answered after a tool had done something, which is not done unasked", self._question.words
            )
        found = self._holding(known, Travelled(self._now), inf, MACHINE)
        return None if found is None else Hit(found, "pack")

    def _holding(self, entries: Sequence[Entry], now: Look, ttl: float, apart_from: Collection[str]) -> Entry | None:
        for entry in entries:
            age = self._time - entry.created
            if next(entry.changes(now, apart_from), None) is not None:
                if self.miss is None:
                    self.miss = changed(self._question, list(entry.changes(now, apart_from)), age)
            elif age > ttl:
                self.miss = expired(self._question, age, ttl)
            else:
                return entry
        return None
