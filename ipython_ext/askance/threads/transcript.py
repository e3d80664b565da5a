"""What was said before, by thread.

Enters: turns, and what a user does with threads. Leaves: the turns that a new question continues.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import UsageError
from ..records import Ask
from .turn import Turn

REMEMBERED = 200
"""Turns kept of one thread."""

MOST_BESIDE = 8
"""Of the turns asked beside an ask, the latest that it may not have heard."""

MAIN = "main"


class Transcript:
    """The threads of one session.

    Attributes:
        current: the thread that a question belongs to unless it names another.
    """

    def __init__(self) -> None:
        self.current = MAIN
        self._threads: dict[str, list[Turn]] = {}
        self._forks: dict[str, tuple[str, int]] = {}

    def before(self, ask: Ask) -> Sequence[Turn]:
        """The turns this ask continues, oldest first: those before its own earlier turn, if it is asked again."""
        turns = self._threads.get(ask.thread, [])
        return tuple(turns[: self._place(ask, turns)])

    def ways(self, ask: Ask) -> Iterator[Sequence[Turn]]:
        """The turns this ask may have continued when it was asked before.

        All those before it; for one in the background also fewer of the others there, whose answers came when they came.
        """
        turns = self.before(ask)
        yield turns
        beside = [turn for turn in turns if turn.beside] if ask.background else []
        for count in range(1, min(len(beside), MOST_BESIDE) + 1):
            unheard = set(map(id, beside[-count:]))
            yield tuple(turn for turn in turns if id(turn) not in unheard)

    def add(self, ask: Ask, turn: Turn) -> None:
        """Keep a turn; asked again, it takes the place of its earlier self, and what came after stays.

        Those asked in the background stand in the order of asking, whichever was answered first.
        """
        turns = self._threads.setdefault(ask.thread, [])
        place = self._place(ask, turns)
        old = turns[place] if place < len(turns) else None
        if old is None:
            while turn.beside and place and turns[place - 1].beside and turns[place - 1].asked > turn.asked:
                place -= 1
        elif not turn.content and (old.question, old.answer) == (turn.question, turn.answer):
            turn = replace(old, cell=turn.cell)  # the cache gave it again, and does not know what was sent for it
        if old is not None and old.question == turn.question:
            turn = turn.of_cells_of(old)
        begun = turn if place or turn.carried is not None else replace(turn, carried=0)
        turns[place : place + (old is not None)] = [begun]
        del turns[:-REMEMBERED]

    @staticmethod
    def _place(ask: Ask, turns: Sequence[Turn]) -> int:
        """Where the ask stands in its thread: a re-run cell, or the last question repeated, stands where it stood."""
        same = [turn.question.strip() == ask.question.strip() for turn in turns]
        for place, turn in enumerate(turns):
            if ask.cell is not None and (turn.cell == ask.cell or (ask.cell in turn.also and same[place])):
                return place
        return len(turns) - 1 if same and same[-1] else len(turns)

    def threads(self) -> Mapping[str, Sequence[Turn]]:
        """Every thread's turns, oldest first."""
        return {name: tuple(turns) for name, turns in list(self._threads.items())}

    def turns(self, thread: str) -> Sequence[Turn]:
        """The turns of a thread, oldest first.

        Raises:
            UsageError: there is no such thread.
        """
        if thread not in self._threads:
            known = ", ".join(self._threads) or "none yet"
            raise UsageError(f"There is no thread {thread!r}", f"Known: {known}.")
        return tuple(self._threads[thread])

    def fork(self, thread: str, number: int, into: str = "") -> str:
        """Begin a thread with the first turns of another, and make it the current one.

        Done before, the one of that name goes on as it is: a notebook may be run again.

        Args:
            thread: the other.
            number: how many turns it takes over.
            into: its name; "" for one that is free.

        Returns:
            Its name.

        Raises:
            UsageError: there is no such thread or turn, or the name is taken by one that began otherwise.
        """
        turns = self._first(thread, number)
        if self._forks.get(into) == (thread, number) and _said(self._threads[into][:number]) == _said(turns):
            self.current = into
            return into
        if into in self._threads:
            raise UsageError(f"There is a thread {into!r} already", f"Type: %threads reset {into}")
        free = (f"{thread}-{count}" for count in range(2, len(self._threads) + 3))
        name = into or next(name for name in free if name not in self._threads)
        self._threads[name] = turns
        self._forks[name] = (thread, number)
        self.current = name
        return name

    def rewind(self, thread: str, number: int) -> int:
        """Forget what came after the first turns of a thread.

        Args:
            thread: which.
            number: how many turns stay.

        Returns:
            How many were forgotten.

        Raises:
            UsageError: there is no such thread or turn.
        """
        kept = self._first(thread, number)
        forgotten = len(self._threads[thread]) - len(kept)
        self._threads[thread] = kept
        return forgotten

    def reset(self, thread: str | None = None) -> None:
        """Forget a thread, or all of them (None).

        Raises:
            UsageError: there is no such thread.
        """
        if thread is None:
            self._threads.clear()
            self._forks.clear()
            self.current = MAIN
            return
        self.turns(thread)
        del self._threads[thread]
        self._forks.pop(thread, None)

    def _first(self, thread: str, number: int) -> list[Turn]:
        turns = self.turns(thread)
        if not 0 <= number <= len(turns):
            raise UsageError(f"{thread} has {len(turns)} turns, not {number}", f"Type: %threads show {thread}")
        return list(turns[:number])

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        threads = {name: [turn.to_dict() for turn in turns] for name, turns in list(self._threads.items())}
        forks = {name: list(fork) for name, fork in self._forks.items()}
        return {"current": self.current, "threads": threads, "forks": forks}

    def take(self, data: Mapping[str, Any]) -> None:
        """Put what `to_dict` gave in place of all there is.

        Raises:
            ValueError: it is not what `to_dict` makes; then nothing has changed.
        """
        try:
            current = str(data["current"])
            threads = {str(name): [Turn.from_dict(row) for row in rows] for name, rows in data["threads"].items()}
            forks = {str(name): (str(one), int(number)) for name, (one, number) in data.get("forks", {}).items()}
        except (KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ValueError("not a transcript") from error
        self.current, self._threads = current, threads
        self._forks = {name: fork for name, fork in forks.items() if name in threads}


def _said(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    return [(turn.question, turn.answer) for turn in turns]
