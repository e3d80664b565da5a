"""numpy arrays: dtype, shape, statistics of a strided sample. Elements of object arrays are never run."""

from __future__ import annotations

import sys
from functools import lru_cache
from mmap import mmap
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeGuard

from ...records import Level
from . import array_parts
from .looked import WHOLE, Looked, places, sampled
from .storage import storage
from .type_names import inherits, type_name
from .values import short

if TYPE_CHECKING:
    import numpy as np

_SAMPLE = 500
"""Elements that statistics look at."""

_HASHED = 1000
"""Elements a fingerprint looks at in arrays that it does not look at whole."""

_SMALL = 10
_VIEWS = 10
_NUMBERS = "biuf"


def describe(obj: Any, level: Level, privacy: int) -> str:
    """Dtype and shape; statistics of a sample from privacy 2, values of it from 3."""
    array = _plain(obj)
    head = f"{type_name(type(obj))} {numpy_dtype(array.dtype)}, shape {array.shape}"
    return head if _is_closed(obj) else describe_plain(array, head, level, privacy)


def describe_plain(obj: Any, head: str, level: Level, privacy: int) -> str:
    """An exact ndarray after its first line, for other libraries that keep one."""
    lines = [head]
    if level == "outline" or privacy < 2 or not obj.size:
        return lines[0]
    if obj.dtype.kind in _NUMBERS:
        lines.append(statistics(strided(obj, _SAMPLE), obj.size))
    if privacy >= 3 or obj.size <= _SMALL:
        count = 50 if level == "full" else _SMALL
        more = ", …" if obj.size > count else ""
        lines.append("values: " + ", ".join(map(short, obj.flat[:count].tolist())) + more)
    return "\n".join(line for line in lines if line)


def parts(obj: Any) -> list[str | bytes | Looked]:
    """All of an array of up to some megabytes; of a larger one what lies at fixed places, and what is told of it."""
    if _is_closed(obj):
        unseen = [Looked(0, obj.size)] if is_plain(obj) else []
        return [describe(obj, "outline", 2), *unseen]
    obj = _plain(obj)
    head: list[str | bytes | Looked] = [numpy_dtype(obj.dtype), str(obj.shape)]
    if array_parts.cost(obj) <= WHOLE:
        return [*head, *array_parts.whole(obj)]
    chosen = places(obj.size, _HASHED)
    told = describe_plain(obj, "", "full", 3)  # it may come from other places
    return [*head, told, *array_parts.sample(obj, chosen), Looked(len(chosen), obj.size)]


def facts(obj: Any) -> dict[str, int | str]:
    """Shape and dtype, and how much of it a fingerprint looks at if that is not all."""
    array = _plain(obj)
    said: dict[str, int | str] = {"shape": str(array.shape), "dtype": numpy_dtype(array.dtype)}
    return said if array_parts.cost(array) <= WHOLE else said | sampled(parts(obj))


def is_plain(obj: Any) -> TypeGuard[Any]:
    """Whether an object is numpy's own array and no subclass of it."""
    numpy = sys.modules.get("numpy")
    return type(numpy) is ModuleType and type(obj) is vars(numpy)["ndarray"]


def is_readable(obj: Any) -> TypeGuard[Any]:
    """Whether an object is numpy's own array, and its values lie in memory: those of a large file would come from the disk."""
    return is_plain(obj) and not (obj.nbytes > WHOLE and _is_mapped(obj))


def _is_mapped(array: Any) -> bool:
    """Whether its memory, or that of what it is a view of, is a file's."""
    ndarray = vars(sys.modules["numpy"])["ndarray"]
    base = array
    for _ in range(_VIEWS):
        if not inherits(type(base), ndarray):
            break
        base = ndarray.base.__get__(base)
    inner = base.obj if type(base) is memoryview else base
    return type(inner) is mmap


def _is_closed(obj: Any) -> bool:
    # What a mask hides is not data; what is mapped from a file would be read from the disk.
    return not is_readable(obj) if is_plain(obj) else not {"_mask", "_mmap"}.isdisjoint(storage(obj))


def _plain(obj: Any) -> Any:
    # Of a subclass, its memory as a plain array: numpy's own `view`, not one the subclass may define.
    ndarray = vars(sys.modules["numpy"])["ndarray"]
    return obj if type(obj) is ndarray else ndarray.view(obj, ndarray)


def strided(array: np.ndarray[Any, Any], count: int) -> np.ndarray[Any, Any]:
    """About `count` elements at even distances, the last one included; copies no more than that."""
    step = max(1, -(-array.size // count))
    flat = array if array.ndim == 1 else array.flat
    return flat[(array.size - 1) % step :: step]


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
    """The name of a library's dtype, cut: structured ones can be long."""
    name = str(dtype)
    return name if len(name) <= 200 else name[:199] + "…"


numpy_dtype = lru_cache(maxsize=256)(dtype_name)
"""`dtype_name` for dtypes of numpy, which can be looked up faster than printed."""
