"""What an object stores, read without running its code.

Enters: any object. Leaves: its instance dictionary, or one attribute of it. Python's own descriptors are taken raw from
the classes and applied, so no `__getattribute__`, `__getattr__`, property or `__dict__` of a class has a say.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any

from .type_names import attributes, library_type, mro

_MOST = 10_000
_ONLY_STR = {id(str)}

_DICT_DESCRIPTORS = frozenset(map(id, (GetSetDescriptorType, MemberDescriptorType)))
_DESCRIPTORS: dict[int, tuple[type, Any]] = {}
"""Where instances of library types keep their dictionary, by identity of the type, which is held."""

_MOST_DESCRIPTORS = 2000


def storage(obj: object) -> dict[str, Any]:
    """The instance dictionary itself (never to be changed), {} if there is none or it is not an ordinary one."""
    kind = type(obj)
    known = _DESCRIPTORS.get(id(kind))
    descriptor = _descriptor(kind) if known is None else known[1]
    found = None if descriptor is None else descriptor.__get__(obj)
    # A key of another type could answer a lookup with code of its own.
    if type(found) is dict and len(found) <= _MOST and set(map(id, map(type, found))) <= _ONLY_STR:
        return found
    return {}


def _descriptor(kind: type) -> Any:
    places = (attributes(base).get("__dict__") for base in mro(kind))
    descriptor = next((place for place in places if id(type(place)) in _DICT_DESCRIPTORS), None)
    if library_type(kind) is not None and len(_DESCRIPTORS) < _MOST_DESCRIPTORS:
        _DESCRIPTORS[id(kind)] = (kind, descriptor)
    return descriptor


def stored(obj: object, name: str) -> Any:
    """The value of an attribute kept in the instance dictionary or in a slot; raises KeyError if it is not kept."""
    found = storage(obj)
    if name in found:
        return found[name]
    for base in mro(type(obj)):
        descriptor = attributes(base).get(name)
        if type(descriptor) is MemberDescriptorType:
            return _slot(descriptor, obj, name)
    raise KeyError(name)


def public(obj: object) -> Iterator[tuple[str, Any]]:
    """The names without underscore and their values, from the dictionary and then from slots."""
    yield from ((name, value) for name, value in list(storage(obj).items()) if not name.startswith("_"))
    for base in mro(type(obj)):
        slots = attributes(base).get("__slots__", ())
        for name in slots if type(slots) is tuple or type(slots) is list else ():
            descriptor = attributes(base).get(name) if type(name) is str else None
            if type(descriptor) is MemberDescriptorType and not name.startswith("_"):
                try:
                    yield name, _slot(descriptor, obj, name)
                except KeyError:
                    continue


def _slot(descriptor: MemberDescriptorType, obj: object, name: str) -> Any:
    try:
        return descriptor.__get__(obj)
    except AttributeError:  # an empty slot
        raise KeyError(name) from None
