"""polars frames and series. A LazyFrame's schema is read; it is never collected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...index.digest import digest
from ...records import Level
from ...secret_names import looks_secret
from . import polars_parts
from .looked import Looked, sampled
from .table import SCHEMA_COLUMNS, STATISTICS_COLUMNS, Table, label, sample_step, shape_words, write
from .type_names import type_name
from .values import short

NAMES = ("DataFrame", "LazyFrame", "Series")

_NUMBERS = frozenset("Int8 Int16 Int32 Int64 Int128 UInt8 UInt16 UInt32 UInt64 Float32 Float64 Date Datetime".split())


def describe(obj: Any, level: Level, privacy: int) -> str:
    """A frame or series as a `Table`; a LazyFrame by its schema alone."""
    name = type_name(type(obj))
    if name == "polars.LazyFrame":
        schema = obj.collect_schema()
        columns = [(key, _dtype(dtype)) for key, dtype in list(schema.items())[:SCHEMA_COLUMNS]]
        return write(Table(kind=name, shape="not collected", columns=columns, width=len(schema)), level, privacy)
    if name == "polars.Series":
        return write(_table(obj.to_frame(), name, f"{len(obj):,} values"), level, privacy)
    return write(_table(obj, name, shape_words(*obj.shape)), level, privacy)


def parts(obj: Any) -> Iterator[str | bytes | Looked]:
    """Schema, shape and values: all of them, or of large frames what lies at fixed places."""
    name = type_name(type(obj))
    if name == "polars.LazyFrame":
        yield from _lazy_fields(obj)
        return
    frame = obj.to_frame() if name == "polars.Series" else obj
    yield str(frame.shape)
    yield from (f"{name} {dtype}" for name, dtype in _schema(frame, polars_parts.WIDTH))
    yield from polars_parts.parts(frame)


def column(obj: Any, name: str) -> Any:
    """The column of that name as a series; None if there is none, or it is not collected."""
    return obj.get_column(name, default=None) if type_name(type(obj)) == "polars.DataFrame" else None


def facts(obj: Any) -> dict[str, int | str]:
    """Size, and a hash of names and dtypes; of a series length and dtype."""
    name = type_name(type(obj))
    if name == "polars.LazyFrame":
        fields = _lazy_fields(obj)
        return {"columns": len(fields), "schema": digest(*fields)}
    if name == "polars.Series":
        said: dict[str, int | str] = {"length": len(obj), "dtype": _dtype(obj.dtype)}
        return said | sampled(polars_parts.looked(obj.to_frame()))
    schema = [f"{column} {dtype}" for column, dtype in _schema(obj, 200)]
    said = {"rows": obj.height, "columns": obj.width, "schema": digest(*schema)}
    return said | sampled(polars_parts.looked(obj))


def _lazy_fields(obj: Any) -> list[str]:
    return [f"{key} {dtype}" for key, dtype in obj.collect_schema().items()]


def _dtype(dtype: Any) -> str:
    return str(dtype)[:80]


def _schema(frame: Any, count: int) -> list[tuple[str, str]]:
    # One by one: asking a frame of 10,000 columns for all names takes milliseconds. The last column always counts.
    places = [*range(min(count, frame.width)), frame.width - 1] if frame.width > count else range(frame.width)
    return [(column.name, _dtype(column.dtype)) for column in map(frame.to_series, places)]


def _table(frame: Any, kind: str, shape: str) -> Table:
    return Table(
        kind=kind,
        shape=shape,
        columns=_schema(frame, SCHEMA_COLUMNS),
        width=frame.shape[1],
        statistics=lambda: _statistics(frame),
        rows=lambda count: _rows(frame, count),
    )


def _statistics(frame: Any) -> list[str]:
    step = sample_step(frame.shape[0])
    sample = frame[:, :STATISTICS_COLUMNS].gather_every(step)
    lines = [f"statistics of {'all' if step == 1 else f'{sample.shape[0]} sampled'} rows:"]
    for column in sample.iter_columns():
        if looks_secret(column.name) or _dtype(column.dtype) == "Object":
            continue
        said = (
            [f"min {short(column.min())}, max {short(column.max())}"] if type(column.dtype).__name__ in _NUMBERS else []
        )
        said += [f"{column.null_count()} missing"] if column.null_count() else []
        said += [f"{column.n_unique()} distinct"] if type(column.dtype).__name__ == "String" else []
        lines += [f"  {label(column.name)}: {', '.join(said)}"] if said else []
    return lines if len(lines) > 1 else []


def _rows(frame: Any, count: int) -> list[list[str]]:
    head = frame[:count, :STATISTICS_COLUMNS]
    columns = []
    for column in head.iter_columns():
        hidden = looks_secret(column.name) or _dtype(column.dtype) == "Object"
        cells = ["…"] * head.shape[0] if hidden else [short(value, 40) for value in column.to_list()]
        columns.append([label(column.name), *cells])
    return [list(row) for row in zip(*columns, strict=False)]
