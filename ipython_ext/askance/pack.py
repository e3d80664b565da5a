"""Fits what matters into the budget. More room never takes anything away.

Enters: ranked candidates, the room in tokens. Leaves: the ledger's items, in rank order, and notes on what failed.

Every item climbs its levels in steps. The steps of all items make one chain, whose order does not depend on the room;
as much of its beginning is taken as fits. So the room is never exceeded, and a larger room holds all that a smaller
one does, at the same levels or higher ones.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from .mentions import is_meant
from .rank import FLOOR, Ranked
from .records import LEVELS, Ask, Item, Level, Note, Status

Cost = Callable[[str, str, str], int]
"""(source, title or name, text) -> the tokens that an item takes in the request, its marks included."""

Show = Callable[[str, str], tuple[str, bool]]
"""(text, item id) -> the text as it may leave, and whether anything in it was replaced."""

LISTED = 300
"""Items the ledger lists at most; what ranks below is not worth a line."""

GAIN = {"name": 1.0, "outline": 0.9, "excerpt": 0.5, "full": 0.15}
"""What a step up to a level adds, as a share of the item's score: low levels of many come before high ones of few."""

TARGETS: Sequence[tuple[float, Level]] = ((0.5, "full"), (0.15, "excerpt"), (0.05, "outline"), (FLOOR, "name"))
"""The level that an item of at least this score climbs to. What the user named climbs to the highest."""

CROWDING = 0.1
"""How much each better item of the same source holds an item back, so that no source fills the request alone."""

SMALL = 250
"""Tokens of a step that never waits."""

STRIDE = 0.5
"""A larger step waits until it is at most this share of what stands: so at no budget much room is left unused."""


class _Rung(NamedTuple):
    """A level to climb to, what that gains as a share of the item's score, and what renders it."""

    level: Level
    gain: float
    render: Callable[[], str]


@dataclass
class _Climb:
    """One item on its way up: its place in the ranking, what its steps are worth, the steps to come, where it stands."""

    one: Ranked
    place: int
    worth: float
    ladder: list[_Rung]
    level: Level | None = None
    text: str = ""
    tokens: int = 0
    redacted: bool = False
    fingerprint: str = ""

    def __lt__(self, other: _Climb) -> bool:
        return self._turn < other._turn

    @property
    def _turn(self) -> tuple[bool, float, int]:
        # Of what the user named, then the worthiest, then of the better rank.
        return not self.one.wanted, -self.worth * self.ladder[0].gain, self.place


@dataclass
class _Step:
    """An item at its next level, with the tokens that this takes beyond what the item takes already."""

    climb: _Climb
    text: str
    redacted: bool
    more: int

    def take(self) -> None:
        self.climb.level = self.climb.ladder.pop(0).level
        self.climb.text, self.climb.redacted = self.text, self.redacted
        self.climb.tokens += self.more


@dataclass
class Packer:
    """Packs the items of one ask.

    Attributes:
        cost: what an item takes of the room.
        show: lets a text through the gate; what counts is the size of what leaves.
        notes: what failed, after `pack`.
    """

    cost: Cost
    show: Show
    notes: list[Note] = field(default_factory=list)

    def pack(self, ranked: Sequence[Ranked], ask: Ask, room: int) -> list[Item]:
        """Choose a level for each candidate so that all together fit.

        Args:
            ranked: best first.
            ask: tells what is muted, and which context is wanted.
            room: tokens for all items together.

        Returns:
            The first `LISTED` as items, in the same order, those left out included.
        """
        better: Counter[str] = Counter()
        climbs = []
        for place, one in enumerate(ranked[:LISTED]):
            worth = one.score / (1 + CROWDING * better[one.candidate.source])
            better[one.candidate.source] += 1
            climbs.append(_Climb(one, place, worth, _ladder(one, ask)))
        self._fill([climb for climb in climbs if climb.ladder], room)
        return [_item(climb, ask) for climb in climbs]

    def _fill(self, climbs: list[_Climb], room: int) -> None:
        heapq.heapify(climbs)
        waiting: list[_Step] = []
        used = 0
        while (step := self._next(climbs, waiting, used)) is not None and used + step.more <= room:
            step.take()
            used += step.more
            if step.climb.ladder:
                heapq.heappush(climbs, step.climb)

    def _next(self, climbs: list[_Climb], waiting: list[_Step], used: int) -> _Step | None:
        """The next step of the chain: depends on what stands, never on the room."""
        longest = max(SMALL, STRIDE * used)
        for place, step in enumerate(waiting):
            if step.more <= longest:
                return waiting.pop(place)
        while climbs:
            reached = self._step(heapq.heappop(climbs))
            if reached is not None and reached.more <= longest:
                return reached
            waiting.extend([reached] if reached else [])
        return waiting.pop(waiting.index(min(waiting, key=lambda step: step.more))) if waiting else None

    def _step(self, climb: _Climb) -> _Step | None:
        candidate = climb.one.candidate
        try:
            climb.fingerprint = climb.fingerprint or candidate.fingerprint()
            text, redacted = self.show(climb.ladder[0].render(), candidate.id)
            tokens = self.cost(candidate.source, candidate.title or candidate.name, text)
        except Exception as error:  # noqa: BLE001  a broken candidate costs its own place only
            self.notes.append(Note(source=candidate.source, message=f"{candidate.name}: {type(error).__name__}"))
            return None
        return _Step(climb, text, redacted, tokens - climb.tokens)


def _ladder(one: Ranked, ask: Ask) -> list[_Rung]:
    """The levels an item may climb, lowest first, each with what renders it; the last is its target."""
    candidate = one.candidate
    if _is_muted(one, ask) or (ask.context == "only" and not one.wanted):
        return []
    target = "full" if one.wanted else next((level for least, level in TARGETS if one.score >= least), None)
    if target is None:
        return []
    allowed = LEVELS[: LEVELS.index(target) + 1]
    rungs = [
        _Rung(level, GAIN[level], partial(candidate.render, level)) for level in candidate.levels if level in allowed
    ]
    if rungs and rungs[-1].level == "full":
        rungs[-1:-1] = [_Rung("excerpt", GAIN["full"], render) for render in candidate.longer]
    return rungs


def _is_muted(one: Ranked, ask: Ask) -> bool:
    return one.candidate.id in ask.mutes or one.candidate.source in ask.mutes


def _item(climb: _Climb, ask: Ask) -> Item:
    one, candidate = climb.one, climb.one.candidate
    sent = climb.level is not None
    why = one.why
    if _is_muted(one, ask):
        why = "you muted it"
    elif not sent and climb.ladder:
        why = "no room left in the budget"
    elif not sent and one.score < FLOOR:
        why = "nothing connects it to the question"
    return Item(
        source=candidate.source,
        name=candidate.name,
        level=climb.level or "name",
        tokens=climb.tokens,
        score=one.score,
        parts=one.parts,
        why=why,
        fingerprint=climb.fingerprint if sent else "",
        status=_status(climb, ask),
        text=climb.text,
        title=candidate.title,
    )


def _status(climb: _Climb, ask: Ask) -> Status:
    if _is_muted(climb.one, ask):
        return "muted"
    if climb.level is None:
        return "cut"
    if climb.redacted:
        return "redacted"
    return "lowered" if climb.ladder else "sent"


def unmatched(ask: Ask, ranked: Sequence[Ranked]) -> list[str]:
    """The mentions that name nothing the sources know."""
    return [name for name in ask.mentions if not any(is_meant(one.candidate, (name,)) for one in ranked)]
