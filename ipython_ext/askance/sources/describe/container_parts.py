"""What the fingerprint of a container covers: all of it and what is inside, or of a large one what lies at fixed places.

Enters: a container, and the built-in type it is stored as. Leaves: parts, equal for equal containers in any process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

from .flat import ROOM, flat, ids_of_types
from .looked import Looked, places
from .type_names import type_name
from .values import hashable_part, hashable_parts

_HASHED = 700
"""Elements looked at of a container that is not looked at whole."""

_FLAT = ROOM // 3
_SORTED = 5000
"""Members of a set that is looked at at all, where they are all strings or all whole numbers; of others fewer."""

_ORDERED = ({id(str)}, {id(int)})
_DEPTH = 3
_BASES = {id(kind): kind for kind in (list, tuple, dict, set, frozenset, deque)}


def parts(obj: Any, base: Any, told: Callable[[], str]) -> Iterator[str | bytes | Looked]:
    """What tells this container from others.

    Args:
        obj: the container.
        base: the built-in type it is stored as; its methods are used, and never a subclass's own.
        told: gives what a model may be told of it.
    """
    size = base.__len__(obj)
    yield f"{type_name(base)} {size}"
    if base is set or base is frozenset:
        yield from _members(obj, base, size)
        return
    whole = [flat(values) for values in _every(obj, base)] if size <= ROOM // (1 + (base is dict)) else [None]
    if None not in whole:
        yield from filter(None, whole)
        return
    yield told()  # it may come from other places than those that are looked at here
    sample = _Sample()
    yield from sample.parts(obj, base, _DEPTH, _HASHED)
    if sample.looked < sample.of:
        yield Looked(sample.looked, sample.of)


def _members(obj: Any, base: Any, size: int) -> Iterator[str | bytes | Looked]:
    """Of a set: its order differs between processes, so only whole sets can be compared."""
    members = list(base.__iter__(obj)) if size <= _SORTED else []
    kinds = ids_of_types(members)
    whole = flat(sorted(members)) if kinds in _ORDERED else flat([obj]) if type(obj) is base else None
    if whole is not None and members:
        yield whole
    elif size <= _HASHED:
        yield from sorted(map(hashable_part, members))
    else:
        yield Looked(0, size)


def _every(obj: Any, base: Any) -> list[list[Any]]:
    """All elements, of a dictionary keys and values."""
    if base is dict:
        return [list(dict.keys(obj)), list(dict.values(obj))]
    return [obj if type(obj) is list else list(base.__iter__(obj))]


def looked(base: type, size: int) -> Looked:
    """How much is looked at of a container of more than `ROOM` elements."""
    if base is dict:
        return Looked(_HASHED // 2, size)
    if base is list or base is tuple:
        return Looked(len(places(size, _HASHED)), size)
    return Looked(_HASHED if base is deque else 0, size)


class _Sample:
    """Elements at fixed places, and what is inside of those; counts how many there are."""

    def __init__(self) -> None:
        self.looked = self.of = 0

    def parts(self, obj: Any, base: Any, depth: int, count: int) -> list[str]:
        size = base.__len__(obj)
        elements = _some(obj, base, size, count)
        self.of += size
        self.looked += len(elements) // (1 + (base is dict))
        return [f"{type_name(base)} {size}", *self._inside(elements, depth, count)]

    def _inside(self, elements: list[Any], depth: int, count: int) -> list[str]:
        if (found := flat(elements, _FLAT)) is not None:
            return [found.hex()]
        inner = count // max(1, len(elements))
        nested = {kind: base for kind in set(map(id, map(type, elements))) if (base := _BASES.get(kind))}
        if depth <= 1 or inner < 2 or not nested:
            self.of += sum(nested[id(type(one))].__len__(one) for one in elements if id(type(one)) in nested)
            return hashable_parts(elements)
        return [
            repr(self.parts(one, nested[id(type(one))], depth - 1, inner))
            if id(type(one)) in nested
            else hashable_part(one)
            for one in elements
        ]


def _some(obj: Any, base: Any, size: int, count: int) -> list[Any]:
    if base is dict:
        ends = dict.items(obj) if size * 2 <= count else _ends(dict.items(obj), reversed(dict.items(obj)), count // 4)
        return [part for pair in ends for part in pair]
    if base is list or base is tuple:
        return [base.__getitem__(obj, place) for place in places(size, count)]
    if base is deque:
        every = size <= count
        return list(deque.__iter__(obj) if every else _ends(deque.__iter__(obj), deque.__reversed__(obj), count // 2))
    # In an order of their own, whatever that is in this process.
    return sorted(base.__iter__(obj), key=hashable_part) if size <= count else []


def _ends(forwards: Iterable[Any], backwards: Iterable[Any], count: int) -> Iterable[Any]:
    return chain(islice(forwards, count), islice(backwards, count))
