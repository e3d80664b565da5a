"""Several questions as one, and its answer taken apart again.

Enters: questions. Leaves: one text that asks them all; from the answer as it streams, the pieces of each answer. A line of
its own with a word nobody can have written before stands before each answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_LINES = re.compile(r"[^\n]*\n|[^\n]+")

INSTRUCTIONS = (
    "These are {count} questions that have nothing to do with each other. Answer all of them, each on its own and in "
    "full, as if it had been asked alone. Before each answer write its line alone: {first} for the first, and so on; "
    "after the last answer write {end} alone."
)


def heading(mark: str, number: int) -> str:
    """The line before an answer, the first having number 1; after the last one, the line with number 0."""
    return f"=== {mark} {number or 'end'} ==="


def joined(questions: Sequence[str], mark: str) -> str:
    """One text that asks several questions.

    Args:
        questions: each as the user wrote it.
        mark: a word that stands in none of them; see `prompt.new_mark`.
    """
    said = INSTRUCTIONS.format(count=len(questions), first=heading(mark, 1), end=heading(mark, 0))
    asked = (f"{heading(mark, number)}\n{question}" for number, question in enumerate(questions, 1))
    return "\n\n".join([said, *asked])


class Sections:
    """Takes an answer apart as it comes.

    Args:
        count: how many answers there are to be.
        mark: the word of their headings.

    Attributes:
        whole: numbers of the answers that have ended: another heading came after them.
    """

    def __init__(self, count: int, mark: str) -> None:
        self.whole: set[int] = set()
        self._count = count
        self._heading = re.compile(rf"^[^\w\n]*{mark}[^\w\n]+(\d+|end)[^\w\n]*$")
        self._may_begin = re.compile(rf"^[^\w\n]*(?:{_beginnings(mark)})?$|^[^\w\n]*{mark}[^\w\n]+\w{{0,4}}[^\w\n]*$")
        self._line = ""
        self._begun = False
        self._number = 0

    def feed(self, text: str) -> Iterator[tuple[int, str]]:
        """More of the answer.

        Args:
            text: the next piece of it, cut anywhere.

        Yields:
            (number of the answer, the first being 1; a piece of it).
        """
        for part in _LINES.findall(text):
            self._line += part
            if self._line.endswith("\n"):
                yield from self._ended()
            elif self._begun or not self._may_begin.match(self._line):
                yield from self._released()

    def end(self, *, whole: bool) -> Iterator[tuple[int, str]]:
        """No more comes.

        Args:
            whole: whether the stream reached its end mark.

        Yields:
            As `feed`.
        """
        if whole or not self._line.lstrip().startswith("=="):  # half a heading is nobody's
            yield from self._ended()
        if whole and self._number:
            self.whole.add(self._number)

    def _ended(self) -> Iterator[tuple[int, str]]:
        """A line is here, all of it."""
        found = None if self._begun else self._heading.match(self._line.strip())
        if found is None:
            yield from self._released()
        else:
            self._turn(found[1])
            self._line = ""
        self._begun = False

    def _released(self) -> Iterator[tuple[int, str]]:
        """What is no heading belongs to the answer under way; what comes before the first one to none."""
        text, self._line, self._begun = self._line, "", True
        if text and self._number:
            yield self._number, text

    def _turn(self, name: str) -> None:
        """A heading: the answer before it has ended. One that comes twice, or that nobody asked for, begins nothing."""
        if self._number:
            self.whole.add(self._number)
        number = 0 if name == "end" else int(name)
        self._number = number if number <= self._count and number not in self.whole else 0


def _beginnings(word: str) -> str:
    return "|".join(re.escape(word[:length]) for length in range(1, len(word) + 1))
