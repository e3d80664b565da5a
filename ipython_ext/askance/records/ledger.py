"""What was decided: the items of an ask, sent or not, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .ask import Level, Status
from .request import Redaction


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of the ledger: a candidate, what was decided about it, and why.

    Attributes:
        level: the level it is rendered at; "name" for what was left out.
        tokens: what it takes of the budget, 0 if it was not sent.
        score: the chance that it helps, 0 to 1 (with the preset "classic": the sum of the parts).
        parts: what each reason ("mention", "similarity", "recency", ...) adds to the log-odds of that ("classic": to the score).
        why: the two or three parts that mattered, in words.
        text: exactly what is sent, "" if it is not.
        title: what a person calls it now, where the name is an id; "" if the name will do.
        facts: a few small numbers and words about it ("rows", "columns", "branch"), to say later what has changed.
        redactions: what the gate replaced in its text.
        privacy: how much of it might be told: 0 names, 1 schema, 2 statistics, 3 samples.
    """

    source: str
    name: str
    level: Level
    tokens: int
    score: float
    parts: Mapping[str, float]
    why: str
    fingerprint: str
    status: Status
    text: str = ""
    title: str = ""
    facts: Mapping[str, int | str] = field(default_factory=dict)
    redactions: tuple[Redaction, ...] = ()
    privacy: int = 3

    @property
    def id(self) -> str:
        """Its name in the ledger, unique over all sources."""
        return f"{self.source}:{self.name}"

    @property
    def sent(self) -> bool:
        """Whether any of it leaves the machine."""
        return self.status in ("sent", "lowered", "redacted", "kept")

    def to_dict(self) -> dict[str, Any]:
        """Everything but the text, as plain JSON values."""
        return {
            "id": self.id,
            "source": self.source,
            "name": self.name,
            "title": self.title,
            "level": self.level,
            "tokens": self.tokens,
            "score": round(self.score, 4),
            "parts": {part: round(value, 4) for part, value in self.parts.items()},
            "why": self.why,
            "fingerprint": self.fingerprint,
            "status": self.status,
            "facts": dict(self.facts),
            "privacy": self.privacy,
            "redactions": [
                {"kind": one.kind, "placeholder": one.placeholder, "line": one.line} for one in self.redactions
            ],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Item:
        """The inverse of `to_dict`; the text is gone."""
        fields = ("source", "name", "level", "tokens", "score", "parts", "why", "fingerprint", "status")
        where = f"{data['source']}:{data['name']}"
        return cls(
            **{name: data[name] for name in fields},
            title=data.get("title", ""),
            facts=data.get("facts", {}),
            privacy=data.get("privacy", 3),
            redactions=tuple(Redaction(where=where, **one) for one in data.get("redactions", ())),
        )


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something that reduced the context, said in words: a source that was late, a file that could not be read."""

    source: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """All context of one ask, in rank order: what is sent, what is not, and why.

    Attributes:
        items: best first, those left out included.
        budget: room for the whole request, in tokens.
        tokens: estimated size of the whole request (instructions, history, context, question), in tokens.
        turns: earlier turns of the thread that go along.
        history: what these take of the tokens, the items of status "kept" included.
        outdated: names of what earlier turns told and what is no longer so, where it is not told anew: the request says so.
        named: ids of all that the question calls by name, whether it is sent or not.
        notes: what reduced the context.
        seconds: time each source took.
    """

    items: tuple[Item, ...] = ()
    budget: int = 0
    tokens: int = 0
    turns: int = 0
    history: int = 0
    outdated: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def sent(self) -> tuple[Item, ...]:
        """The items that leave the machine, best first."""
        return tuple(item for item in self.items if item.sent)

    def shortened(self, others: int = 50) -> Ledger:
        """What is sent, and the first of the others: enough to be kept, and to be looked at."""
        dropped = {item.id for item in [item for item in self.items if not item.sent][others:]}
        return replace(self, items=tuple(item for item in self.items if item.id not in dropped))

    def to_dict(self) -> dict[str, Any]:
        """Everything but the items' texts, as plain JSON values."""
        return {
            "items": [item.to_dict() for item in self.items],
            "budget": self.budget,
            "tokens": self.tokens,
            "turns": self.turns,
            "history": self.history,
            "outdated": list(self.outdated),
            "named": list(self.named),
            "notes": [{"source": note.source, "message": note.message} for note in self.notes],
            "seconds": {name: round(value, 4) for name, value in self.seconds.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Ledger:
        """The inverse of `to_dict`; the items' texts are gone."""
        return cls(
            items=tuple(Item.from_dict(item) for item in data["items"]),
            budget=data["budget"],
            tokens=data["tokens"],
            turns=data.get("turns", 0),
            history=data.get("history", 0),
            outdated=tuple(data.get("outdated", ())),
            named=tuple(data.get("named", ())),
            notes=tuple(Note(**note) for note in data["notes"]),
            seconds=data["seconds"],
        )
