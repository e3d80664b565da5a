"""The answers that a notebook was given: what it needs to be run again without a model.

Enters: asks with their answers, as they are given. Leaves: the latest answer of each cell, in the order of the cells'
first asking.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..records import Ask
from .entry import Entry
from .key import Question

MOST = 1000
"""Answers that are remembered; the oldest go first."""


@dataclass(frozen=True)
class Recorded:
    """An answer as it travels with a notebook: its question's portable name, the conversation it belongs to, itself."""

    portable: str
    thread: str
    entry: Entry


class Given:
    """The answers given in this kernel.

    Args:
        follow: is told of each, to write it down; see `recording.py`.
    """

    def __init__(self, follow: Callable[[Recorded], None] | None = None) -> None:
        self._follow = follow
        self._held: dict[str, Recorded] = {}

    def add(self, ask: Ask, question: Question, entry: Entry) -> None:
        """An answer is given: in place of what the same cell had before."""
        recorded = Recorded(question.portable, ask.thread, entry)
        self._held[ask.cell or question.portable] = recorded
        if len(self._held) > MOST:
            del self._held[next(iter(self._held))]
        if self._follow is not None:
            self._follow(recorded)

    def all(self) -> Sequence[Recorded]:
        """Every answer a notebook needs, once each."""
        return list({one.portable: one for one in self._held.values()}.values())
