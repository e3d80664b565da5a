"""What was looked at and what was changed lately. Enters: paths and texts with their times. Leaves: latest first."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from .symbols import landmarks

MOST_LINES = 40
"""Lines kept of each side of an edit."""

_MOST_LETTERS = 200
_MOST_ABOVE = 1000


@dataclass(frozen=True)
class Edit:
    """A change of one file.

    Attributes:
        path: relative to the root.
        when: seconds, on the caller's clock.
        added: lines that are new, in order, at most `MOST_LINES`, cut where they are very long.
        removed: lines that are gone, likewise. A line that only moved is in neither.
        names: the definitions that these lines belong to, in the file's order, those that are gone last.
    """

    path: str
    when: float
    added: tuple[str, ...]
    removed: tuple[str, ...]
    names: tuple[str, ...]


class RecentFiles:
    """The files last touched, at most `limit`. Thread-safe."""

    def __init__(self, limit: int = 50) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._touched: dict[str, float] = {}

    def touch(self, path: str, when: float) -> None:
        """Note that a file was opened, shown or changed at `when` (seconds); an older time than known changes nothing."""
        with self._lock:
            if when < self._touched.get(path, when):
                return
            self._touched.pop(path, None)
            self._touched[path] = when
            if len(self._touched) > self._limit:
                del self._touched[self._ordered()[-1]]

    def files(self) -> tuple[str, ...]:
        """Paths, latest first."""
        with self._lock:
            return tuple(self._ordered())

    def _ordered(self) -> list[str]:
        return sorted(self._touched, key=self._touched.__getitem__)[::-1]


class RecentEdits:
    """The last edits, at most `limit`. Thread-safe."""

    def __init__(self, limit: int = 200) -> None:
        self._edits: deque[Edit] = deque(maxlen=limit)

    def edited(self, path: str, before: str | None, after: str | None, when: float) -> None:
        """Note a change; texts that are equal are none.

        Args:
            path: relative to the root.
            before: the text as it was, None if the file is new.
            after: the text as it is, None if the file is gone.
            when: seconds, on the caller's clock.
        """
        if before != after:
            self._edits.appendleft(difference(path, before or "", after or "", when))  # atomic

    def edits(self) -> tuple[Edit, ...]:
        """Edits, latest first."""
        return tuple(self._edits.copy())


def difference(path: str, before: str, after: str, when: float) -> Edit:
    """What changed between two texts. Lines between the first and the last change are compared as bags, not in order."""
    old, new = ([line.rstrip("\r") for line in text.split("\n")] for text in (before, after))
    start = _same(zip(old, new, strict=False))
    rest = min(len(old), len(new)) - start
    end = _same(islice(zip(reversed(old), reversed(new), strict=False), rest))
    changed, gone = range(start, len(new) - end), range(start, len(old) - end)
    added, removed = _missing(new, changed, old, gone), _missing(old, gone, new, changed)
    names = dict.fromkeys([*_names(path, new, added), *_names(path, old, removed)])
    return Edit(path, when, _kept(new, added), _kept(old, removed), tuple(names))


def _same(pairs: Iterable[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _missing(lines: Sequence[str], places: range, others: Sequence[str], elsewhere: range) -> list[int]:
    """Places of the lines that are not among the others, or not so often; blank ones never count."""
    left = Counter(others[elsewhere.start : elsewhere.stop])
    missing = []
    for place in places:
        if left[lines[place]] > 0:
            left[lines[place]] -= 1
        elif lines[place].strip():
            missing.append(place)
    return missing[:MOST_LINES]


def _kept(lines: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(lines[place][:_MOST_LETTERS] for place in places)


def _names(path: str, lines: Sequence[str], places: Sequence[int]) -> Iterator[str]:
    """The innermost definitions around some lines: up from each of them, along the lines that are indented less."""
    for place in places:
        indent = _indent(lines[place]) + 1
        for above in range(place, max(-1, place - _MOST_ABOVE), -1):
            line = lines[above]
            if line and _indent(line) < indent and line.strip() and line.lstrip()[0] not in ")}]":
                marks = landmarks(path, line)
                if marks and marks[0].kind == "symbol":
                    yield marks[0].name
                    break
                indent = _indent(line)
            if not indent:
                break


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
