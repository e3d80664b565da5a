"""Python's own containers, and subclasses of them. Bounded in depth, count and length, whatever their size.

All is read with the methods of the built-in type itself: `list.__len__(obj)` never meets a subclass's own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ...records import Level
from ...secret_names import looks_secret
from . import container_parts
from .flat import ROOM
from .looked import Looked, sampled
from .table import cut_lines
from .type_names import attributes, mro, type_name
from .values import short

TYPES: tuple[type, ...] = (list, tuple, dict, set, frozenset, deque)

_ROOM = 3000
_LOOKED_AT = 100
"""Elements that are looked at to say what a container holds."""

_SORTED = 1000
"""Members of a set that are put in order, to show the first of them; of a larger one none is shown."""

_SMALL = 10
"""Containers up to this many elements count as small values."""

_DEPTH = 3
_BASES = {id(kind): kind for kind in TYPES}
_BRACKETS = {id(list): "[]", id(tuple): "()", id(deque): "[]"}


def describe(obj: Any, level: Level, privacy: int) -> str:
    """Type and size; the values of small ones from privacy 2, samples of larger ones from 3."""
    base: Any = _base(type(obj))
    size = base.__len__(obj)
    head = f"{type_name(type(obj))} of {size:,}"
    if base is dict:
        lines = [head + _keys(obj, privacy)]
    else:
        fields = _fields(obj) if base is tuple and type(obj) is not tuple else ""
        lines = [head + (fields or _kinds(list(islice(base.__iter__(obj), _LOOKED_AT)), size))]
    if level == "outline" or privacy < 2 or not size:
        return cut_lines(lines[0], _ROOM)
    if size <= _SMALL or privacy >= 3:
        lines.append(_literal(obj, base, _DEPTH, 50 if level == "full" and privacy >= 3 else _SMALL))
    elif base is list or base is tuple:
        lines += _range_of(obj, base)
    return cut_lines("\n".join(lines), _ROOM)


def parts(obj: Any) -> Iterator[str | bytes | Looked]:
    """All elements, and what is inside of them; of large containers some elements, nested ones to a fixed depth."""
    return container_parts.parts(obj, _base(type(obj)), lambda: describe(obj, "full", 3))


def facts(obj: Any) -> dict[str, int | str]:
    """Its length, and how much of it a fingerprint looks at if that is not all."""
    base = _base(type(obj))
    size = base.__len__(obj)
    return {"length": size, **sampled(parts(obj) if size <= ROOM else [container_parts.looked(base, size)])}


def literal(obj: Any, count: int = _SMALL) -> str:
    """The first elements of a container as Python would write them; the type of anything else."""
    return _literal(obj, type(obj), 2, count) if id(type(obj)) in _BASES else short(obj)


def _base(kind: type) -> Any:
    """The built-in type an instance is stored as."""
    return _BASES.get(id(kind)) or next(_BASES[id(base)] for base in mro(kind) if id(base) in _BASES)


def _fields(obj: Any) -> str:
    """The names and types in a named tuple, "" if it is not one."""
    names = attributes(type(obj)).get("_fields")
    if type(names) is not tuple or not all(type(name) is str for name in names):
        return ""
    values = tuple.__getitem__(obj, slice(20))
    return ": " + ", ".join(f"{name} {type_name(type(value))}" for name, value in zip(names, values, strict=False))


def _kinds(elements: list[Any], size: int) -> str:
    if not elements:
        return ""
    of_sample = "" if size <= len(elements) else f" (first {len(elements)})"
    if len(elements) > 1 and len(set(map(id, map(type, elements)))) > 1:
        counts: dict[str, int] = {}
        for name in map(type_name, map(type, elements)):
            counts[name] = counts.get(name, 0) + 1
        names = sorted(counts, key=counts.__getitem__, reverse=True)
        said = ", ".join(f"{name} x{counts[name]}" for name in names[:5]) + (", …" if len(names) > 5 else "")
    else:
        said = type_name(type(elements[0]))
    return f": {said}{of_sample}"


def _keys(mapping: Any, privacy: int) -> str:
    # Keys that are names are schema; other keys are data ("anna@example.org").
    pairs = islice(dict.items(mapping), 30)
    said = [
        f"{repr(key) if type(key) is str and len(key) <= 40 else short(key, 40)} {type_name(type(value))}"
        for key, value in pairs
        if privacy >= 2 or (type(key) is str and key.isidentifier() and len(key) <= 40)
    ]
    more = dict.__len__(mapping) - len(said)
    return (": " + ", ".join(said) if said else "") + (f", +{more:,} more" if said and more else "")


def _literal(obj: Any, base: Any, depth: int, count: int) -> str:
    more = ", …" if base.__len__(obj) > count else ""
    if base is dict:
        items = [f"{short(k, 40)}: {_entry(k, v, depth, count)}" for k, v in islice(dict.items(obj), count)]
        return "{" + ", ".join(items) + more + "}"
    brackets = _BRACKETS.get(id(base), "{}")
    if brackets == "{}":  # of a set the first in order: in an order of its own, they are others in each process
        members = base.__iter__(obj) if base.__len__(obj) <= _SORTED else ()
        inside = sorted(_inner(value, depth, count) for value in members)[:count]
    else:
        inside = [_inner(value, depth, count) for value in islice(base.__iter__(obj), count)]
    return brackets[0] + ", ".join(inside) + more + brackets[1]


def _entry(key: Any, value: Any, depth: int, count: int) -> str:
    if type(key) is str and looks_secret(key):
        return f"<{type_name(type(value))}>"
    return _inner(value, depth, count)


def _inner(value: Any, depth: int, count: int) -> str:
    kind = type(value)
    # By identity: "in (list, tuple)" would call a metaclass's __eq__.
    return _literal(value, kind, depth - 1, max(3, count // 5)) if depth > 1 and id(kind) in _BASES else short(value)


def _range_of(elements: Any, base: Any) -> list[str]:
    sample = base.__getitem__(elements, slice(None, None, max(1, base.__len__(elements) // _LOOKED_AT)))
    numbers = [n for n in sample if type(n) is float or (type(n) is int and n.bit_length() <= 64)]
    if not numbers:
        return []
    sampled = "" if len(numbers) == base.__len__(elements) else f" (of {len(numbers)} sampled)"
    return [f"min {min(numbers)}, mean {sum(numbers) / len(numbers):.6g}, max {max(numbers)}{sampled}"]
