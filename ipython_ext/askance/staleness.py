"""What has changed since an answer was given, in plain words: "df +2 columns, utils.py edited, main: 3 new commits".

Enters: what the answer saw (ids, fingerprints, facts), and ways to ask how these are now. Leaves: changes, and one line.
Fingerprints decide whether something changed; facts only say what (see `differences.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from .differences import Facts, words
from .records import Item, Ledger

_NAMED = ("variables", "files")

NAMED = 4
"""Changes that one line tells; the others are counted."""


@dataclass(frozen=True, kw_only=True)
class Saw:
    """A thing as an answer saw it: its id, its fingerprint and facts then, and whether it was told of no more than its name."""

    id: str
    fingerprint: str
    facts: Facts = field(default_factory=dict)
    name_only: bool = False

    @classmethod
    def of(cls, item: Item) -> Saw:
        """A line of a ledger."""
        return cls(id=item.id, fingerprint=item.fingerprint, facts=item.facts, name_only=item.level == "name")


@dataclass(frozen=True)
class Change:
    """One thing that is not as an answer saw it."""

    id: str
    words: str


def seen(ledger: Ledger) -> tuple[Saw, ...]:
    """All that an answer saw, best first."""
    return tuple(map(Saw.of, ledger.sent))


def _unknown(_source: str, _name: str) -> None:
    """Nobody knows the kind."""


def changes(
    saw: Iterable[Saw],
    fingerprint: Callable[[str, str], str | None],
    facts: Callable[[str, str], Facts],
    kind: Callable[[str, str], str | None] = _unknown,
) -> Iterator[Change]:
    """What is not as it was seen, in the same order.

    Args:
        saw: what the answer saw.
        fingerprint: (source, name) -> its present fingerprint, None if it is gone.
        facts: (source, name) -> its present facts; asked only of what has changed.
        kind: (source, name) -> its present type, None if that is not known; spares a look at all that is inside of what
            only the name was told of.
    """
    for one in saw:
        if not one.fingerprint:
            continue  # of what came from another machine its name is known, and not how it was
        source, _, name = one.id.partition(":")
        if one.name_only and source in _NAMED and "type" in one.facts and one.facts["type"] == kind(source, name):
            continue
        present = fingerprint(source, name)
        if present == one.fingerprint:
            continue
        now = None if present is None else facts(source, name)
        if now is None or not _unseen_inside(source, one, now):
            yield Change(one.id, words(one.id, one.facts, now))


def _unseen_inside(source: str, saw: Saw, now: Facts) -> bool:
    """Whether no more than a name was told of it that still holds: of a file its path, of a variable name and type.

    Of an error, a branch or the machine, that line says what it is.
    """
    return source in _NAMED and saw.name_only and saw.facts.get("type", now.get("type")) == now.get("type")


def telling(found: Iterable[Change]) -> list[Change]:
    """The most telling first."""
    return sorted(found, key=_rank)


def line(found: Iterable[Change]) -> str:
    """All changes in one line, the most telling first; "" if there are none."""
    said = list(dict.fromkeys(change.words for change in telling(found)))
    more = len(said) - NAMED
    return ", ".join(said[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _rank(change: Change) -> int:
    """0 for what says most."""
    source = change.id.partition(":")[0]
    if source == "variables":
        return 2 if change.words.endswith(" changed") else 0
    return {"error": 0, "files": 1, "tools": 1, "cells": 2, "git": 3, "packages": 3}.get(source, 4)
