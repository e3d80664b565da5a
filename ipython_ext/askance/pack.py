"""Fits what matters into the budget. Lowers an item's level before leaving it out; never goes over.

Enters: ranked candidates, the room in tokens. Leaves: the ledger's items, in rank order, and notes on what failed.
"""

from __future__ import annotations

from collections.abc import Sequence

from .mentions import is_meant
from .rank import FLOOR, Ranked
from .records import LEVELS, Ask, Item, Level, Note, Status
from .tokens import estimate

ENVELOPE = 24
"""Tokens kept for the marks around one item (see `prompt.py`)."""

SHARE = 0.5
"""No item that was not asked for by name takes more than this share of the room that is left."""

LISTED = 200
"""Items the ledger lists at most; what ranks below is not worth a line."""


def pack(ranked: Sequence[Ranked], ask: Ask, room: int) -> tuple[list[Item], list[Note]]:
    """Choose a level for each candidate so that all together fit.

    Args:
        ranked: best first.
        ask: tells what is muted, and which context is wanted.
        room: tokens for all items together.

    Returns:
        The items in the same order, and a note for each that could not be rendered.
    """
    items: list[Item] = []
    notes: list[Note] = []
    for place, one in enumerate(ranked[:LISTED]):
        try:
            item = _fit(one, ask, room, place)
        except Exception as error:  # noqa: BLE001  a broken candidate costs its own place only
            notes.append(Note(source=one.candidate.source, message=f"{one.candidate.name}: {type(error).__name__}"))
            continue
        room -= item.tokens
        items.append(item)
    return items, notes


def _fit(one: Ranked, ask: Ask, room: int, place: int) -> Item:
    candidate = one.candidate
    if candidate.id in ask.mutes or candidate.source in ask.mutes:
        return _item(one, "name", "muted", why="you muted it")
    if not one.wanted and (one.score < FLOOR or ask.context == "only"):
        return _item(one, "name", "cut", why="nothing connects it to the question" if one.score < FLOOR else "")
    limit = room if one.wanted else int(room * SHARE)
    levels = [level for level in LEVELS if level in candidate.levels]
    highest = levels[-1] if place < 3 or one.wanted else levels[: LEVELS.index("excerpt") + 1][-1]
    for level in reversed(levels[: levels.index(highest) + 1]):
        text = candidate.render(level)
        tokens = estimate(text) + ENVELOPE
        if tokens <= limit:
            return _item(one, level, "sent" if level == highest else "lowered", text, tokens)
    return _item(one, "name", "cut", why="no room left in the budget")


def _item(one: Ranked, level: Level, status: Status, text: str = "", tokens: int = 0, why: str = "") -> Item:
    candidate = one.candidate
    return Item(
        source=candidate.source,
        name=candidate.name,
        level=level,
        tokens=tokens,
        score=one.score,
        parts=one.parts,
        why=why or one.why,
        fingerprint=candidate.fingerprint,
        status=status,
        text=text,
    )


def unmatched(ask: Ask, ranked: Sequence[Ranked]) -> list[str]:
    """The mentions that name nothing the sources know."""
    return [name for name in ask.mentions if not any(is_meant(one.candidate, (name,)) for one in ranked)]
