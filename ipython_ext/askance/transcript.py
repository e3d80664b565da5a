"""What was said before, by thread.

Enters: questions and answers. Leaves: the turns a new question continues, and a digest of them for the cache.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from .records import Ask
from .tokens import estimate

REMEMBERED = 200
"""Turns kept of one thread."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One question with its answer, and the cell it was asked in, if known."""

    question: str
    answer: str
    cell: str | None = None


class Transcript:
    """The threads of one session."""

    def __init__(self) -> None:
        self._threads: dict[str, list[Turn]] = {}

    def before(self, ask: Ask, room: int) -> list[Turn]:
        """The turns this ask continues, oldest first: those before its own earlier turn, if it is asked again.

        Args:
            ask: the question.
            room: tokens the turns may take together; older ones are left out first.
        """
        turns = self._threads.get(ask.thread, [])
        earlier = turns[: self._place(ask, turns)]
        kept: list[Turn] = []
        for turn in reversed(earlier):
            room -= estimate(turn.question) + estimate(turn.answer) + 8
            if room < 0:
                break
            kept.insert(0, turn)
        return kept

    def add(self, ask: Ask, answer: str) -> None:
        """Keep a turn; asked again, it takes the place of its earlier self and what came after stays."""
        turns = self._threads.setdefault(ask.thread, [])
        place = self._place(ask, turns)
        turns[place : place + 1] = [Turn(question=ask.question, answer=answer, cell=ask.cell)]
        del turns[:-REMEMBERED]

    @staticmethod
    def _place(ask: Ask, turns: Sequence[Turn]) -> int:
        """Where the ask stands in its thread: a re-run cell, or the last question repeated, stands where it stood."""
        for place, turn in enumerate(turns):
            if ask.cell is not None and turn.cell == ask.cell:
                return place
        if turns and turns[-1].question.strip() == ask.question.strip():
            return len(turns) - 1
        return len(turns)

    def threads(self) -> dict[str, Sequence[Turn]]:
        """Every thread's turns, oldest first."""
        return {name: tuple(turns) for name, turns in self._threads.items()}


def digest(turns: Sequence[Turn]) -> str:
    """A short name for a history: equal for equal turns, in any kernel."""
    hashed = hashlib.blake2b(digest_size=8)
    for turn in turns:
        for part in (turn.question, turn.answer):
            hashed.update(hashlib.blake2b(part.encode("utf-8", "surrogatepass"), digest_size=16).digest())
    return hashed.hexdigest()
