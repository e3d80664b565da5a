"""One way to write tables, whatever library they come from.

Enters: a `Table` (bounded, already read out). Leaves: text of at most `ROOM` characters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ...beginning import beginning
from ...records import Level
from .looked import places

ROOM = 3900
"""Characters a description may take at any level, however wide the table."""

SCHEMA_COLUMNS = 60
STATISTICS_COLUMNS = 20
_SAMPLE_ROWS = 500
"""Rows that statistics look at, and of `_LONG` rows or more."""

_SAMPLE_OF_LONG = 200
_LONG = 100_000

_SCHEMA_ROOM = 1800
_LABEL_ROOM = 60


class Table(NamedTuple):
    """What is known of a table.

    Attributes:
        kind: the type's name.
        shape: in words ("100 rows x 3 columns").
        columns: (name, dtype) of the first columns, at most `SCHEMA_COLUMNS`.
        width: number of all columns.
        statistics: gives one line per column, of the first columns.
        rows: gives the first n rows, header first, as text cells.
    """

    kind: str
    shape: str
    columns: Sequence[tuple[str, str]]
    width: int
    statistics: Callable[[], list[str]] | None = None
    rows: Callable[[int], list[list[str]]] | None = None


def shape_words(rows: int, width: int) -> str:
    """How large a table is: 100 rows x 3 columns."""
    return f"{rows:,} rows x {width:,} columns"


def sample_step(rows: int) -> int:
    """The distance of the rows that statistics look at, from the first one on; 1 for all."""
    return max(1, -(-rows // (_SAMPLE_ROWS if rows < _LONG else _SAMPLE_OF_LONG)))


def told_rows(rows: int) -> list[int]:
    """The rows that anything may be told of, where not all are looked at; and both ends."""
    return sorted({*range(min(rows, 20)), *range(0, rows, sample_step(rows)), *places(rows, 0)})


def label(text: str) -> str:
    """A column's name on one line, cut."""
    flat = text if text.isprintable() else repr(text)[1:-1]
    kept = flat if len(flat) <= _LABEL_ROOM else beginning(flat, _LABEL_ROOM - 1)
    return kept if kept == flat else kept + "…"


def write(table: Table, level: Level, privacy: int) -> str:
    """The table at a level, with no more than the privacy level allows (1 schema, 2 statistics, 3 rows)."""
    if level == "name" or privacy < 1:
        return table.kind
    parts = [f"{table.kind}, {table.shape}", "columns: " + _schema(table)]
    if level in ("excerpt", "full") and privacy >= 2 and table.statistics is not None:
        parts += table.statistics()
    if level in ("excerpt", "full") and privacy >= 3 and table.rows is not None:
        parts += _rows(table.rows(20 if level == "full" else 5))
    return cut_lines("\n".join(parts), ROOM)


def cut_lines(text: str, room: int) -> str:
    """At most `room` characters, cut after a whole line where that is possible."""
    if len(text) <= room:
        return text
    kept = text[: room - 2]
    last_line = kept.rfind("\n")
    return (kept[:last_line] if last_line > room // 2 else kept) + "\n…"


def _schema(table: Table) -> str:
    said: list[str] = []
    room = _SCHEMA_ROOM
    for name, dtype in table.columns[:SCHEMA_COLUMNS]:
        column = f"{label(name)} {dtype}"
        room -= len(column) + 2
        if room < 0:
            break
        said.append(column)
    more = table.width - len(said)
    return ", ".join(said) + (f", +{more:,} more" if more else "")


def _rows(rows: Sequence[Sequence[str]]) -> list[str]:
    return [" | ".join(row) for row in rows]
