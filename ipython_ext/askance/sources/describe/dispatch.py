"""Which describer an object gets, by its exact type.

Enters: any object, a level, a privacy level. Leaves: text, facts, or a fingerprint that is the same in every process.
A describer is a module of this folder with `describe(obj, level, privacy)`, `parts(obj)`, `facts(obj)` if it knows any, and
`column(obj, name)` if its objects have columns. Python's own types are in the table below, libraries' types in `libraries.py`. A class with `_repr_ask_` speaks for
itself, whatever it inherits.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, NamedTuple, Protocol, cast
from weakref import ref

from ...index.digest import digest
from ...records import Level
from . import callables, classes, containers, enums, functions, one_column, own, plain, singles, values
from .libraries import describer_of, is_listed
from .looked import Looked
from .type_names import mro, type_name

ROOM = 12_000
"""Characters of any description; only the source of functions and classes comes near it."""

_MOST_KNOWN = 5000
_FACT_ROOM = 100


class Describer(Protocol):
    """What each module of this folder offers for its types."""

    def describe(self, obj: Any, level: Level, privacy: int) -> str:
        """The object in words; may raise, then its type alone is said."""
        ...

    def parts(self, obj: Any) -> Iterable[str | bytes | Looked]:
        """What its fingerprint covers: bounded, equal for equal objects in any process, and all that may be told of it."""
        ...


def _table(types: Iterable[type], module: object) -> dict[int, Describer]:
    return dict.fromkeys(map(id, types), cast("Describer", module))


_BUILTINS: dict[int, Describer] = {
    **_table(singles.TYPES, singles),
    **_table(containers.TYPES, containers),
    **_table((FunctionType, BuiltinFunctionType, ModuleType), functions),
    **_table((type,), classes),
    **_table(callables.TYPES, callables),
    **_table((enum.Enum, enum.IntEnum, enum.StrEnum), enums),
    **_table(values.TYPES, plain),
    **_table(one_column.TYPES, one_column),
}


class _Known(NamedTuple):
    kind: ref[type]
    describer: Describer
    is_library: bool


_KNOWN: dict[int, _Known] = {}
"""Other types met so far, by identity: a metaclass may define __hash__ and __eq__, which a dict of types would call."""


def describe(obj: object, level: Level = "outline", privacy: int = 2) -> str:
    """What a model would see of `obj`.

    Args:
        obj: anything; its own code runs only if it defines `_repr_ask_`.
        level: name (its type), outline (shape and schema), excerpt (statistics, few samples), full (more of both; source).
        privacy: 0 names and types, 1 schema, 2 statistics and small single values, 3 sample rows and values.
    """
    kind = type(obj)
    if level == "name" or privacy < 1:
        return type_name(kind)
    try:
        text = describer(kind).describe(obj, level, privacy)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001  whatever a library does with a strange object (Rust's panics are no Exception)
        text = type_name(kind)
    return text[:ROOM] if text.isascii() else text.encode("utf-8", "backslashreplace").decode()[:ROOM]


def fingerprint(obj: object) -> str:
    """16 hex digits that change when what a model would be told changes; the same in every process.

    Values are looked at whole as far as two milliseconds go. Of larger ones what lies at fixed places is, never at random
    ones, and what may be told of them; a change in between goes unseen, and `facts` has "sampled".
    """
    kind = type(obj)
    try:
        parts = describer(kind).parts(obj)
        return digest(type_name(kind), *(str(part) if isinstance(part, Looked) else part for part in parts))
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001  as in `describe`
        return digest(type_name(kind))


def kind_of(obj: object) -> str:
    """The type, as `facts` tells it."""
    return type_name(type(obj))[:_FACT_ROOM]


def facts(obj: object) -> dict[str, int | str]:
    """A few numbers and words by which a change can be told: its type; rows, columns, length, shape, dtype where known.

    "sampled" says of how much of a value a fingerprint looks at ("2,000 of 12,000,000") if that is not all.
    """
    kind = type(obj)
    told: dict[str, int | str] = {"type": kind_of(obj)}
    try:
        own_facts = getattr(_BUILTINS.get(id(kind)) or _describer(kind), "facts", None)
        found = own_facts(obj) if own_facts is not None else {}
        return told | {name: value if type(value) is int else str(value)[:_FACT_ROOM] for name, value in found.items()}
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001  as in `describe`
        return told


def describer(kind: type) -> Describer:
    """What describes the objects of a type."""
    return _BUILTINS.get(id(kind)) or _describer(kind)


def _describer(kind: type) -> Describer:
    """What describes a type that is none of Python's own."""
    known = _KNOWN.get(id(kind))
    if known is None or known.kind() is not kind:
        known = _found(kind)
    # A user's class may be given a `_repr_ask_` at any time.
    return known.describer if known.is_library or own.hook(kind) is None else cast("Describer", own)


def _found(kind: type) -> _Known:
    found = (_BUILTINS.get(id(base)) or describer_of(base, kind) for base in mro(kind))
    chosen = next((module for module in found if module is not None), cast("Describer", plain))
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN[id(kind)] = known = _Known(ref(kind), chosen, is_library=is_listed(kind))
    return known
