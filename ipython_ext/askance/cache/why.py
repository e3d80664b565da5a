"""Why a question was not answered from the cache.

Enters: questions as they are looked up, and what was found of them. Leaves: one line, and a fuller account of the last.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..staleness import Change, line
from .key import Question

MOST = 500
"""Questions whose last way of being asked is known, to say what is different this time."""

_WAYS: Mapping[str, str] = {
    "model": "of another model",
    "server": "of another server",
    "conversation": "after other turns of the conversation",
    "privacy": "with another privacy level",
    "temperature": "with another temperature",
    "budget": "with other sizes",
    "context": "with other context flags",
    "form": "for another form of answer",
    "schema": "for another schema",
    "pins": "with other pins",
    "mutes": "with other mutes",
}
"""What a part of a key that differs means, for people."""


@dataclass(frozen=True)
class Miss:
    """Nothing that holds.

    Attributes:
        why: in one line.
        question: what was asked.
        changes: what is not as the newest answer saw it.
        age: seconds since that answer was given; None if there is none.
    """

    why: str
    question: str = ""
    changes: tuple[Change, ...] = ()
    age: float | None = None

    def told(self) -> str:
        """The whole account, in a few lines."""
        lines = [f"{' '.join(self.question.split())[:200]!r} was not in the cache: {self.why}"]
        lines += [f"  {change.id}: {change.words}" for change in self.changes]
        lines += [f"  The answer that would have done is {span(self.age)} old."] if self.age is not None else []
        return "\n".join(lines)


class Asked:
    """Remembers how questions were asked, for as many as there is room."""

    def __init__(self) -> None:
        self._parts: OrderedDict[str, Mapping[str, object]] = OrderedDict()

    def otherwise(self, question: Question) -> str:
        """What is asked otherwise than the last time, "not asked before" if there was none; and remember this time."""
        before = self._parts.pop(question.words, None)
        self._parts[question.words] = question.parts
        while len(self._parts) > MOST:
            self._parts.popitem(last=False)
        if before is None or before == question.parts:
            return "not asked before"
        ways = [_WAYS[part] for part in question.parts if before[part] != question.parts[part]]
        return f"asked before, but {' and '.join(ways)}"


def changed(question: Question, changes: Sequence[Change], age: float) -> Miss:
    """The miss of a question with an answer for another state of the world."""
    return Miss(line(changes), question.words, tuple(changes), age)


def expired(question: Question, age: float, ttl: float) -> Miss:
    """The miss of a question with an answer that is too old."""
    return Miss(f"expired: {span(age)} old, kept for {span(ttl)}", question.words, (), age)


def span(seconds: float) -> str:
    """A time as people say it: "40 s", "12 min", "3 h", "5 days"."""
    if seconds == float("inf"):
        return "ever"
    for size, unit in ((172_800, "days"), (7200, "h"), (120, "min")):
        if seconds >= size or seconds == size / 2:
            said = f"{seconds / {'days': 86_400, 'h': 3600, 'min': 60}[unit]:,.0f} {unit}"
            return "1 day" if said == "1 days" else said
    return f"{seconds:.0f} s"
