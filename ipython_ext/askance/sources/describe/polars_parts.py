"""What the fingerprint of polars' series covers: their values, however they are cut into chunks.

Enters: series of one length. Leaves: parts, for all values as far as that may cost, for the others at fixed places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from . import array_parts
from .flat import flat
from .looked import COLUMN, OBJECT, WHOLE, Looked, Purse, brief, places
from .table import STATISTICS_COLUMNS, told_rows
from .values import hashable_parts

_SAMPLED = 1500
_TEXT = 32
"""What a string costs besides its characters."""

_MOST_TEXTS = WHOLE // _TEXT
_NUMBERS = frozenset(
    "Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float32 Float64 Boolean Date Datetime Duration Time".split()
)
_TEXTS = frozenset("String Categorical Enum".split())


def parts(columns: Sequence[Any], every: int) -> Iterator[str | bytes | Looked]:
    """Parts of the columns of one table.

    Args:
        columns: those that are looked into; of the first ones something may be told.
        every: how many values the table has.
    """
    for column, chosen in _plan(columns):
        yield from _values(column if chosen is None else column.gather(chosen))
    yield from looked(columns, every)


def looked(columns: Sequence[Any], every: int) -> list[Looked]:
    """How many values that is, where it is not all."""
    count = sum(len(column) if chosen is None else len(chosen) for column, chosen in _plan(columns))
    return [Looked(count, every)] if count < every else []


def _plan(columns: Sequence[Any]) -> Iterator[tuple[Any, list[int] | None]]:
    rows = len(columns[0]) if columns else 0
    purse, others = Purse(), places(rows, max(1, _SAMPLED // max(1, len(columns))))
    for number, column in enumerate(columns):
        kind = type(column.dtype).__name__
        if kind == "Object":
            yield column, []
        elif purse.pays(COLUMN + _cost(column, kind)):
            yield column, None
        else:
            yield column, told_rows(rows) if number < STATISTICS_COLUMNS else others


def _cost(column: Any, kind: str) -> int:
    if kind in _NUMBERS:
        return 8 * len(column)
    if kind not in _TEXTS:
        return OBJECT * len(column)
    # Only where there are few enough, their characters are counted.
    many = len(column) > _MOST_TEXTS
    return WHOLE + 1 if many else _TEXT * len(column) + int(_texts(column, kind).str.len_bytes().sum())


def _values(column: Any) -> list[str | bytes]:
    kind = type(column.dtype).__name__
    if kind == "Object":
        return []
    if kind not in _NUMBERS and kind not in _TEXTS:
        values = column.to_list()
        found = flat(values)
        return [*hashable_parts(values)] if found is None else [found]
    missing = array_parts.whole(column.is_null().to_numpy()) if column.null_count() else []
    if kind in _NUMBERS:
        numbers = column.to_physical()
        return [*missing, *array_parts.whole((numbers.fill_null(0) if missing else numbers).to_numpy())]
    texts = _texts(column, kind).fill_null("")
    joined = texts.str.join("").item() if len(texts) else ""
    return [*missing, *array_parts.whole(texts.str.len_bytes().to_numpy()), brief(joined.encode())]


def _texts(column: Any, kind: str) -> Any:
    return column if kind == "String" else column.cast(str)
