"""pyarrow arrays and chunked arrays: type, length and chunks; values at a few places."""

from __future__ import annotations

from typing import Any

from ...records import Level
from .columns import Columns, Plan, plan
from .looked import Looked, sampled
from .pyarrow_ import LOOKED_AT, dtype_words, is_elsewhere, statistics, told_values, values_at
from .type_names import qualname_of, type_name
from .values import short


def describe(obj: Any, level: Level, privacy: int) -> str:
    """`pyarrow.Int64Array of 1,000, int64, 3 null`."""
    said = f"{type_name(type(obj))} of {len(obj):,}, {dtype_words(obj.type)}"
    if qualname_of(type(obj)) == "ChunkedArray":
        said += f" in {obj.num_chunks:,} chunks"
    if level == "outline" or privacy < 2:
        return said
    counted = statistics(values_at(obj, LOOKED_AT), dtype_words(obj.type))
    sampled = f" (of about {LOOKED_AT} sampled)" if len(obj) > LOOKED_AT else ""
    lines = [said, counted + sampled if counted else ""]
    if privacy >= 3:
        count = 20 if level == "full" else 5
        lines.append("values: " + ", ".join(short(value, 40) for value in values_at(obj.slice(0, count), count)))
    return "\n".join(line for line in lines if line)


def parts(obj: Any) -> list[str | bytes | Looked]:
    """Type, length and values: all of them, or of many what lies at fixed places."""
    return [dtype_words(obj.type), str(len(obj)), *_plan(obj).parts()]


def facts(obj: Any) -> dict[str, int | str]:
    """Length and dtype, and how much of it a fingerprint looks at if that is not all."""
    return {"length": len(obj), "dtype": dtype_words(obj.type), **sampled(_plan(obj).looked)}


def _plan(obj: Any) -> Plan:
    if is_elsewhere(obj):
        return Plan([], [Looked(0, len(obj))])
    return plan([Columns([obj])], len(obj), told_values(len(obj)), 1)
