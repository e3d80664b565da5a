"""JAX arrays: dtype, shape, device. Nothing is computed, copied or waited for."""

from __future__ import annotations

from typing import Any

from ...records import Level
from .numpy_ import numpy_dtype


def describe(obj: Any, level: Level, privacy: int) -> str:  # noqa: ARG001  the same at all levels
    """`jax.Array float32, shape (3, 4), cpu`."""
    if obj.is_deleted():
        return "jax.Array, deleted"
    platforms = sorted({device.platform for device in obj.devices()})
    count = len(obj.devices())
    return f"jax.Array {numpy_dtype(obj.dtype)}, shape {tuple(obj.shape)}, {', '.join(platforms)}" + (
        f", on {count} devices" if count > 1 else ""
    )


def parts(obj: Any) -> list[str]:
    """What is told."""
    return [describe(obj, "outline", 1)]


def facts(obj: Any) -> dict[str, int | str]:
    """Shape and dtype."""
    return {"shape": str(tuple(obj.shape)), "dtype": numpy_dtype(obj.dtype)}
