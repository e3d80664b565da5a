"""What is inside of an object: an element, a column, an attribute that is stored. None of the object's own code runs.

Enters: an object, and one step into it. Leaves: what is there, or `NOTHING`.
"""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple

from . import containers, dispatch, own, plain
from .storage import stored
from .type_names import mro

NOTHING = object()
"""There is no such thing, or nobody can tell without running code."""

SMALL = 10
"""Elements of a container that counts as a small value: in a larger one, each of them is data."""

_MOST = 1_000_000
_INDEXED = (list, tuple)


class Step(NamedTuple):
    """Into an object: by a key or a position, or by the name of an attribute."""

    key: str | int
    is_attribute: bool = False


def inside(obj: object, step: Step) -> object:
    """What is there; `NOTHING` for an object that speaks for itself (`_repr_ask_`)."""
    try:
        return NOTHING if own.hook(type(obj)) is not None else _inside(obj, step)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001  whatever a library does with a strange object, as where it is described
        return NOTHING


def is_large(obj: object) -> bool:
    """Whether a container holds more than counts as a small value."""
    base = _container(obj)
    return base is not None and base.__len__(obj) > SMALL


def _inside(obj: object, step: Step) -> object:
    base = _container(obj)
    if base is dict and not step.is_attribute:
        return _of_a_mapping(obj, step.key)
    if base is not None:
        is_place = type(step.key) is int and any(base is one for one in _INDEXED)
        return base.__getitem__(obj, step.key) if is_place and not step.is_attribute else NOTHING
    describer = dispatch.describer(type(obj))
    find = getattr(describer, "column", None)
    if find is not None:
        found = find(obj, str(step.key))
        return NOTHING if found is None else found
    if describer is plain and step.is_attribute and type(step.key) is str and not step.key.startswith("_"):
        return stored(obj, step.key)
    return NOTHING


def _of_a_mapping(obj: Any, key: str | int) -> object:
    # Looked up, a key of an unknown type could answer with code of its own.
    kind = type(key)
    pairs = islice(dict.items(obj), _MOST)
    return next((value for found, value in pairs if type(found) is kind and found == key), NOTHING)


def _container(obj: object) -> Any:
    """The built-in type a container is stored as, None for anything else."""
    return next((kind for kind in mro(type(obj)) if any(kind is one for one in containers.TYPES)), None)
