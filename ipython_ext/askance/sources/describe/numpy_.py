"""numpy arrays. Only dtype, shape and a strided sample are read; elements of object arrays are never run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ...records import Level
from .values import hashable_parts, short

if TYPE_CHECKING:
    import numpy as np

_SAMPLE = 500
"""Elements that statistics look at."""

_HASHED = 2000
_HASHED_SAMPLE = 400
_HASHED_BYTES = 200_000
_SMALL = 10
_NUMBERS = "biuf"


def describe(obj: Any, level: Level, privacy: int) -> str:
    """Dtype and shape; statistics of a sample from privacy 2, values of it from 3."""
    lines = [f"numpy.ndarray {dtype_name(obj.dtype)}, shape {obj.shape}"]
    if level == "outline" or privacy < 2 or not obj.size:
        return lines[0]
    if obj.dtype.kind in _NUMBERS:
        lines.append(statistics(strided(obj, _SAMPLE), obj.size))
    if privacy >= 3 or obj.size <= _SMALL:
        count = 50 if level == "full" else _SMALL
        more = ", …" if obj.size > count else ""
        lines.append("values: " + ", ".join(map(short, obj.flat[:count].tolist())) + more)
    return "\n".join(line for line in lines if line)


def parts(obj: Any) -> list[str | bytes]:
    """All of a small array, a strided sample of a large one."""
    sample = obj.flat[:] if obj.size <= _HASHED else strided(obj, _HASHED_SAMPLE)
    if obj.dtype.itemsize * sample.size > _HASHED_BYTES:
        sample = (
            sample[: max(1, _HASHED_BYTES // obj.dtype.itemsize)] if obj.dtype.itemsize <= _HASHED_BYTES else sample[:0]
        )
    values = hashable_parts(sample.tolist()) if obj.dtype.hasobject else [sample.tobytes()]
    return [dtype_name(obj.dtype), str(obj.shape), *values]


def strided(array: np.ndarray[Any, Any], count: int) -> np.ndarray[Any, Any]:
    """About `count` elements at even distances, the last one included; copies no more than that."""
    step = max(1, -(-array.size // count))
    return array.flat[(array.size - 1) % step :: step]


def statistics(sample: Any, size: int) -> str:
    """Minimum, mean, maximum and missing values of a numeric sample, "" if there is nothing finite."""
    np = sys.modules["numpy"]
    floats = sample.astype("float64", copy=False)
    finite = floats[np.isfinite(floats)]
    if not finite.size:
        return "no finite value"
    missing = sample.size - finite.size
    said = f"min {finite.min():.6g}, mean {finite.mean():.6g}, max {finite.max():.6g}"
    said += f", {missing:,} not finite" if missing else ""
    return said if sample.size == size else f"{said} (of {sample.size} sampled)"


def dtype_name(dtype: Any) -> str:
    """A dtype's name, cut: structured ones can be long."""
    name = str(dtype)
    return name if len(name) <= 200 else name[:199] + "…"


def describe_scalar(name: str, value: str, privacy: int) -> str:
    """A single value that is not Python's own."""
    return f"{name} {value}" if privacy >= 2 else name
