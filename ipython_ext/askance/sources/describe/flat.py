"""Python values as bytes, all of them and as deep as they go, where they are Python's own and not too many.

Enters: a list. Leaves: bytes that are equal exactly for equal values, in any process; None where that would take too long
or run somebody's code. Types are told by identity alone; `marshal` then writes what it knows without asking it anything,
sets in an order of its own, and the same object twice like two equal ones (its version 2 keeps no references).
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from itertools import chain, repeat
from operator import is_
from typing import Any

from .looked import OBJECT, WHOLE, brief

ROOM = WHOLE // OBJECT
"""Values that are looked at whole, those inside of others included."""

_CHARACTERS = 1_000_000
_DEPTH = 30
_STR, _BYTES = map(id, (str, bytes))
_SCALARS = frozenset(map(id, (str, int, float, bool, type(None), complex, bytes, type(...))))
_COSTS = dict(zip(map(id, (list, tuple, dict, set, frozenset)), (1, 1, 4, 8, 8), strict=True))
"""What an element costs: in a dictionary it has a key too and is seldom like the others, in a set it is put in order."""

_NESTED = frozenset(_COSTS)
_KNOWN = _SCALARS | _NESTED


def flat(values: list[Any], room: int = ROOM) -> bytes | None:
    """What tells these values from others.

    Args:
        values: of any types.
        room: how many there may be, those inside of others included.
    """
    if len(values) > room:
        return None
    if values and type(values[0]) is str and (texts := _texts(values)) is not None:
        return texts
    return brief(marshal.dumps(values, 2)) if _is_plain(values, room) else None


def _texts(values: list[Any]) -> bytes | None:
    """The fast way for strings, which most lists and columns hold; None if there is anything else among them."""
    try:
        if sum(map(str.__len__, values)) > _CHARACTERS:
            return None
        joined = "\0".join(values)
    except TypeError:
        return None
    if joined.count("\0") != len(values) - 1:
        return None
    return b"strings" + len(values).to_bytes(8, "little") + brief(joined.encode("utf-8", "surrogatepass"))


def _is_plain(values: list[Any], room: int) -> bool:
    for _ in range(_DEPTH):
        kinds = ids_of_types(values)
        if not kinds <= _KNOWN or not _is_short(values, kinds):
            return False
        if kinds.isdisjoint(_NESTED):
            return True
        inside = values if kinds <= _NESTED else [value for value in values if id(type(value)) in _NESTED]
        room -= len(values)
        if sum(len(value) * _COSTS[id(type(value))] for value in inside) > room:
            return False
        values = list(chain.from_iterable(map(_elements, inside)))
    return False


def ids_of_types(values: list[Any]) -> set[int]:
    """The exact types, by identity: a set of types would ask a metaclass for its hash."""
    types = list(map(type, values))
    return {id(types[0])} if types and all(map(is_, types, repeat(types[0]))) else set(map(id, types))


def _is_short(values: list[Any], kinds: set[int]) -> bool:
    """Whether strings and bytes are of a length that is written out in no time."""
    if kinds.isdisjoint((_STR, _BYTES)):
        return True
    return sum(map(len, [one for one in values if type(one) is str or type(one) is bytes])) <= _CHARACTERS


def _elements(value: Any) -> Iterable[Any]:
    return chain(value.keys(), value.values()) if type(value) is dict else value
