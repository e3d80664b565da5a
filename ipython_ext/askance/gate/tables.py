"""Columns of printed tables whose header tells that they hold secrets.

Enters: a text, and a telling name in it. Leaves: the cells below that name, if it heads a column: as pandas and other
libraries print tables, in Markdown and boxes, in CSV and TSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from . import harmless, look
from .names import FAIR, STRONG, Hint

ROWS = 500
"""Rows looked at below a header."""

BUDGET = 10_000
"""Rows looked at in one text, all its tables together."""

COLUMNS = 8
"""Columns of one header that are looked at."""

WIDEST = 2000
"""Characters of a header."""

_BARS = re.compile(r"[|│┆┃]")
_CELL = re.compile(r"\S+")
_HEADER = re.compile(r"[\"']?[\w .#/-]{1,60}[\"']?")
_NAME = re.compile(r"[\w.%/#()-]+")
_RULE = re.compile(r"[\s\-=+:|│┆┃─━═╌┄┈╪╞╡├┤┼┬┴┌┐└┘╭╮╰╯…]*")
_DULL = re.compile(
    r"(?i)nan|none|null|nat|true|false|<na>|\.{2,3}|…|[-+]?\d{0,5}(?:\.\d+)?(?:e[-+]?\d+)?|str|object|string|u?int\d+|float\d+|i64|"
    r"bool|category|cat|dtype.*|-+|non-null|\d+ non-null.*"
)


class _Line(NamedTuple):
    start: int
    end: int


class Tables:
    """Finds them one after the other; a row of one is not the header of the next."""

    def __init__(self) -> None:
        self._header = -1
        self._columns = 0
        self._budget = BUDGET

    def below(self, text: str, start: int, end: int, hint: Hint) -> Iterator[tuple[int, int]]:
        """The cells of the column that the name from `start` to `end` heads, if it heads any.

        Args:
            text: anything.
            start: where the name begins.
            end: where it ends.
            hint: what the name says.
        """
        header = _line(text, start)
        self._columns = self._columns + 1 if header.start == self._header else 0
        self._header = header.start
        if hint.strength < FAIR or self._columns >= COLUMNS or not start - header.start < WIDEST > header.end - start:
            return
        column = _column(text[header.start : header.end], start - header.start, end - header.start)
        if column is not None:
            yield from self._cells(text, header.end + 1, column, hint)

    def _cells(self, text: str, place: int, column: _Column, hint: Hint) -> Iterator[tuple[int, int]]:
        empty = 0
        for _ in range(min(ROWS, self._budget)):
            row = _line(text, place)
            words = text[row.start : row.end]
            self._budget -= 1
            if not words.strip():
                empty += 1
            elif not _RULE.fullmatch(words):
                cell = column(words)
                if cell is None:
                    return
                if _secret(words[cell[0] : cell[1]], hint):
                    yield row.start + cell[0], row.start + cell[1]
            place = row.end + 1
            if empty > 1 or place >= len(text):
                return


def _line(text: str, place: int) -> _Line:
    """The line around a place, or as much of it as a table's line may have."""
    start = text.rfind("\n", max(0, place - WIDEST), place) + 1 or max(0, place - WIDEST)
    end = text.find("\n", place, place + WIDEST)
    return _Line(start, min(len(text), place + WIDEST) if end < 0 else end)


def _column(line: str, start: int, end: int) -> _Column | None:
    """How to find the cell of a row, or nothing if the line is no header."""
    if _BARS.search(line):
        return _Bars(len(_BARS.findall(line[:start])), len(_BARS.findall(line)))
    for sign in ("\t", ",", ";"):
        if sign in line and all(_HEADER.fullmatch(field.strip()) for field in line.split(sign)):
            return _Fields(sign, line[:start].count(sign), line.count(sign))
    words = [match.span() for match in _CELL.finditer(line)]
    if len(words) > 1 and (start, end) in words and all(_NAME.fullmatch(line, *word) for word in words):
        first = len(line) - len(line.lstrip())
        spread = re.search(r"\S {2,}\S", line) is not None
        return _Aligned(start, end, len(words), first, spread)
    return None


class _Bars(NamedTuple):
    place: int
    total: int

    def __call__(self, row: str) -> tuple[int, int] | None:
        bars = [match.start() for match in _BARS.finditer(row)]
        if len(bars) != self.total:
            return None
        from_ = bars[self.place - 1] + 1 if self.place else 0
        to = bars[self.place] if self.place < len(bars) else len(row)
        return _stripped(row, from_, to)


class _Fields(NamedTuple):
    sign: str
    place: int
    total: int

    def __call__(self, row: str) -> tuple[int, int] | None:
        if row.count(self.sign) < self.total:
            return None
        from_ = 0
        for _ in range(self.place):
            from_ = row.index(self.sign, from_) + 1
        to = row.find(self.sign, from_)
        return _stripped(row, from_, len(row) if to < 0 else to)


class _Aligned(NamedTuple):
    start: int
    end: int
    words: int
    first: int
    """Where the header's first word begins: before it, rows have their index."""

    spread: bool
    """Whether two words of the header are further apart than in a sentence."""

    def __call__(self, row: str) -> tuple[int, int] | None:
        cells = [match.span() for match in _CELL.finditer(row)]
        if len(cells) < self.words or not (self.spread or (self.first and cells[0][1] <= self.first)):
            return None
        return next((cell for cell in cells if cell[1] == self.end or cell[0] == self.start), None)


_Column = _Bars | _Fields | _Aligned


def _stripped(row: str, from_: int, to: int) -> tuple[int, int]:
    word = row[from_:to]
    start = from_ + len(word) - len(word.lstrip(" \t\"'`"))
    return start, max(start, to - len(word) + len(word.rstrip(" \t\"'`\r")))


def _secret(word: str, hint: Hint) -> bool:
    if len(word) < 4 or " " in word or _DULL.fullmatch(word) or harmless.stand_in(word) or harmless.named_after(word):
        return False
    digits = look.digits(word) > 0
    if hint.strength == STRONG:
        return digits or not look.wordy(word) or hint.kind == "PASSWORD"
    return digits and look.random(word, 8)
