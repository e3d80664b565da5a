"""A value as a model is told it: one line of JSON.

Enters: any object. Leaves: plain JSON values. Nothing is asked of an object of an unknown type: it is described as in any
other context.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PosixPath, WindowsPath
from typing import Any
from uuid import UUID

from ..errors import UsageError
from ..sources.describe import describe

MOST_PARTS = 100_000
"""Values within one value; one that holds itself has no end."""

_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
"""Ends of lines that JSON leaves as they are."""

_PLAIN: Mapping[type, Callable[[Any], Any]] = {
    type(None): lambda _: None,
    bool: lambda value: value,
    int: lambda value: value,
    str: lambda value: value,
    float: lambda value: value if math.isfinite(value) else None if math.isnan(value) else str(value),
    **dict.fromkeys((datetime, date, time), lambda value: value.isoformat()),
    **dict.fromkeys((timedelta, Decimal, Fraction, UUID, Path, PosixPath, WindowsPath), str),
}
"""By the exact type."""


class Plain:
    """Makes plain JSON values of one value.

    Args:
        privacy: the level that objects are described at.
    """

    def __init__(self, privacy: int) -> None:
        self._privacy = privacy
        self._left = MOST_PARTS

    def of(self, value: object) -> Any:
        """None, a bool, a number, a text, or a list or dict of such.

        Raises:
            UsageError: there is no end to it.
        """
        self._left -= 1
        if self._left < 0:
            raise UsageError("A value holds too much, or itself", "Pass smaller values, or their texts.")
        kind = type(value)
        if kind in _PLAIN:
            return _PLAIN[kind](value)
        if kind in (list, tuple, set, frozenset):
            return [self.of(one) for one in value]  # type: ignore[attr-defined]
        if kind is dict:
            return {self._key(key): self.of(one) for key, one in value.items()}  # type: ignore[attr-defined]
        if issubclass(kind, str):
            return str.__str__(value)
        found, plain = _of_libraries(value)
        return self.of(plain) if found else describe(value, "full", self._privacy)

    def _key(self, key: object) -> str:
        plain = self.of(key)
        return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _of_libraries(value: Any) -> tuple[bool, object]:
    """Whether it is a single value of pandas or numpy, and that as Python has it."""
    kind = type(value)
    pandas: Any = sys.modules.get("pandas")
    if pandas is not None and kind in (type(getattr(pandas, "NaT", None)), type(getattr(pandas, "NA", None))):
        return True, None
    if pandas is not None and kind is getattr(pandas, "Timestamp", None):
        return True, value.isoformat()
    if pandas is not None and kind in (getattr(pandas, "Timedelta", None), getattr(pandas, "Period", None)):
        return True, str(value)
    numpy: Any = sys.modules.get("numpy")
    if numpy is None or kind.__module__ != "numpy" or not issubclass(kind, getattr(numpy, "generic", ())):
        return False, None
    if issubclass(kind, (numpy.datetime64, numpy.timedelta64)):
        return True, None if numpy.isnat(value) else str(value)
    plain = value.item()
    return (False, None) if type(plain) is kind or type(plain) is complex else (True, plain)


def as_json(value: object, privacy: int) -> str:
    """A value as one line of JSON.

    Args:
        value: anything.
        privacy: the level that objects are described at.

    Raises:
        UsageError: there is no end to it.
    """
    try:
        return dumped(Plain(privacy).of(value))
    except RecursionError:
        raise UsageError("A value is nested too deeply, or holds itself", "Pass its text.") from None


def dumped(plain: Any) -> str:
    """Plain values as one line of JSON that can be encoded, whatever halves of characters are in it."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).translate(_LINE_ENDS)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
