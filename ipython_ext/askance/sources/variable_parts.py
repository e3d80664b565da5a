"""What is inside of a variable, and how much of it may be told. Enters: a variable, and steps into it. Leaves: the part.

It may be told no more of than where it is told of with the whole; nor than another variable that is the same object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..records import Ask, Privacy
from ..records.privacy import SAMPLES, SCHEMA, STATISTICS
from .describe import looks_secret
from .describe.inside import NOTHING, Step, inside, is_large

ANY = Ask(question="", model="", privacy=Privacy(most=SAMPLES))
"""A question that may be told everything."""

_SHORT = 20
_SIZED = (str, bytes, tuple, frozenset)


class Part(NamedTuple):
    """What was reached.

    Attributes:
        title: how it is written in Python.
        obj: the object.
        privacy: the level at which it may be told of.
        is_secret: whether one of the names on the way says that its value never leaves.
    """

    title: str
    obj: object
    privacy: int
    is_secret: bool


def walked(name: str, obj: object, steps: Sequence[Step], ask: Ask, variables: Mapping[str, object]) -> Part | None:
    """Go into a variable; None if there is no such thing, or nothing may be told of it.

    Args:
        name: the variable's.
        obj: its value.
        steps: one after the other.
        ask: says how much may be told.
        variables: all there are.
    """
    title, privacy, is_secret = name, ask.privacy.of("variables", name), looks_secret(name)
    held = list(variables.items())
    for step in (None, *steps):
        if step is not None:
            if privacy < SCHEMA or not _may_ask(step, privacy):
                return None
            privacy = min(privacy, SCHEMA) if privacy < SAMPLES and is_large(obj) else privacy
            obj = inside(obj, step)
            title += f".{step.key}" if step.is_attribute else f"[{step.key!r}]"
            is_secret = is_secret or looks_secret(str(step.key))
        names = {name, *_names(obj, held)} if step is None else _names(obj, held)
        if obj is NOTHING or any(ask.withholds("variables", other) for other in names):
            return None
        privacy = min([privacy, *(ask.privacy.of("variables", other) for other in names)])
    return Part(title, obj, privacy, is_secret)


def _may_ask(step: Step, privacy: int) -> bool:
    """Whether it may be told that there is such a key: one that is no name is data."""
    return privacy >= STATISTICS or type(step.key) is int or str(step.key).isidentifier()


def _names(obj: object, held: Iterable[tuple[str, object]]) -> set[str]:
    """The variables that are this very object."""
    if _is_anyones(obj):
        return set()
    return {name for name, value in held if value is obj and type(name) is str}


def _is_anyones(obj: Any) -> bool:
    """Whether Python may give unrelated variables this same object."""
    kind = type(obj)
    if obj is None or kind is bool:
        return True
    if kind is int:
        return bool(-5 <= obj <= 256)
    return any(kind is one for one in _SIZED) and len(obj) < _SHORT
