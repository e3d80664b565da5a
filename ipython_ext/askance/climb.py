"""One item on its way into the request: which levels it may climb, and what the ledger says of it in the end.

Enters: a ranked candidate, the ask. Leaves: rungs, lowest first, and at last an `Item`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from .rank import FLOOR, Ranked
from .records import LEVELS, Ask, Item, Level, Privacy, Redaction, Status
from .threads.turn import Told

GAIN = {"name": 1.0, "outline": 0.9, "excerpt": 0.5, "full": 0.15}
"""What a step up to a level adds, as a share of the item's score: low levels of many come before high ones of few."""

TARGETS: Sequence[tuple[float, Level]] = ((0.5, "full"), (0.2, "excerpt"), (0.08, "outline"), (FLOOR, "name"))
"""The level that an item of at least this score climbs to. What the user named climbs to the highest."""


CROWDING = 0.1
"""How much each better item of the same source holds an item back, so that no source fills the request alone."""

PLENTY = 20
"""Items of one source beyond which an item has to be the better the more there are: of a thousand variables that all
help a little, the first are enough."""


NEWS = 0.2
"""In a conversation that goes on, the score from which an item is told for the first time. The first question also tells
what helps only perhaps; told with every question, that would soon be most of the request."""

URGENT = 1
"""The last urgency of what has to be told; what is only good to know comes after it."""

USUAL = Privacy()
"""The levels where nothing was set."""


class Rung(NamedTuple):
    """A level to climb to, what that gains as a share of the item's score, and what renders it."""

    level: Level
    gain: float
    render: Callable[[], str]


@dataclass
class Climb:
    """One item on its way up.

    Attributes:
        one: what climbs.
        ask: for which question.
        place: its rank, 0 for the best.
        better: items of its source that rank before it.
        least: the score below which it is not told.
        told: what an earlier turn told of it, None if nothing.
        changed: whether that is no longer so.
        ladder: the rungs to come.
        level: where it stands, None while it is not in.
        text: at that level, as it may leave.
        tokens: what that takes.
        redactions: what the gate replaced in it.
        fingerprint: as it was just before the first text was made.
        failed: what kept it from being rendered at the next level.
        kept: whether it stands where an earlier turn left it, and is not told again.
    """

    one: Ranked
    ask: Ask
    place: int
    better: int
    least: float = FLOOR
    told: Told | None = None
    changed: bool = False
    ladder: list[Rung] = field(default_factory=list)
    muted: bool = False
    level: Level | None = None
    text: str = ""
    tokens: int = 0
    redactions: tuple[Redaction, ...] = ()
    fingerprint: str = ""
    failed: str = ""
    kept: bool = False

    def __post_init__(self) -> None:
        candidate = self.one.candidate
        self.muted = self.ask.is_muted(candidate.source, candidate.name)
        if not self.muted and (self.one.wanted or self.ask.context != "only"):
            self.ladder = _ladder(self.one, self.better, self.least, self.told)
            if candidate.privacy is None and self.privacy < USUAL.of(candidate.source, candidate.name):
                # Its source knows nothing of levels: no more can be told than what it is called.
                self.ladder = [Rung("name", GAIN["name"], lambda: candidate.name)] if self.ladder else []
        if self.told is not None and not self.changed:
            self._keep(self.told)

    def _keep(self, told: Told) -> None:
        """It is as the model was told: only what the user names is told again, where more can be said of it."""
        self.kept, self.level, self.fingerprint = True, told.level, told.fingerprint
        above = LEVELS.index(told.level)
        self.ladder = [rung for rung in self.ladder if self.one.wanted and LEVELS.index(rung.level) > above]

    @property
    def privacy(self) -> int:
        """The privacy level it is told at."""
        candidate = self.one.candidate
        known = candidate.privacy
        return self.ask.privacy.of(candidate.source, candidate.name) if known is None else known

    @property
    def urgency(self) -> int:
        """0 for what the user named, `URGENT` for what is no longer as the model was told, more for all else."""
        return 0 if self.one.wanted else URGENT if self.changed else URGENT + 1

    @property
    def turn(self) -> tuple[int, float, int]:
        """When its next step comes: by its urgency, then first of the worthiest, then of the better rank."""
        return self.urgency, -self.one.score / (1 + CROWDING * self.better) * self.ladder[0].gain, self.place

    @property
    def status(self) -> Status:
        """What became of it so far."""
        if self.muted:
            return "muted"
        if self.level is None:
            return "cut"
        if self.kept:
            return "kept"
        if self.redactions:
            return "redacted"
        return "lowered" if self.ladder or self.failed else "sent"

    @property
    def why(self) -> str:
        """Why it is where it is, in words."""
        if self.muted:
            return "you muted it"
        if self.kept:
            return self.one.why
        if self.failed:
            return f"could not be read ({self.failed})"
        if self.level is None and self.ladder:
            return "no room left in the budget"
        if self.level is None and self.ask.context != "only" and self.one.score >= FLOOR:
            return "not worth the room it would take" if self.one.score >= self.least else "not worth telling now"
        return self.one.why

    def item(self) -> Item:
        """Its line of the ledger."""
        candidate = self.one.candidate
        return Item(
            source=candidate.source,
            name=candidate.name,
            level=self.level or "name",
            tokens=self.told.tokens if self.kept and self.told else self.tokens,
            score=self.one.score,
            parts=self.one.parts,
            why=f"changed; {self.why}" if self.changed and self.level else self.why,
            fingerprint=self.fingerprint if self.level else "",
            status=self.status,
            text=self.text,
            redactions=self.redactions if self.level else (),
            privacy=self.told.privacy if self.kept and self.told else self.privacy,
            title=candidate.title,
        )


def _ladder(one: Ranked, better: int, least: float, told: Told | None) -> list[Rung]:
    """The levels an item may climb; the last is its target, not below what the model was told of it."""
    candidate = one.candidate
    score = one.score / max(1.0, better / PLENTY)
    worth = next((level for score_for, level in TARGETS if score >= max(score_for, least)), None)
    levels = [level for level in ("full" if one.wanted else worth, told and told.level) if level]
    target = max(levels, key=LEVELS.index, default=None)
    if target is None:
        return []
    allowed = LEVELS[: LEVELS.index(target) + 1]
    rungs = [
        Rung(level, GAIN[level], partial(candidate.render, level)) for level in candidate.levels if level in allowed
    ]
    if rungs and rungs[-1].level == "full":
        rungs[-1:-1] = [Rung("excerpt", GAIN["full"], render) for render in candidate.longer]
    return rungs
