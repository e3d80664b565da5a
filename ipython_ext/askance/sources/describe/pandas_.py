"""pandas frames and series, subclasses included. Reads the schema and strided rows; never runs what stands in object columns."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from math import isnan
from typing import Any

from ...index.digest import digest
from ...records import Level
from ...secret_names import looks_secret
from .looked import Looked, sampled
from .numpy_ import statistics
from .one_column import Column
from .pandas_parts import bounds, frame_plan, index_plan
from .pandas_store import Stored, cells_of, is_known, label_text, read, values_of
from .table import SCHEMA_COLUMNS, STATISTICS_COLUMNS, Table, label, sample_step, shape_words, write
from .type_names import type_name
from .values import hashable_parts, short

_SMALL = 10_000
"""Cells of a frame that is surely looked at whole."""

_HASHED_COLUMNS = 2000
_HASHED_DTYPES = 500
"""Column names and dtypes a fingerprint covers; wider frames are sampled."""


def describe(obj: Any, level: Level, privacy: int) -> str:
    """A frame or series as a `Table`."""
    return describe_stored(read(obj), type_name(type(obj)), level, privacy)


def describe_stored(frame: Stored, kind: str, level: Level, privacy: int) -> str:
    """What is told of a frame or series that stores this, and is called so."""
    names = [label_text(name) for name in frame.labels(slice(SCHEMA_COLUMNS))]
    table = Table(
        kind=kind,
        shape=f"{frame.rows:,} values" if frame.is_series else shape_words(frame.rows, frame.width),
        columns=list(zip(names, frame.dtypes(slice(SCHEMA_COLUMNS)), strict=True)),
        width=frame.width,
        statistics=lambda: _statistics(frame, names),
        rows=lambda count: _rows(frame, names, count),
    )
    return write(table, level, privacy)


def parts(obj: Any) -> Iterator[str | bytes | Looked]:
    """Schema, shape, row labels and cells: all of them, or of large frames what lies at fixed places."""
    return parts_stored(read(obj))


def parts_stored(frame: Stored) -> Iterator[str | bytes | Looked]:
    """The parts of a frame or series that stores this."""
    yield f"{frame.rows} {frame.width}"
    yield from _schema(frame)
    yield bounds(frame.index)
    for one in (index_plan(frame.index), frame_plan(frame)):
        yield from one.parts()


def column(obj: Any, name: str) -> Column | None:
    """The first column of that name; None if there is none."""
    frame = read(obj)
    labels = [] if frame.is_series else frame.labels(slice(frame.width))
    place = next((place for place, label in enumerate(labels) if label_text(label) == name), None)
    if place is None:
        return None
    array, (dtype,) = frame.array(place), frame.dtypes(slice(place, place + 1))
    one = Stored(
        frame.rows, 1, True, [name].__getitem__, frame.index, lambda _: array, lambda _: [dtype], lambda *_: iter(())
    )
    return Column(type_name(type(obj)), one)


def facts(obj: Any) -> dict[str, int | str]:
    """Size, and a hash of names and dtypes; of a series length and dtype. How much a fingerprint looks at if not at all."""
    frame = read(obj)
    said: dict[str, int | str] = {"rows": frame.rows, "columns": frame.width, "schema": digest(*_schema(frame))}
    if frame.is_series:
        said = {"length": frame.rows, "dtype": frame.dtypes(slice(1))[0]}
    if frame.rows * frame.width < _SMALL:
        return said
    return said | sampled([*index_plan(frame.index).looked, *frame_plan(frame).looked])


def _schema(frame: Stored) -> list[str]:
    across = slice(None, None, max(1, -(-frame.width // _HASHED_COLUMNS)))
    dtypes = frame.dtypes(slice(None, None, max(1, -(-frame.width // _HASHED_DTYPES))))
    return [*hashable_parts(map(label_text, frame.labels(across))), ",".join(dtypes)]


def _statistics(frame: Stored, names: list[str]) -> list[str]:
    if not frame.rows:
        return []
    step = sample_step(frame.rows)
    rows = range(0, frame.rows, step)
    lines = [f"statistics of {'all' if step == 1 else f'{len(rows)} sampled'} rows:"]
    for place, name in enumerate(names[:STATISTICS_COLUMNS]):
        array = frame.array(place)
        said = _column_statistics(array[::step]) if is_known(array) and not looks_secret(name) else ""
        lines += [f"  {label(name)}: {said}"] if said else []
    return lines if len(lines) > 1 else []


def _column_statistics(sample: Any) -> str:
    values, count = values_of(sample), len(sample)
    if isinstance(values, bytes):
        kind = sample.dtype.kind
        if kind in "biuf":
            return statistics(sample, count)
        if kind == "M":
            np = sys.modules["numpy"]
            times = getattr(sample, "_ndarray", sample)
            known = times[~np.isnat(times)]
            return f"{known.min()} to {known.max()}, {count - len(known)} missing" if len(known) else "all missing"
        return ""
    texts = [value for value in values if type(value) is str]
    missing = sum(
        value is None or (type(value) is float and isnan(value)) or short(value) == "<NA>" for value in values
    )
    distinct = f"{len(set(texts))} distinct" if texts else ""
    return ", ".join(part for part in (distinct, f"{missing} missing" if missing else "") if part)


def _rows(frame: Stored, names: list[str], count: int) -> list[list[str]]:
    count = min(count, frame.rows)
    columns = []
    for place, name in enumerate(names[:STATISTICS_COLUMNS]):
        array = frame.array(place)
        cells = ["…"] * count if looks_secret(name) or not is_known(array) else cells_of(array[:count])
        columns.append([label(name), *cells])
    return [list(row) for row in zip(*columns, strict=False)]
