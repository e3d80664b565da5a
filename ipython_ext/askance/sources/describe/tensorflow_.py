"""TensorFlow's eager tensors and variables: dtype, shape, device. Nothing is computed, copied or waited for."""

from __future__ import annotations

from typing import Any

from ...records import Level
from .type_names import qualname_of


def describe(obj: Any, level: Level, privacy: int) -> str:  # noqa: ARG001  the same at all levels
    """`tensorflow.Tensor float32, shape (3, 4), CPU:0`."""
    kind = "Tensor" if qualname_of(type(obj)) == "EagerTensor" else "Variable"
    device = str(obj.device).rpartition("device:")[2]
    return f"tensorflow.{kind} {obj.dtype.name}, shape {obj.shape}" + (f", {device}" if device else "")


def parts(obj: Any) -> list[str]:
    """What is told."""
    return [describe(obj, "outline", 1)]


def facts(obj: Any) -> dict[str, int | str]:
    """Shape and dtype."""
    return {"shape": str(obj.shape), "dtype": str(obj.dtype.name)}
