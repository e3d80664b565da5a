"""The tool that searches the project. Enters: words, or the name of a definition. Leaves: lines of files, with their numbers.

What is searched is what may be told: of a file below level 3 its outline, of rows of values their header.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ..beginning import beginning
from ..errors import ToolError
from ..index.symbols import landmarks
from ..records import Ask
from ..records.privacy import SAMPLES
from ..sources.variable_parts import ANY
from ..words import words
from .base import Arguments, Hands
from .over_files import OverFiles
from .reading import ROOM, takes, text, without_blocks

FILES = 10
"""Files of one result."""

LINES = 5
"""Lines of each."""

_LOOKED_AT = 40
_LINE_ROOM = 200


class Hit(NamedTuple):
    """A line that was found: its number from 1, 0 where it is no line of the file, and its text."""

    line: int
    text: str


class SearchProject(OverFiles):
    """Finds lines in the files that the files' source would tell of."""

    name = "search_project"
    description = (
        "Search the files of this project: for words or code anywhere in them, or for where a function or class of a name is "
        "defined and called. Use it to find the file to read."
    )
    schema = takes(
        "query",
        query=text("Words or a piece of code; with in=names the name of a function or class"),
        **{"in": {"type": "string", "enum": ["text", "names"], "description": "text (the usual) or names"}},
    )

    def fingerprint(self, arguments: Arguments) -> str | None:
        """A hash of what is found."""
        query, kind = arguments["query"], arguments.get("in", "text")
        self._project.refresh()
        return self._fresh.fingerprint(
            f"{kind} {query}", self._project.changes(), lambda: self._found(query, kind, ANY)
        )

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:  # noqa: ARG002
        """The lines.

        Raises:
            ToolError: nothing was found.
        """
        self._project.refresh()
        return self._found(arguments["query"], arguments.get("in", "text"), ask)

    def _found(self, query: str, kind: str, ask: Ask) -> str:
        parts: list[str] = []
        room, left = ROOM, 0
        for path, hits in self._named(query, ask) if kind == "names" else self._said(query, ask):
            said = "\n".join([path, *map(_line, hits)])
            room -= len(said) + 2
            if room < 0 or len(parts) == FILES:
                left += 1
            else:
                parts.append(said)
        if not parts:
            other = "Try in=text." if kind == "names" else "Try fewer or other words, or list_files."
            raise ToolError(f"Nothing in this project's files fits {query!r}", other)
        more = [f"… {left} more files: ask for something more special"] if left else []
        return "\n\n".join([*parts, *more])

    def _said(self, query: str, ask: Ask) -> Iterator[tuple[str, list[Hit]]]:
        """Files that hold the words: those that hold the very text first, then as the index ranks them."""
        wanted, phrase = list(dict.fromkeys(words(query))), " ".join(query.split()).lower()
        found = []
        for path in self._project.search(wanted, _LOOKED_AT):
            told = self._files.told(path, ask)
            if told is None:
                continue
            numbered = self._files.privacy(path, ask) >= SAMPLES
            hits, is_exact = _best(told, wanted, phrase, numbered=numbered)
            if hits or any(word in path.lower() for word in wanted):
                found.append((not is_exact, path, hits))
        yield from ((path, hits) for _, path, hits in sorted(found, key=lambda one: one[0]))

    def _named(self, query: str, ask: Ask) -> Iterator[tuple[str, list[Hit]]]:
        """Files that define the name, then those that call it."""
        name = query.strip().rpartition(".")[2].removesuffix("()")
        lines: dict[str, list[Hit]] = {}
        for path in self._project.defining([name]).get(name, ()):
            told = self._files.told(path, ask)
            if told is not None and self._files.privacy(path, ask) >= SAMPLES:
                marks = [mark for mark in landmarks(path, told) if mark.kind == "symbol" and mark.name == name]
                lines[path] = [Hit(mark.line, mark.text) for mark in marks]
            elif told:
                lines[path] = [Hit(0, line) for line in told.splitlines() if name in words_of(line)]
        for path, calls in groupby(self._project.callers(name), key=lambda call: call[0]):
            # The index may be older than the file, or than what may be told of it.
            is_whole = self._files.tells(path, ask) and self._files.privacy(path, ask) >= SAMPLES
            now = ["", *((self._files.told(path, ask) if is_whole else "") or "").splitlines()]
            calling = [Hit(number, f"calls it: {now[number].strip()}") for _, number in calls if number < len(now)]
            lines.setdefault(path, []).extend(hit for hit in calling if name in hit.text)
        yield from ((path, hits[:LINES]) for path, hits in lines.items() if hits)


def words_of(line: str) -> list[str]:
    """The names in a line of an outline."""
    return line.replace("(", " ").replace(",", " ").replace(")", " ").split()


def _best(told: str, wanted: Sequence[str], phrase: str, *, numbered: bool) -> tuple[list[Hit], bool]:
    """The lines that hold most, in their order; and whether one holds the very text."""
    scores: list[tuple[int, int, str]] = []
    for place, line in enumerate(without_blocks(told.splitlines()), 1):
        lower = line.lower()
        score = sum(word in lower for word in wanted)
        if score:
            is_exact = phrase in " ".join(lower.split())
            scores.append((score + is_exact * (len(wanted) + 1), place, line))
    best = sorted(scores, key=lambda one: (-one[0], one[1]))[:LINES]
    hits = [Hit(place if numbered else 0, line) for _, place, line in sorted(best, key=lambda one: one[1])]
    return hits, bool(best) and best[0][0] > len(wanted)


def _line(hit: Hit) -> str:
    short = beginning(hit.text.strip(), _LINE_ROOM)
    return f"  {hit.line}: {short}" if hit.line else f"  {short}"
