"""pandas indexes, categoricals and other arrays of its own: length and dtype, samples at privacy 3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...records import Level
from .columns import Plan
from .looked import Looked, sampled
from .pandas_parts import bounds, column_plan, index_plan
from .pandas_store import cells_of, dtype_of, is_ordinary, label_text
from .storage import storage
from .type_names import qualname_of, type_name


def describe(obj: Any, level: Level, privacy: int) -> str:
    """Type, length and dtype; a categorical's number of categories; first values at privacy 3."""
    name = type_name(type(obj))
    said = f"{name} of {len(obj):,}, {_dtype(obj)}"
    if name == "pandas.Categorical":
        said += f", {len(obj.categories):,} categories"
    if level in ("excerpt", "full") and privacy >= 3:
        said += ": " + ", ".join(_head(obj, 20 if level == "full" else 5))
    return said


def parts(obj: Any) -> Iterator[str | bytes | Looked]:
    """Dtype, length and values: all of them, or of many what lies at fixed places."""
    yield from (_dtype(obj), str(len(obj)))
    yield bounds(obj)
    yield from _plan(obj).parts()


def facts(obj: Any) -> dict[str, int | str]:
    """Length and dtype, and how much of it a fingerprint looks at if that is not all."""
    return {"length": len(obj), "dtype": _dtype(obj), **sampled(_plan(obj).looked)}


def _plan(obj: Any) -> Plan:
    return index_plan(obj) if _is_index(obj) else column_plan(obj)


def _is_index(obj: Any) -> bool:
    return qualname_of(type(obj)).endswith("Index")


def _dtype(obj: Any) -> str:
    if not _is_index(obj):
        return dtype_of(obj)
    if type_name(type(obj)) == "pandas.RangeIndex":
        return "int64"
    array = storage(obj).get("_data")
    return f"{obj.nlevels} levels" if array is None else dtype_of(array)


def _head(obj: Any, count: int) -> list[str]:
    if not _is_index(obj):
        return cells_of(obj[:count])
    if not is_ordinary(obj):
        return []
    array = storage(obj).get("_data")
    return list(map(label_text, obj[:count].tolist())) if array is None else cells_of(array[:count])
