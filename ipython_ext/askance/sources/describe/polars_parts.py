"""What the fingerprint of polars' series covers: their values, however they are cut into chunks.

Enters: a frame. Leaves: parts, for all values as far as that may cost, for the others at fixed places.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from . import array_parts
from .flat import flat
from .looked import COLUMN, OBJECT, WHOLE, Looked, Purse, brief, places
from .table import STATISTICS_COLUMNS, told_rows
from .values import hashable_parts

_Plan = list[tuple[Any, list[int] | None]]

WIDTH = 200
"""Columns that a fingerprint looks into; of wider frames into the first ones, and some of the others."""

_SAMPLED = 1500
_SHORT = 1000
"""Up to this length, values are faster made Python objects than asked for through polars' expressions."""

_TEXT = 18
"""What a string costs besides its characters."""

_ELEMENT = 60
"""What an element of a list costs."""

_NUMBERS = frozenset(
    "Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float32 Float64 Boolean Date Datetime Duration Time".split()
)
_TEXTS = frozenset("String Categorical Enum".split())


def parts(frame: Any) -> Iterator[str | bytes | Looked]:
    """Parts of the columns of a frame."""
    planned = _plan(frame)
    texts = [column.name for column, chosen in planned if chosen is None and _kind(column) == "String"]
    if frame.height > _SHORT and texts:
        yield from _long_texts(frame.select(texts))
    for column, chosen in planned:
        if chosen is not None or frame.height <= _SHORT or _kind(column) != "String":
            yield from _values(column if chosen is None else column.gather(chosen))
    yield from _looked(frame, planned)


def looked(frame: Any) -> list[Looked]:
    """How many values that is, where it is not all."""
    return _looked(frame, _plan(frame))


def _looked(frame: Any, planned: _Plan) -> list[Looked]:
    count = sum(len(column) if chosen is None else len(chosen) for column, chosen in planned)
    every = frame.width * frame.height
    return [Looked(count, every)] if count < every else []


def _plan(frame: Any) -> _Plan:
    """The columns to look into, each with the places to look at, None for all of it."""
    rows, step = frame.height, max(1, -(-frame.width // WIDTH))
    near = {*range(min(frame.width, STATISTICS_COLUMNS)), *range(0, frame.width, step)}
    columns = [frame.to_series(place) for place in sorted(near)]
    characters = _characters(frame, [column.name for column in columns if _kind(column) == "String"])
    purse, others = Purse(), places(rows, max(1, _SAMPLED // max(1, len(columns))))
    planned: _Plan = []
    for number, column in enumerate(columns):
        if _kind(column) == "Object":
            planned.append((column, []))
        elif purse.pays(COLUMN + _cost(column, characters.get(column.name))):
            planned.append((column, None))
        else:
            planned.append((column, told_rows(rows) if number < STATISTICS_COLUMNS else others))
    return planned


def _characters(frame: Any, names: list[str]) -> dict[str, int]:
    """How long the strings of each column are together, for all columns at once; nothing where it does not matter."""
    if not names or frame.height <= _SHORT or _TEXT * frame.height > WHOLE:
        return {}
    every = sys.modules["polars"].all()
    return {
        name: size or 0
        for name, size in frame.select(names).select(every.str.len_bytes().sum()).row(0, named=True).items()
    }


def _cost(column: Any, characters: int | None = None) -> int:
    """What looking at all of it costs, as a `Purse` counts; more than that holds, where to count would cost too much.

    Args:
        column: a series.
        characters: how long its strings are together, if that is known.
    """
    kind, rows = _kind(column), len(column)
    if kind in _NUMBERS:
        return 8 * rows
    if rows <= _SHORT and kind in _TEXTS:
        return OBJECT * rows
    if _TEXT * rows > WHOLE:
        return WHOLE + 1
    if kind == "String":
        return _TEXT * rows + (int(column.str.len_bytes().sum()) if characters is None else characters)
    if kind in _TEXTS:
        return 2 * _TEXT * rows
    if kind == "List":
        elements = int(column.list.len().sum() or 0)
        return _ELEMENT * (rows + elements) + _cost(column.explode()) if _ELEMENT * elements < WHOLE else WHOLE + 1
    if kind == "Struct":
        return sum(map(_cost, _fields(column)))
    return 10 * OBJECT * rows


def _values(column: Any) -> list[str | bytes]:
    kind = _kind(column)
    if kind in _NUMBERS:
        missing = array_parts.whole(column.is_null().to_numpy()) if column.null_count() else []
        numbers = column.to_physical()
        return [*missing, *array_parts.whole((numbers.fill_null(0) if missing else numbers).to_numpy())]
    if kind == "Struct":
        return [part for field in [column.is_null(), *_fields(column)] for part in _values(field)]
    if len(column) > _SHORT and kind in _TEXTS:
        return [*_long_texts(column.cast(sys.modules["polars"].String).to_frame())]
    if len(column) > _SHORT and kind == "List":
        return [*_values(column.list.len()), *_values(column.explode())]
    values = [] if kind == "Object" else column.to_list()
    found = flat(values)
    return [*hashable_parts(values)] if found is None else [found]


def _long_texts(frame: Any) -> Iterator[str | bytes]:
    """Columns of strings: which are missing, how long each is, and all of them one after the other.

    All columns at once, for each question to polars takes a tenth of a millisecond.
    """
    every = sys.modules["polars"].all()
    filled = every.fill_null("")
    joined = frame.select(filled.str.join("")).row(0)
    for lengths, text in zip(frame.select(every.str.len_bytes()).iter_columns(), joined, strict=True):
        missing = lengths.null_count()
        yield from array_parts.whole(lengths.is_null().to_numpy()) if missing else ()
        yield from array_parts.whole((lengths.fill_null(0) if missing else lengths).to_numpy())
        yield brief(text.encode())


def _fields(column: Any) -> list[Any]:
    return [column.struct.field(name) for name in column.struct.fields]


def _kind(column: Any) -> str:
    return type(column.dtype).__name__
