"""Objects whose class defines `_repr_ask_(self, level) -> str`: it alone says what a model may see.

It is the one piece of the user's code that runs here, so it gets a thread and a time limit; a class that once took longer
is not asked again.
"""

from __future__ import annotations

from threading import Thread
from types import FunctionType
from typing import Any
from weakref import ReferenceType, ref

from ...records import Level
from .table import ROOM, cut_lines
from .type_names import attributes, mro, type_name

HOOK = "_repr_ask_"

SECONDS = 0.2
"""How long a `_repr_ask_` may take."""

_SLOW: dict[int, ReferenceType[FunctionType]] = {}
"""Hooks that took too long, by identity."""


def describe(obj: Any, level: Level, privacy: int) -> str:
    """The type's name, then what the object says of itself if that is a string."""
    name = type_name(type(obj))
    said = _ask(obj, "outline" if privacy < 2 else level)
    return f"{name}: {cut_lines(said, ROOM - len(name) - 2)}" if said else name


def parts(obj: Any) -> list[str]:
    """What `describe` says at most."""
    return [_ask(obj, "full")]


def hook(kind: type) -> FunctionType | None:
    """The `_repr_ask_` that instances of the class have, None if there is none that is a plain function."""
    for base in mro(kind):
        found = attributes(base).get(HOOK)
        if found is not None:
            return found if type(found) is FunctionType else None
    return None


def _ask(obj: Any, level: Level) -> str:
    function = hook(type(obj))
    slow = _SLOW.get(id(function))
    if function is None or (slow is not None and slow() is function):
        return ""
    said: list[str] = []
    thread = Thread(target=_run, args=(function, obj, level, said), name="askance _repr_ask_", daemon=True)
    thread.start()
    thread.join(SECONDS)
    if thread.is_alive():
        _SLOW[id(function)] = ref(function)
        return ""
    return said[0] if said else ""


def _run(function: FunctionType, obj: Any, level: Level, said: list[str]) -> None:
    try:
        text = function(obj, level)
    except BaseException:  # noqa: BLE001  a user's own code may raise anything, SystemExit included
        return
    if type(text) is str:
        said.append(text)
