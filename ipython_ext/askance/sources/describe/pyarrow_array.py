"""pyarrow arrays and chunked arrays: type, length and chunks; values at a few places."""

from __future__ import annotations

from typing import Any

from ...records import Level
from .pyarrow_ import dtype_words, statistics, values_at
from .type_names import qualname_of, type_name
from .values import hashable_parts, short

_LOOKED_AT = 100
_HASHED = 200


def describe(obj: Any, level: Level, privacy: int) -> str:
    """`pyarrow.Int64Array of 1,000, int64, 3 null`."""
    said = f"{type_name(type(obj))} of {len(obj):,}, {dtype_words(obj.type)}"
    if qualname_of(type(obj)) == "ChunkedArray":
        said += f" in {obj.num_chunks:,} chunks"
    if level == "outline" or privacy < 2:
        return said
    counted = statistics(values_at(obj, _LOOKED_AT), dtype_words(obj.type))
    sampled = f" (of about {_LOOKED_AT} sampled)" if len(obj) > _LOOKED_AT else ""
    lines = [said, counted + sampled if counted else ""]
    if privacy >= 3:
        count = 20 if level == "full" else 5
        lines.append("values: " + ", ".join(short(value, 40) for value in values_at(obj.slice(0, count), count)))
    return "\n".join(line for line in lines if line)


def parts(obj: Any) -> list[str]:
    """Type, length, and values at even distances."""
    return [dtype_words(obj.type), str(len(obj)), *hashable_parts(values_at(obj, _HASHED))]


def facts(obj: Any) -> dict[str, int | str]:
    """Length and dtype."""
    return {"length": len(obj), "dtype": dtype_words(obj.type)}
