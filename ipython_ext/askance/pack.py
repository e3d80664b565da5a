"""Fits what matters into the budget. Lowers an item's level before leaving it out; never goes over.

Enters: ranked candidates, the room in tokens. Leaves: the ledger's items, in rank order, and notes on what failed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from .mentions import is_meant
from .rank import FLOOR, Ranked
from .records import LEVELS, Ask, Item, Level, Note, Status

Cost = Callable[[str, str, str], int]
"""(source, title or name, text) -> the tokens that an item takes in the request, its marks included."""

SHARE = 0.5
"""No item that was not asked for by name takes more than this share of the room that is left."""

LISTED = 200
"""Items the ledger lists at most; what ranks below is not worth a line."""


def pack(ranked: Sequence[Ranked], ask: Ask, room: int, cost: Cost) -> tuple[list[Item], list[Note]]:
    """Choose a level for each candidate so that all together fit.

    Args:
        ranked: best first.
        ask: tells what is muted, and which context is wanted.
        room: tokens for all items together.
        cost: what an item takes of it.

    Returns:
        The items in the same order, and a note for each that could not be rendered.
    """
    items: list[Item] = []
    notes: list[Note] = []
    for place, one in enumerate(ranked[:LISTED]):
        try:
            item = _fit(one, ask, room, place, cost)
        except Exception as error:  # noqa: BLE001  a broken candidate costs its own place only
            notes.append(Note(source=one.candidate.source, message=f"{one.candidate.name}: {type(error).__name__}"))
            continue
        room -= item.tokens
        items.append(item)
    return items, notes


def _fit(one: Ranked, ask: Ask, room: int, place: int, cost: Cost) -> Item:
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
        tokens = cost(candidate.source, candidate.title or candidate.name, text)
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
        fingerprint=candidate.fingerprint() if text else "",
        status=status,
        text=text,
        title=candidate.title,
    )


def trim(items: Sequence[Item], size: Callable[[Sequence[Item]], int], budget: int) -> list[Item]:
    """Leave out the last of what is sent until the request fits: sizes of parts need not add up to that of the whole.

    Args:
        items: best first.
        size: tokens of the whole request with these items.
        budget: tokens it may take.
    """
    items = list(items)
    places = [place for place, item in enumerate(items) if item.sent]
    while places and size(items) > budget:
        place = places.pop()
        items[place] = replace(
            items[place], status="cut", level="name", tokens=0, text="", why="no room left in the budget"
        )
    return items


def unmatched(ask: Ask, ranked: Sequence[Ranked]) -> list[str]:
    """The mentions that name nothing the sources know."""
    return [name for name in ask.mentions if not any(is_meant(one.candidate, (name,)) for one in ranked)]
