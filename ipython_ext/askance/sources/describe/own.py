"""Objects of types we do not know: their type alone, unless they say themselves what a model may see.

A class that defines `_repr_ask_(self, level) -> str` speaks for its objects.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

from ...records import Level
from .numpy_ import describe_scalar
from .table import ROOM, cut_lines
from .type_names import attributes, mro, type_name
from .values import scalar

HOOK = "_repr_ask_"


def describe(obj: Any, level: Level, privacy: int) -> str:
    """The type's name, then what the object's own `_repr_ask_` says, if it has one and says a string."""
    name = type_name(type(obj))
    value = scalar(obj)
    if value is not None:
        return describe_scalar(name, value, privacy)
    said = _ask(obj, "outline" if privacy < 2 else level)
    return f"{name}: {cut_lines(said, ROOM - len(name) - 2)}" if said else name


def parts(obj: Any) -> list[str]:
    """What `describe` says at most."""
    return [scalar(obj) or _ask(obj, "full")]


def _ask(obj: Any, level: Level) -> str:
    hook = next((own[HOOK] for own in map(attributes, mro(type(obj))) if HOOK in own), None)
    if type(hook) is not FunctionType:
        return ""
    try:
        said = hook(obj, level)
    except BaseException:  # noqa: BLE001  a user's own code may raise anything, SystemExit included
        return ""
    return said if type(said) is str else ""
