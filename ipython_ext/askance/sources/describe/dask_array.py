"""Dask arrays: shape, dtype and chunks. Nothing is computed."""

from __future__ import annotations

from typing import Any

from ...records import Level
from . import numpy_
from .storage import stored


def describe(obj: Any, level: Level, privacy: int) -> str:  # noqa: ARG001  the same at all levels
    """`dask.array.Array float64, shape (10000, 10000), 100 chunks of up to (1000, 1000), not computed`."""
    meta, chunks = stored(obj, "_meta"), stored(obj, "_Array__chunks")
    dtype = f" {numpy_.numpy_dtype(meta.dtype)}" if numpy_.is_plain(meta) else ""
    shape = tuple(sum(sizes) for sizes in chunks)
    count, largest = 1, tuple(max(sizes, default=0) for sizes in chunks)
    for sizes in chunks:
        count *= len(sizes)
    return f"dask.array.Array{dtype}, shape {shape}, {count:,} chunks of up to {largest}, not computed"


def parts(obj: Any) -> list[str]:
    """What is told, and Dask's own token of the graph."""
    return [describe(obj, "outline", 1), str(stored(obj, "_Array__name"))]


def facts(obj: Any) -> dict[str, int | str]:
    """Shape."""
    return {"shape": str(tuple(sum(sizes) for sizes in stored(obj, "_Array__chunks")))}
