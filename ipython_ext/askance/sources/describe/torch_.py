"""torch tensors and parameters: dtype, shape, device. No computation, no copy, no wait for a device.

The values of up to ten numbers in main memory count as a small value. A tensor class of the user's own gives its type
alone: torch lets it intercept every property.
"""

from __future__ import annotations

from typing import Any

from ...records import Level
from .type_names import type_name

_SMALL = 10


def describe(obj: Any, level: Level, privacy: int) -> str:
    """`torch.Tensor float32, shape (3, 4), cuda:0, requires grad`."""
    said = f"{type_name(type(obj))} {_dtype(obj)}, shape {tuple(obj.shape)}, {obj.device}"
    said += ", requires grad" if obj.requires_grad else ""
    if level in ("excerpt", "full") and privacy >= 2 and _is_small(obj):
        said += f"\nvalues: {obj.tolist()}"
    return said


def parts(obj: Any) -> list[str]:
    """What is told, and torch's count of changes in place."""
    return [describe(obj, "excerpt", 2), str(version(obj))]


def facts(obj: Any) -> dict[str, int | str]:
    """Shape and dtype."""
    return {"shape": str(tuple(obj.shape)), "dtype": _dtype(obj)}


def version(obj: Any) -> int:
    """How often a tensor of torch's own was changed in place; inference tensors do not count."""
    return 0 if obj.is_inference() else int(obj._version)  # noqa: SLF001  it has no public name


def _dtype(obj: Any) -> str:
    return str(obj.dtype).removeprefix("torch.")


def _is_small(obj: Any) -> bool:
    return obj.device.type == "cpu" and str(obj.layout) == "torch.strided" and 0 < obj.numel() <= _SMALL
