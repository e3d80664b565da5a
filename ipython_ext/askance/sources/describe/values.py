"""Small values as text. Enters: any object. Leaves: its text if its exact type is a known scalar, else None."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import PosixPath, PurePosixPath, PureWindowsPath, WindowsPath
from types import FunctionType, ModuleType
from typing import Any
from zlib import crc32

from ...beginning import beginning
from .type_names import attributes, library_type, mro, type_name

TEXT_ROOM = 80
"""Characters of a string that count as a small value."""

INT_BITS = 256
"""Integers up to this size are written out; Python refuses to print the largest at all."""

_TEMPORARY = re.compile(r"([\\/])tmp[a-z0-9_]{8}(?![\w-])")
_LONG = 1_000_000
"""Characters of a string that are looked at."""

_PRIME = (1 << 61) - 1
"""What is left of a large integer tells it from others."""

_SMALL_KINDS = frozenset(map(id, (bool, int, float, str, type(None))))
_ONLY_STR = {id(str)}
_ONLY_INT = {id(int)}
_SMALL_TEXT = 300
_SMALL_INT = 1 << INT_BITS
_PLAIN = frozenset(map(id, (bool, float, complex, type(None), type(...))))
_TIMES = (datetime, time)
TYPES = (*_TIMES, date, timedelta, Decimal, PosixPath, PurePosixPath, PureWindowsPath, WindowsPath)
"""Types of single values besides numbers and strings."""

_ZONED = frozenset(map(id, _TIMES))
_PRINTED = frozenset(map(id, TYPES))
_ZONES = (("zoneinfo", "ZoneInfo"), ("dateutil", "tzfile"), ("dateutil", "tzutc"))
_PYTZ = (("pytz", "DstTzInfo"), ("pytz", "StaticTzInfo"))
_LIBRARY_SCALARS = {
    "numpy": frozenset(
        "bool bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 longlong ulonglong intc uintc "
        "float16 float32 float64 longdouble complex64 complex128 datetime64 timedelta64".split()
    ),
    "pandas": frozenset("Timestamp Timedelta Period".split()),
    "fractions": frozenset(("Fraction",)),
    "uuid": frozenset(("UUID",)),
}


def scalar(value: Any, room: int = TEXT_ROOM) -> str | None:
    """The value as Python would write it, cut to about `room` characters; None if the exact type is unknown."""
    kind = type(value)
    if kind is str:
        return cut_string(value, room)
    if kind is int:
        return repr(value) if value.bit_length() <= INT_BITS else f"int of {value.bit_length():,} bits"
    if id(kind) in _PLAIN:
        return repr(value)
    if kind is bytes:
        return f"bytes of length {len(value):,}"
    if id(kind) in _PRINTED:
        return str(value)[:room] if id(kind) not in _ZONED or knows_zone(value.tzinfo) else type_name(kind)
    return _library_scalar(value, kind)


def steady(text: str) -> str:
    """A text without the names that `tempfile` makes up, which are others in every process and say nothing."""
    return _TEMPORARY.sub(r"\1tmp", text) if "tmp" in text else text


def cut_string(value: str, room: int = TEXT_ROOM) -> str:
    """A string in quotes, with its length if it had to be cut."""
    kept = beginning(value, room)
    return repr(kept) if kept == value else f"{kept!r}… ({len(value):,} characters)"


def short(value: Any, room: int = TEXT_ROOM) -> str:
    """`scalar`, or the type's name in angle brackets."""
    text = scalar(value, room)
    return f"<{type_name(type(value))}>" if text is None else text


def hashable_parts(values: Iterable[Any]) -> list[str]:
    """Strings that tell values of known exact types apart; of other values only the type counts."""
    listed = list(values)
    return [repr(listed)] if all_small(listed) else [hashable_part(value) for value in listed]


def all_small(values: list[Any]) -> bool:
    """Whether every element is a plain number or short string, so that Python's own repr is safe and fast."""
    kinds = set(map(id, map(type, values)))
    if not kinds <= _SMALL_KINDS:
        return False
    texts = (
        values if kinds == _ONLY_STR else [value for value in values if type(value) is str] if id(str) in kinds else ()
    )
    whole = (
        values if kinds == _ONLY_INT else [value for value in values if type(value) is int] if id(int) in kinds else ()
    )
    return max(map(len, texts), default=0) <= _SMALL_TEXT and (
        not whole or -_SMALL_INT < min(whole) <= max(whole) < _SMALL_INT
    )


def hashable_part(value: Any) -> str:
    """A string that tells one value of a known exact type apart; of another value only the type counts."""
    kind = type(value)
    if kind is float or kind is bool or value is None:
        return repr(value)
    if kind is str or kind is bytes:
        rest = value[300:_LONG] if len(value) <= _LONG else value[300 : _LONG // 2] + value[-_LONG // 2 :]
        data = rest.encode("utf-8", "surrogatepass") if kind is str else rest
        return f"{kind.__name__}{len(value)}:{value[:300]!r}{crc32(data) if data else ''}"
    if kind is int:
        return repr(value) if value.bit_length() <= INT_BITS else f"i{value.bit_length()}:{value % _PRIME}"
    return short(value, 1000)


def knows_zone(zone: object) -> bool:
    """Whether a time in this zone may be printed, which asks the zone for its offset."""
    kind = type(zone)
    if zone is None or kind is timezone or library_type(kind) in _ZONES:
        return True
    # pytz makes a class for each place, which holds data alone.
    made = library_type(mro(kind)[1]) in _PYTZ
    return made and not any(type(value) is FunctionType for value in attributes(kind).values())


def _library_scalar(value: Any, kind: type) -> str | None:
    known = library_type(kind)
    if known is not None and known[1] in _LIBRARY_SCALARS.get(known[0], ()):
        return str(value) if known[1] != "Timestamp" or knows_zone(value.tzinfo) else None
    pandas = sys.modules.get("pandas")
    if type(pandas) is ModuleType and (value is vars(pandas).get("NA") or value is vars(pandas).get("NaT")):
        return "<NA>"
    return None
