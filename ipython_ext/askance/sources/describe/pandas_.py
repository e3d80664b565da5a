"""pandas frames and series, subclasses included. Reads the schema and strided rows; never runs what stands in object columns."""

from __future__ import annotations

import sys
from math import isnan
from typing import Any

from ...index.digest import digest
from ...records import Level
from .numpy_ import statistics
from .pandas_store import Stored, cells_of, index_parts, is_known, label_text, read, values_of
from .secret_names import looks_secret
from .table import SAMPLE_ROWS, SCHEMA_COLUMNS, STATISTICS_COLUMNS, Table, label, shape_words, write
from .type_names import type_name
from .values import hashable_parts, short

_HASHED_CELLS = 2000
_HASHED_WIDTH = 40
"""Columns whose cells a fingerprint covers in larger frames."""

_HASHED_LABELS = 50
_HASHED_COLUMNS = 2000
_HASHED_DTYPES = 500
"""Column names and dtypes a fingerprint covers; wider frames are sampled."""


def describe(obj: Any, level: Level, privacy: int) -> str:
    """A frame or series as a `Table`."""
    frame = read(obj)
    names = [label_text(name) for name in frame.labels(slice(SCHEMA_COLUMNS))]
    table = Table(
        kind=type_name(type(obj)),
        shape=f"{frame.rows:,} values" if frame.is_series else shape_words(frame.rows, frame.width),
        columns=list(zip(names, frame.dtypes(slice(SCHEMA_COLUMNS)), strict=True)),
        width=frame.width,
        statistics=lambda: _statistics(frame, names),
        rows=lambda count: _rows(frame, names, count),
    )
    return write(table, level, privacy)


def parts(obj: Any) -> list[str | bytes]:
    """Schema and shape; all cells of small frames, evenly spread ones of large frames."""
    frame = read(obj)
    size = f"{frame.rows} {frame.width}"
    return [size, *_schema(frame), *index_parts(frame.index, _HASHED_LABELS), *_sampled_cells(frame)]


def facts(obj: Any) -> dict[str, int | str]:
    """Size, and a hash of names and dtypes; of a series length and dtype."""
    frame = read(obj)
    if frame.is_series:
        return {"length": frame.rows, "dtype": frame.dtypes(slice(1))[0]}
    return {"rows": frame.rows, "columns": frame.width, "schema": digest(*_schema(frame))}


def _schema(frame: Stored) -> list[str]:
    across = slice(None, None, max(1, -(-frame.width // _HASHED_COLUMNS)))
    dtypes = frame.dtypes(slice(None, None, max(1, -(-frame.width // _HASHED_DTYPES))))
    return [*hashable_parts(map(label_text, frame.labels(across))), ",".join(dtypes)]


def _sampled_cells(frame: Stored) -> list[str | bytes]:
    if not frame.rows or not frame.width:
        return []
    across, down = 1, 1
    if frame.rows * frame.width > _HASHED_CELLS or frame.width > 5 * _HASHED_WIDTH:
        across = -(-frame.width // _HASHED_WIDTH)
        down = max(1, -(-frame.rows * (-(-frame.width // across)) // 600))
    found: list[str | bytes] = []
    for place in range(0, frame.width, across):
        array = frame.array(place)
        values = values_of(array if down == 1 else array[(frame.rows - 1) % down :: down])
        found += [values] if isinstance(values, bytes) else hashable_parts(values)
    return found


def _statistics(frame: Stored, names: list[str]) -> list[str]:
    if not frame.rows:
        return []
    step = max(1, -(-frame.rows // SAMPLE_ROWS))
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
