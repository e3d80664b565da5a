"""An answer as it is kept: its text, and the fingerprints of what it was told.

Enters: answers. Leaves: JSON text, and verdicts: an entry holds while everything it was told is still so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from ..differences import words
from ..records import Answer, Ask, Ledger, Timing, Usage

VARIANTS = 4
"""Answers kept of one question, for different states of the world: undoing an edit finds the old one again."""


class World(Protocol):
    """The present state of things, by source and name."""

    def fingerprint(self, source: str, name: str) -> str | None:
        """None if it is gone."""
        ...

    def facts(self, source: str, name: str) -> Mapping[str, int | str]:
        """A few small numbers and words about it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One kept answer.

    Attributes:
        text: the answer with the gate's placeholders, never with what they stand for.
        model: the full model name.
        ledger: what it was told, without texts.
        usage: what it cost when it was made, in tokens.
        created: seconds since the epoch.
        ended: how the provider ended it.
    """

    text: str
    model: str
    ledger: Ledger
    usage: Usage = field(default_factory=Usage)
    created: float = 0.0
    ended: str = "stop"

    def answer(self, ask: Ask, text: str, tier: str, seconds: float) -> Answer:
        """The kept answer, given again.

        Args:
            ask: the question it answers now.
            text: its text, the placeholders put back.
            tier: where it was found.
            seconds: how long that took.
        """
        return Answer(
            question=ask.question,
            text=text,
            model=self.model,
            thread=ask.thread,
            ledger=self.ledger,
            usage=self.usage,
            timing=Timing(total=seconds),
            cached=tier,
            id=ask.id,
            cost=0.0,
            ended="length" if self.ended == "length" else "stop",
        )

    def changed(self, now: World) -> str:
        """What no longer holds, in words; "" if all of it does.

        Args:
            now: the present state of things.
        """
        for item in self.ledger.sent:
            present = now.fingerprint(item.source, item.name)
            if present != item.fingerprint:
                facts = None if present is None else now.facts(item.source, item.name)
                return words(item.id, item.facts, facts)
        return ""


def pack(entries: Sequence[Entry]) -> str:
    """Entries as JSON text."""
    rows = [{**asdict(entry), "ledger": entry.ledger.shortened().to_dict()} for entry in entries[:VARIANTS]]
    return json.dumps(rows, ensure_ascii=True, separators=(",", ":"))


def unpack(text: str) -> list[Entry]:
    """The inverse of `pack`.

    Raises:
        ValueError: it is not what `pack` makes.
    """
    try:
        return [_entry(row) for row in json.loads(text)]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not an answer of this cache") from error


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(**{**row, "ledger": Ledger.from_dict(row["ledger"]), "usage": Usage(**row["usage"])})
