"""Fits what matters into the budget. More room never takes anything away.

Enters: ranked candidates, the room in tokens. Leaves: the ledger's items, in rank order, and notes on what failed.

Every item climbs its levels in steps. The steps of all items make one chain, whose order does not depend on the room;
as much of its beginning is taken as fits. So the room is never exceeded, and a larger room holds all that a smaller
one does, at the same levels or higher ones.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from .climb import NEWS, URGENT, Climb
from .rank import FLOOR, Ranked
from .records import Ask, Item, Note, Redaction
from .threads.turn import Told

Cost = Callable[[str, str], int]
"""(title or name, text) -> the tokens that an item takes in the request."""

HeadCost = Callable[[str], int]
"""Source -> the tokens of what stands around the items of a source, whatever their number."""

Show = Callable[[str, str, int], tuple[str, list[Redaction]]]
"""(text, item id, privacy level) -> the text as it may leave, and what was replaced in it."""

LISTED = 300
"""Items the ledger lists of all sources together; what ranks below is not worth a line."""

LISTED_OF_EACH = 50
"""Items it lists of each source all the same, so that a thousand variables hide no file."""

SMALL = 250
"""Tokens of a step that never waits."""

STRIDE = 0.5
"""A larger step waits until it is at most this share of what stands: so at no budget much room is left unused."""


Turn = tuple[int, float, int]


@dataclass
class _Step:
    """An item at its next level, with the tokens that this takes beyond what the item takes already."""

    climb: Climb
    text: str
    redactions: tuple[Redaction, ...]
    more: int

    def take(self) -> None:
        self.climb.level = self.climb.ladder.pop(0).level
        self.climb.text, self.climb.redactions, self.climb.kept = self.text, self.redactions, False
        self.climb.tokens += self.more


@dataclass
class Packer:
    """Packs the items of one ask.

    Attributes:
        cost: what an item takes of the room.
        show: lets a text through the gate; what counts is the size of what leaves.
        head_cost: what the first item of a source takes besides.
        notes: what failed, after `pack`.
    """

    cost: Cost
    show: Show
    head_cost: HeadCost = field(default=lambda _source: 0)
    notes: list[Note] = field(default_factory=list)

    def pack(
        self,
        ranked: Sequence[Ranked],
        ask: Ask,
        room: int,
        news: int | None = None,
        told: Mapping[str, Told] = MappingProxyType({}),
        changed: Collection[str] = (),
    ) -> list[Item]:
        """Choose a level for each candidate so that all together fit.

        Args:
            ranked: best first.
            ask: tells what is muted, and which context is wanted.
            room: tokens for all items together.
            news: tokens beyond which only what the user named, or what has changed, is still told; None for `room`.
            told: what earlier turns told, by id; it is not told again, and takes no room.
            changed: ids of those of which that is no longer so: they are told anew, before what is only good to know.

        Returns:
            Items in the same order, those left out included: the first `LISTED`, and `LISTED_OF_EACH` of each source.
        """
        better: Counter[str] = Counter()
        least = NEWS if told else FLOOR
        climbs = []
        for place, one in enumerate(ranked):
            known = told.get(one.candidate.id)
            if known is None and place >= LISTED and better[one.candidate.source] >= LISTED_OF_EACH:
                continue
            place_in_source = better[one.candidate.source]
            climbs.append(Climb(one, ask, place, place_in_source, least, known, one.candidate.id in changed))
            better[one.candidate.source] += 1
        self._fill([climb for climb in climbs if climb.ladder], room, room if news is None else min(room, news))
        return [climb.item() for climb in climbs]

    def _fill(self, climbs: list[Climb], room: int, news: int) -> None:
        turns = [(climb.turn, climb) for climb in climbs]
        heapq.heapify(turns)
        waiting: list[_Step] = []
        used, no_news = 0, False
        entered: set[str] = set()
        while (step := self._next(turns, waiting, used)) is not None:
            source = step.climb.one.candidate.source
            after = used + step.more + (0 if source in entered else self.head_cost(source))
            if after > room:
                break
            is_news = step.climb.urgency > URGENT
            no_news = no_news or (is_news and after > news)
            if is_news and no_news:
                continue
            used = after
            step.take()
            entered.add(source)
            if step.climb.ladder:
                heapq.heappush(turns, (step.climb.turn, step.climb))

    def _next(self, turns: list[tuple[Turn, Climb]], waiting: list[_Step], used: int) -> _Step | None:
        """The next step of the chain: depends on what stands, never on the room."""
        longest = max(SMALL, STRIDE * used)
        for place, step in enumerate(waiting):
            if step.more <= longest:
                return waiting.pop(place)
        while turns:
            reached = self._step(heapq.heappop(turns)[1])
            if reached is not None and reached.more <= longest:
                return reached
            waiting.extend([reached] if reached else [])
        return waiting.pop(waiting.index(min(waiting, key=lambda step: step.more))) if waiting else None

    def _step(self, climb: Climb) -> _Step | None:
        candidate = climb.one.candidate
        try:
            climb.fingerprint = climb.fingerprint or candidate.fingerprint()  # before the text, never after
            text, found = self.show(climb.ladder[0].render(), candidate.id, climb.privacy)
            tokens = self.cost(candidate.title or candidate.name, text)
        except Exception as error:  # noqa: BLE001  a broken candidate costs its own place only
            climb.failed = type(error).__name__
            climb.ladder.clear()
            self.notes.append(Note(source=candidate.source, message=f"{candidate.name}: {climb.failed}"))
            return None
        return _Step(climb, text, tuple(found), tokens - climb.tokens)
