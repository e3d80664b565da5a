"""How large a message is, without a copy of it.

Enters: what a front end sent. Leaves: whether that is small enough to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

DEEPEST = 20
"""Lists and dicts inside of each other, at most."""


def is_light(value: Any, most: int) -> bool:
    """Whether a value is made of JSON's types alone, is not deep, and has at most so many characters and parts.

    Args:
        value: as it was received.
        most: characters of all texts, and parts, together.
    """
    row: list[Any] = [value]
    weight = 0
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for one in row:
            weight += len(one) if isinstance(one, str | list | dict) else 1
            if weight > most or not (one is None or isinstance(one, str | int | float | list | dict)):
                return False
            inner += _parts(one)
        if not inner:
            return True
        row = inner
    return False


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return (*value.keys(), *value.values())
    return value if isinstance(value, list) else ()
