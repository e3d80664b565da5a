"""Single values, and objects of types we do not know: those by the attributes they store, as far as these are public.

Instances of the user's classes, dataclasses and slotted classes are read from their storage alone; their properties,
`__getattr__` and `__repr__` never run.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from ...beginning import beginning
from ...records import Level
from ...secret_names import looks_secret
from .storage import public
from .table import label
from .type_names import type_name
from .values import hashable_part, scalar, steady

_ATTRIBUTES = 20
_NAME_ROOM = 40
_LONGEST = 1000


def describe(obj: Any, level: Level, privacy: int) -> str:
    """A known single value; else the type with its attributes' types, and from excerpt on their small values."""
    name = type_name(type(obj))
    value = scalar(obj)
    if value is not None:
        return f"{name} {value}" if privacy >= 2 else name
    attributes = list(islice(public(obj), _ATTRIBUTES + 1))
    if not attributes:
        return name
    room = 80 if privacy >= 2 and level in ("excerpt", "full") else 0
    said = [_attribute(key, value, room) for key, value in attributes[:_ATTRIBUTES]]
    return f"{name} with {', '.join(said)}{', …' if len(attributes) > _ATTRIBUTES else ''}"


def parts(obj: Any) -> list[str]:
    """The value, or the attributes that are told."""
    value = scalar(obj, _LONGEST)
    if value is not None:
        return [steady(value)]
    return [
        f"{name} {type_name(type(value)) if looks_secret(name) else steady(hashable_part(value))}"
        for name, value in islice(public(obj), _ATTRIBUTES + 1)
    ]


def _attribute(name: str, value: Any, room: int) -> str:
    text = scalar(value, room) if room and not looks_secret(name) else None
    key = beginning(label(name), _NAME_ROOM)
    return f"{key} {type_name(type(value))}" if text is None else f"{key}={text}"
