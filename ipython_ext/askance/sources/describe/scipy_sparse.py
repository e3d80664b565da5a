"""scipy's sparse arrays and matrices: shape, dtype and stored elements, read from the arrays they are kept in."""

from __future__ import annotations

from itertools import islice
from typing import Any

from ...records import Level
from . import numpy_
from .libraries import is_from
from .looked import Looked
from .storage import storage
from .type_names import type_name
from .values import hashable_parts

_KEPT = ("data", "indices", "indptr", "offsets", "row", "col", "coords")
_HASHED = 400


def describe(obj: Any, level: Level, privacy: int) -> str:
    """`scipy.sparse.csr_array float64, shape (1000, 1000), 4,000 stored`; statistics of the stored elements."""
    kept = storage(obj)
    name, data, entries = type_name(type(obj)), kept.get("data"), kept.get("_dict")
    if numpy_.is_readable(data) and not data.dtype.hasobject:
        head = f"{name} {numpy_.numpy_dtype(data.dtype)}, shape {_shape(kept)}, {data.size:,} stored"
        return numpy_.describe_plain(data, head, level, privacy)
    # The formats for building: a dictionary of entries (dok), or a list of lists (lil) whose elements nobody counted.
    dtype = f" {numpy_.numpy_dtype(kept['dtype'])}" if is_from(type(kept.get("dtype")), "numpy") else ""
    return f"{name}{dtype}, shape {_shape(kept)}" + (f", {len(entries):,} stored" if type(entries) is dict else "")


def parts(obj: Any) -> list[str | bytes | Looked]:
    """Shape, and samples of the arrays it is kept in; of a list of lists the shape alone."""
    kept, entries = storage(obj), storage(obj).get("_dict")
    arrays = [item for name in _KEPT for item in _flat(kept.get(name)) if numpy_.is_readable(item)]
    said: list[str | bytes | Looked] = [str(_shape(kept)), *(part for array in arrays for part in numpy_.parts(array))]
    if type(entries) is dict:
        said += [str(len(entries)), *hashable_parts(islice(entries.values(), _HASHED))]
    return said


def facts(obj: Any) -> dict[str, int | str]:
    """Shape."""
    return {"shape": str(_shape(storage(obj)))}


def _shape(kept: dict[str, Any]) -> tuple[int, ...]:
    shape = kept["_shape"]
    return tuple(size for size in shape if type(size) is int) if type(shape) is tuple else ()


def _flat(value: Any) -> tuple[Any, ...]:
    return value if type(value) is tuple else (value,)
