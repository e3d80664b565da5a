"""Callables around functions: bound methods, `functools.partial` and cached functions."""

from __future__ import annotations

from functools import lru_cache, partial
from types import FunctionType, MethodType
from typing import Any

from ...records import Level
from . import functions
from .storage import storage
from .type_names import type_name

_CACHED = type(lru_cache(len))
TYPES: tuple[type, ...] = (MethodType, partial, _CACHED)


def describe(obj: Any, level: Level, privacy: int) -> str:
    """What kind of callable it is, then the function as `functions` says it."""
    inner, kind = inner_function(obj), type_name(type(obj))
    return f"{kind} of {functions.describe(inner, level, privacy)}" if type(inner) is FunctionType else kind


def parts(obj: Any) -> list[str]:
    """Those of the function."""
    inner = inner_function(obj)
    return functions.parts(inner) if type(inner) is FunctionType else []


def inner_function(obj: Any) -> Any:
    """What it calls; None if nobody can tell."""
    kind = type(obj)
    if kind is MethodType:
        return obj.__func__
    if kind is _CACHED:
        return storage(obj).get("__wrapped__")
    return obj.func if kind is partial else None  # a subclass of partial may have a `func` of its own
