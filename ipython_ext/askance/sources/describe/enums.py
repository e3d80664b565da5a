"""Members of enumerations: their name, and their value if it is a small one."""

from __future__ import annotations

from typing import Any

from ...records import Level
from .storage import stored
from .type_names import type_name
from .values import scalar, short


def describe(obj: Any, level: Level, privacy: int) -> str:  # noqa: ARG001  the same at all levels
    """`Colour.RED = 1`."""
    member = f"{type_name(type(obj))}.{short(stored(obj, '_name_'))[1:-1]}"
    value = scalar(stored(obj, "_value_")) if privacy >= 2 else None
    return member if value is None else f"{member} = {value}"


def parts(obj: Any) -> list[str]:
    """The member and its value."""
    return [describe(obj, "outline", 2)]
