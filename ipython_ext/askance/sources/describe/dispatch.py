"""Which describer an object gets, by its exact type.

Enters: any object, a level, a privacy level. Leaves: text, or a fingerprint that is the same in every process.
A describer is a module of this folder with `describe(obj, level, privacy)` and `parts(obj)`; to add one, add its
types to the tables below.
"""

from __future__ import annotations

import enum
from abc import ABCMeta
from collections.abc import Iterable
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Protocol, cast

from ...index.digest import digest
from ...records import Level
from . import containers, functions, numpy_, own, pandas_, polars_
from .type_names import library_type, type_name

ROOM = 12_000
"""Characters of any description; only the source of functions and classes comes near it."""


class Describer(Protocol):
    """What each module of this folder offers for its types."""

    def describe(self, obj: Any, level: Level, privacy: int) -> str:
        """The object in words; may raise, then its type alone is said."""
        ...

    def parts(self, obj: Any) -> Iterable[str | bytes]:
        """What its fingerprint covers: bounded, and equal for equal objects in any process."""
        ...


_BUILTINS: dict[int, Describer] = {
    **dict.fromkeys(map(id, containers.TYPES), cast("Describer", containers)),
    **dict.fromkeys(
        map(id, (FunctionType, BuiltinFunctionType, ModuleType, type, ABCMeta, enum.EnumMeta)),
        cast("Describer", functions),
    ),
}
_LIBRARIES: dict[tuple[str, str], Describer] = {
    ("numpy", "ndarray"): cast("Describer", numpy_),
    **dict.fromkeys((("pandas", name) for name in pandas_.NAMES), cast("Describer", pandas_)),
    **dict.fromkeys((("polars", name) for name in polars_.NAMES), cast("Describer", polars_)),
}


def describe(obj: object, level: Level = "outline", privacy: int = 2) -> str:
    """What a model would see of `obj`.

    Args:
        obj: anything; its own code runs only if it defines `_repr_ask_`.
        level: name (its type), outline (shape and schema), excerpt (statistics, few samples), full (more of both; source).
        privacy: 0 names and types, 1 schema, 2 statistics and small single values, 3 sample rows and values.
    """
    kind = type(obj)
    name = type_name(kind)
    if level == "name" or privacy < 1:
        return name
    try:
        text = _describer(kind).describe(obj, level, privacy)
    except Exception:  # noqa: BLE001  whatever a library does with a strange object, its type is still true
        text = name
    return text.encode("utf-8", "backslashreplace").decode()[:ROOM]


def fingerprint(obj: object) -> str:
    """16 hex digits that change when what a model would be told changes; the same in every process.

    Large values are sampled at fixed places, so a change between the places goes unseen.
    """
    kind = type(obj)
    try:
        return digest(type_name(kind), *_describer(kind).parts(obj))
    except Exception:  # noqa: BLE001  as in `describe`
        return digest(type_name(kind))


def _describer(kind: type) -> Describer:
    # By identity: a metaclass may define __hash__ and __eq__, which a dict of types would call.
    known = _BUILTINS.get(id(kind))
    if known is not None:
        return known
    exported = library_type(kind)
    if exported is not None and exported in _LIBRARIES:
        return _LIBRARIES[exported]
    return cast("Describer", own)
