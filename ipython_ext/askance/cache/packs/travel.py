"""What of an answer travels with a notebook: nothing of the machine it was made on, and no names that only one kernel knows.

Enters: entries, and the present state of things. Leaves: entries that another kernel can check, and that state as they see it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from math import floor

from ...records import Item, Ledger
from ..entry import Entry, Look, source_of

MACHINE = frozenset(("environment", "packages", "git", "tabs"))
"""Sources that tell of the machine and not of the notebook: for an answer that came with the notebook they do not count."""

FOUND_LATE = frozenset(("files", "imports"))
"""Sources that may not know yet what a name means: in a new kernel, or on a slower machine, a project is still being read.
A recorded answer must not fail for that. What an answer was told of files counts all the same."""

BY_TEXT = "#"
"""Begins the name of a cell that is known by what it says: front ends give cells ids, programs that execute notebooks none."""


def travelling(entry: Entry) -> Entry:
    """The entry as it travels: what was sent, without scores and times, and of the machine no more than the names."""
    ledger = entry.ledger
    ids = {item.id: _item(item).id for item in ledger.sent}
    named = sorted(
        ids.get(id_, id_)
        for id_ in ledger.named
        if source_of(id_) not in MACHINE | FOUND_LATE and (source_of(id_) != "cells" or id_ in ids)
    )
    told = Ledger(
        items=tuple(map(_item, ledger.sent)),
        budget=ledger.budget,
        tokens=ledger.tokens,
        turns=ledger.turns,
        history=ledger.history,
        named=tuple(named),
    )
    return replace(entry, ledger=told, created=float(floor(entry.created)), mark="")


def told(entry: Entry) -> frozenset[tuple[str, str]]:
    """What the answer depends on, for people as for machines the same: ids and fingerprints."""
    items = map(_item, entry.ledger.sent)
    return frozenset((item.id, item.fingerprint) for item in items if item.source not in MACHINE)


class Travelled:
    """The present state of things as an answer from another kernel knows it: all the same, but for the names of cells."""

    def __init__(self, now: Look) -> None:
        """
        Args:
            now: as this kernel knows it.
        """
        self._now = now
        self.fingerprint, self.facts, self.kind = now.fingerprint, now.facts, now.kind

    @cached_property
    def named(self) -> frozenset[str]:
        """Ids of what the question calls by name."""
        return frozenset(self._abroad(id_) for id_ in self._now.named if source_of(id_) not in FOUND_LATE)

    def _abroad(self, id_: str) -> str:
        source, _, name = id_.partition(":")
        return _by_text(name, self._now.fingerprint(source, name) or "") if source == "cells" else id_


def _item(item: Item) -> Item:
    bare = replace(item, score=0.0, parts={}, why="", text="")
    if item.source in MACHINE:
        return replace(bare, fingerprint="", facts={}, title="")
    if item.source == "cells":
        return replace(bare, name=_by_text(item.name, item.fingerprint).partition(":")[2])
    return bare


def _by_text(name: str, fingerprint: str) -> str:
    return f"cells:{name if name.startswith(BY_TEXT) else BY_TEXT + fingerprint}"
