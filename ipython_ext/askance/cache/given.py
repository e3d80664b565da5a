"""The answers that a notebook was given: what it needs to be run again without a model.

Enters: asks as they begin, and with their answers. Leaves: the latest answer of each cell, in the order of the cells'
first asking.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..records import Ask
from .entry import Entry
from .key import Question
from .packs.travel import told

MOST = 1000
"""Asks that are remembered; the oldest go first."""


@dataclass(frozen=True)
class Recorded:
    """An answer as it travels with a notebook.

    Attributes:
        portable: its question's portable name.
        thread: the conversation it belongs to.
        entry: the answer itself.
        key: its question's name among the answers of this user; "" for one from a file.
    """

    portable: str
    thread: str
    entry: Entry
    key: str = ""

    @property
    def place(self) -> tuple[str, object]:
        """What it answers: its question, in the state of the world that it saw."""
        return self.portable, told(self.entry)


class Given:
    """The answers given in this kernel.

    Attributes:
        follow: is told when there is another; see `packs/recording.py`.
    """

    def __init__(self) -> None:
        self.follow: Callable[[], None] | None = None
        self._asked: dict[str, str] = {}
        self._held: dict[str, Recorded] = {}

    def begin(self, ask: Ask, question: Question) -> None:
        """A question is asked: its answer's place is here, however long it takes."""
        self._asked[_name(ask)] = question.portable  # asked again, it stays where it was
        if len(self._asked) > MOST:
            oldest = next(iter(self._asked))
            del self._asked[oldest]
            self._held.pop(oldest, None)

    def add(self, ask: Ask, question: Question, entry: Entry) -> None:
        """An answer is given: in place of what the same cell had before."""
        self._asked[_name(ask)] = question.portable
        self._held[_name(ask)] = Recorded(question.portable, ask.thread, entry, question.key)
        if self.follow is not None:
            self.follow()

    def put(self, one: Recorded, entry: Entry) -> None:
        """Another answer in place of one that was given."""
        for name, held in list(self._held.items()):
            if held.place == one.place:
                self._held[name] = replace(held, entry=entry)
        if self.follow is not None:
            self.follow()

    def all(self) -> Sequence[Recorded]:
        """Every answer a notebook needs, once each; of one question there may be several, for different states of the world."""
        held = [self._held[name] for name in list(self._asked) if name in self._held]
        return list({one.place: one for one in held}.values())

    @property
    def lacking(self) -> int:
        """Questions that were asked and have no answer: stopped, failed, or still under way."""
        answered = {one.portable for one in list(self._held.values())}
        return len(set(self._asked.copy().values()) - answered)


def _name(ask: Ask) -> str:
    return ask.cell or ask.id
