"""An answer as it is kept: its text, and the fingerprints of what it was told.

Enters: answers. Leaves: JSON text, and verdicts: an entry holds while everything it was told is still so.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Protocol, get_args

from ..records import LEVELS, Answer, Ask, Ledger, Timing, Usage
from ..records.ask import Status
from ..staleness import Change, Saw, changes, seen

LARGEST = 1 << 53
"""No number of ours is larger."""

OTHERS = 20
"""Lines of a ledger, of what was not sent, that an entry keeps for people to look at."""


class World(Protocol):
    """The present state of things, by source and name."""

    def fingerprint(self, source: str, name: str) -> str | None:
        """None if it is gone."""
        ...

    def facts(self, source: str, name: str) -> Mapping[str, int | str]:
        """A few small numbers and words about it."""
        ...

    def kind(self, source: str, name: str) -> str | None:
        """Its type, None if it is gone or of a source that does not tell."""
        ...

    def named(self, names: Sequence[str]) -> Collection[str]:
        """Ids of what these names mean."""
        ...


class Look(Protocol):
    """The present state of things as an entry is checked against it."""

    def fingerprint(self, source: str, name: str) -> str | None:
        """None if it is gone."""
        ...

    def facts(self, source: str, name: str) -> Mapping[str, int | str]:
        """A few small numbers and words about it."""
        ...

    def kind(self, source: str, name: str) -> str | None:
        """Its type, None if it is gone or of a source that does not tell."""
        ...

    @property
    def named(self) -> frozenset[str]:
        """Ids of what the question calls by name."""
        ...


class Present:
    """The present state of things for the length of one look: each is asked for once."""

    def __init__(self, now: World, names: Sequence[str]) -> None:
        """
        Args:
            now: whom to ask.
            names: the words of the question that may be names.
        """
        self._now = now
        self._names = names
        self._known: dict[tuple[str, str], str | None] = {}

    def fingerprint(self, source: str, name: str) -> str | None:
        """None if it is gone."""
        if (source, name) not in self._known:
            self._known[source, name] = self._now.fingerprint(source, name)
        return self._known[source, name]

    def facts(self, source: str, name: str) -> Mapping[str, int | str]:
        """A few small numbers and words about it."""
        return self._now.facts(source, name)

    def kind(self, source: str, name: str) -> str | None:
        """Its type, None if it is gone or of a source that does not tell."""
        return self._now.kind(source, name)

    @cached_property
    def named(self) -> frozenset[str]:
        """Ids of what the question calls by name."""
        return frozenset(self._now.named(self._names))


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One kept answer.

    Attributes:
        question: what was asked, with the gate's placeholders.
        text: the answer with the gate's placeholders, never with what they stand for.
        model: the full model name.
        ledger: what it was told, without texts.
        usage: what it cost when it was made, in tokens.
        created: seconds since the epoch.
        ended: how the provider ended it.
        mark: names the gate whose placeholders they are: only that one knows what they stand for.
    """

    question: str
    text: str
    model: str
    ledger: Ledger
    usage: Usage = field(default_factory=Usage)
    created: float = 0.0
    ended: str = "stop"
    mark: str = ""

    @property
    def told(self) -> frozenset[tuple[str, str]]:
        """The ids and fingerprints of what it was told: the state of the world that it holds in."""
        return frozenset((item.id, item.fingerprint) for item in self.ledger.sent)

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

    @cached_property
    def _saw(self) -> tuple[Saw, ...]:
        return seen(self.ledger)

    def changes(self, now: Look, apart_from: Collection[str] = ()) -> Iterator[Change]:
        """What no longer is as it was when this was answered; nothing if the answer holds.

        A thing that the question calls by name, and that was not there then, is one too: what @sales is, nobody could say.

        Args:
            now: the present state of things.
            apart_from: names of sources that do not count.
        """
        new = sorted(id_ for id_ in now.named.difference(self.ledger.named) if source_of(id_) not in apart_from)
        saw = (one for one in self._saw if source_of(one.id) not in apart_from) if apart_from else self._saw
        return chain(
            (Change(id_, _arrived(*id_.split(":", 1))) for id_ in new),
            changes(saw, now.fingerprint, now.facts, now.kind),
        )


def _arrived(source: str, name: str) -> str:
    """What a name means that meant nothing, or something else, before."""
    of_its_own = {"error": "there is an error now", "cells": "another cell has that number now"}
    return of_its_own.get(source, f"{name} is there now")


def source_of(id_: str) -> str:
    """The source that an id of the ledger begins with."""
    return id_.partition(":")[0]


def written(entry: Entry) -> str:
    """An entry as one line of ASCII."""
    row = {**asdict(replace(entry, ledger=Ledger())), "ledger": entry.ledger.shortened(OTHERS).to_dict()}
    return json.dumps(row, ensure_ascii=True, separators=(",", ":"))


def read(line: str) -> Entry:
    """The inverse of `written`.

    Raises:
        ValueError: it is not what `written` makes.
    """
    try:
        row = json.loads(line)
        found = Entry(**{**row, "ledger": Ledger.from_dict(row["ledger"]), "usage": Usage(**row["usage"])})
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not an answer of this cache") from error
    if not _is_sound(found):
        raise ValueError("not an answer of this cache")
    return found


def _is_sound(entry: Entry) -> bool:
    """Whether everything in it is what it should be: who shares a server with others may find anything there."""
    ledger = entry.ledger
    items = ledger.items
    texts: list[object] = [
        entry.question,
        entry.text,
        entry.model,
        entry.ended,
        entry.mark,
        *ledger.named,
        *ledger.outdated,
    ]
    texts += [text for note in ledger.notes for text in (note.source, note.message)]
    texts += [text for item in items for text in (item.source, item.name, item.why, item.fingerprint, item.title)]
    texts += [text for item in items for one in item.redactions for text in (one.kind, one.placeholder)]
    texts += [name for item in items for name in item.facts]
    sizes = [ledger.budget, ledger.tokens, ledger.turns, ledger.history, *asdict(entry.usage).values()]
    sizes += [size for item in items for size in (item.tokens, item.privacy)]
    sizes += [one.line for item in items for one in item.redactions]
    shares: list[object] = [entry.created, *ledger.seconds.values()]
    shares += [share for item in items for share in (item.score, *item.parts.values())]
    facts = [fact for item in items for fact in item.facts.values()]
    return (
        all(type(text) is str for text in texts)
        and all(type(size) is int and abs(size) < LARGEST for size in sizes)
        and all(type(share) in (int, float) and abs(share) < LARGEST for share in shares)  # type: ignore[arg-type]
        and all(type(fact) is str or (type(fact) is int and abs(fact) < LARGEST) for fact in facts)
        and {item.level for item in items} <= set(LEVELS)
        and {item.status for item in items} <= set(get_args(Status))
    )
