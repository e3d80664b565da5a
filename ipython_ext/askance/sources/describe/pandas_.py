"""pandas frames, series and indexes. Reads the schema and strided rows; never runs what stands in object columns."""

from __future__ import annotations

import sys
from math import isnan
from typing import Any

from ...records import Level
from .numpy_ import dtype_name, statistics
from .secret_names import looks_secret
from .table import (
    SAMPLE_ROWS,
    SCHEMA_COLUMNS,
    STATISTICS_COLUMNS,
    Table,
    label,
    shape_words,
    write,
)
from .type_names import module_of, type_name
from .values import hashable_parts, short

NAMES = (
    "DataFrame",
    "Series",
    "Index",
    "RangeIndex",
    "MultiIndex",
    "DatetimeIndex",
    "CategoricalIndex",
    "TimedeltaIndex",
)

_HASHED_CELLS = 2000
_HASHED_COLUMNS = 2000
"""Column names a fingerprint covers; wider frames are sampled."""


def describe(obj: Any, level: Level, privacy: int) -> str:
    """A frame or series as a `Table`; an index by its length and dtype."""
    name = type_name(type(obj))
    if name == "pandas.DataFrame":
        return write(_table(obj, name, shape_words(*obj.shape)), level, privacy)
    if name == "pandas.Series":
        return write(_table(obj.to_frame(), name, f"{len(obj):,} values"), level, privacy)
    said = f"{name} of {len(obj):,}, {dtype_name(obj.dtype)}"
    if level in ("excerpt", "full") and privacy >= 3:
        said += ": " + ", ".join(map(short, obj[: 20 if level == "full" else 5].tolist()))
    return said


def parts(obj: Any) -> list[str | bytes]:
    """Schema and shape; all cells of small frames, evenly spread ones of large frames."""
    if type_name(type(obj)) not in ("pandas.DataFrame", "pandas.Series"):
        step = max(1, -(-len(obj) // 200))
        return [dtype_name(obj.dtype), str(len(obj)), *hashable_parts(obj[::step].tolist())]
    frame = obj.to_frame() if type_name(type(obj)) == "pandas.Series" else obj
    rows, width = frame.shape
    names = frame.columns[:: max(1, -(-width // _HASHED_COLUMNS))].tolist()
    schema = [str(frame.shape), *hashable_parts(map(_label, names)), _dtypes(frame)]
    index = frame.index[:: max(1, -(-rows // 50))] if rows else frame.index[:0]
    return [*schema, *hashable_parts(index.tolist()), *_sampled_cells(frame)]


def _sampled_cells(frame: Any) -> list[str | bytes]:
    rows, width = frame.shape
    if not rows or not width:
        return []
    if rows * width <= _HASHED_CELLS:
        sample = frame
    else:
        across = max(1, -(-width // 40))
        columns = -(-width // across)
        down = max(1, -(-rows * columns // 600))
        sample = frame.iloc[(rows - 1) % down :: down, ::across]
    if sample.shape[1] > 60:
        # Column by column costs a fixed price each; a wide sample is read as one block.
        return list(hashable_parts(sample.to_numpy(dtype=object).ravel().tolist())) if _all_known(sample) else []
    found: list[str | bytes] = []
    for column in (sample.iloc[:, place] for place in range(sample.shape[1])):
        values = _values(column)
        found += [values] if isinstance(values, bytes) else hashable_parts(values)
    return found


def _values(column: Any) -> bytes | list[Any]:
    dtype = column.dtype
    if module_of(type(dtype)).startswith("numpy") and dtype.kind in "biufcmM":
        return bytes(column.to_numpy().tobytes())
    return list(column.to_numpy(dtype=object)) if _known(dtype) else []


def _known(dtype: Any) -> bool:
    # A column type from elsewhere would run its own code when asked for values.
    return module_of(type(dtype)).partition(".")[0] in ("numpy", "pandas")


def _all_known(frame: Any) -> bool:
    return all(map(_known, frame.dtypes.tolist()))


def _dtype(dtype: Any) -> str:
    return dtype_name(dtype) if _known(dtype) else type_name(type(dtype))


def _dtypes(frame: Any) -> str:
    kinds = frame.dtypes.tolist()[:_HASHED_COLUMNS]
    said = {key: _dtype(dtype) for key, dtype in {id(dtype): dtype for dtype in kinds}.items()}
    return ",".join(said[id(dtype)] for dtype in kinds)


def _label(name: Any) -> str:
    if type(name) is str:
        return name
    if type(name) is tuple:
        return "/".join(map(_label, name))
    return short(name)


def _table(frame: Any, kind: str, shape: str) -> Table:
    names = [_label(name) for name in frame.columns[:SCHEMA_COLUMNS].tolist()]
    dtypes = [_dtype(dtype) for dtype in frame.dtypes.tolist()[:SCHEMA_COLUMNS]]
    return Table(
        kind=kind,
        shape=shape,
        columns=list(zip(names, dtypes, strict=True)),
        width=frame.shape[1],
        statistics=lambda: _statistics(frame, names),
        rows=lambda count: _rows(frame, names, count),
    )


def _statistics(frame: Any, names: list[str]) -> list[str]:
    total = len(frame)
    if not total:
        return []
    step = max(1, -(-total // SAMPLE_ROWS))
    sample = frame.iloc[::step, :STATISTICS_COLUMNS]
    lines = [f"statistics of {'all' if step == 1 else f'{len(sample)} sampled'} rows:"]
    for name, (_, column) in zip(names, sample.items(), strict=False):
        said = _column_statistics(column) if not looks_secret(name) else ""
        lines += [f"  {label(name)}: {said}"] if said else []
    return lines if len(lines) > 1 else []


def _column_statistics(column: Any) -> str:
    values = _values(column)
    dtype, count = column.dtype, len(column)
    if isinstance(values, bytes):
        numbers = column.to_numpy()
        if dtype.kind in "biuf":
            return statistics(numbers, count)
        if dtype.kind == "M":
            known = numbers[~sys.modules["numpy"].isnat(numbers)]
            return f"{known.min()} to {known.max()}, {count - len(known)} missing" if len(known) else "all missing"
        return ""
    texts = [value for value in values if type(value) is str]
    missing = sum(
        value is None or (type(value) is float and isnan(value)) or short(value) == "<NA>" for value in values
    )
    distinct = f"{len(set(texts))} distinct" if texts else ""
    return ", ".join(part for part in (distinct, f"{missing} missing" if missing else "") if part)


def _rows(frame: Any, names: list[str], count: int) -> list[list[str]]:
    head = frame.iloc[:count, :STATISTICS_COLUMNS]
    columns = []
    for name, (_, column) in zip(names, head.items(), strict=False):
        numeric = isinstance(_values(column), bytes)
        cells = column.to_numpy().astype(str).tolist() if numeric else [short(v, 40) for v in _values(column)]
        hidden = looks_secret(name) or not cells
        columns.append([label(name), *(["…"] * len(head) if hidden else cells)])
    return [list(row) for row in zip(*columns, strict=False)]
