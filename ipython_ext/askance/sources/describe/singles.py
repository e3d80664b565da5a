"""Python's own numbers, strings, bytes and ranges, and subclasses of them.

All is read with the methods of the built-in type itself: `str.__len__(obj)` never meets a subclass's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...records import Level
from .looked import WHOLE, Looked, brief, sampled
from .type_names import mro, type_name
from .values import TEXT_ROOM, cut_string, hashable_parts, scalar, steady

TYPES: tuple[type, ...] = (type(None), bool, int, float, complex, str, bytes, bytearray, range)

_ROOM = 2800
"""Characters of a string at full level and privacy 3."""

_WHOLE_TEXT = 1_000_000
"""Characters of a string that are looked at whole; to encode one that is not ASCII takes a nanosecond each."""

_BETWEEN = 100_000
_PATH_ROOM = 1000
_LONG = frozenset(map(id, (str, bytes, bytearray)))
_BASES = {id(kind): kind for kind in TYPES}


def describe(obj: Any, level: Level, privacy: int) -> str:
    """The value of small things from privacy 2, else type and size."""
    if obj is None:
        return "NoneType"
    kind = type(obj)
    base, name = _base(kind), type_name(kind)
    if base is str:
        return _describe_string(_plain(obj, base), name, level, privacy)
    if base is bytes or base is bytearray:
        return f"{name} of length {base.__len__(obj):,}"
    if base is range:
        return f"{obj!r}" if privacy >= 2 else f"range of {len(obj):,}"
    if privacy < 2:
        return name
    text = scalar(_plain(obj, base)) or ""
    return text if text.startswith("int of") else f"{name} {text}"


def parts(obj: Any) -> Iterator[str | bytes | Looked]:
    """The value; of very long strings and bytes their ends, and what lies at even distances in between."""
    base = _base(type(obj))
    if base is str or base is bytes or base is bytearray:
        text = base.__getitem__(obj, slice(None)) if type(obj) is not base else obj
        yield from _text_parts(steady(text) if isinstance(text, str) and len(text) <= _PATH_ROOM else text)
    elif base is range:
        yield repr(obj)
    else:
        yield from hashable_parts([_plain(obj, base)])


def facts(obj: Any) -> dict[str, int | str]:
    """How much of it a fingerprint looks at if that is not all."""
    return sampled(parts(obj)) if id(_base(type(obj))) in _LONG else {}


def _text_parts(text: Any) -> Iterator[str | bytes | Looked]:
    size, kept = len(text), text
    yield str(size)
    if size > (_WHOLE_TEXT if type(text) is str else WHOLE):
        kept = text[:_ROOM] + text[_ROOM : -_ROOM : max(1, size // _BETWEEN)] + text[-_ROOM:]
        yield Looked(len(kept), size)
    yield brief(kept.encode("utf-8", "surrogatepass") if type(kept) is str else kept)


def _base(kind: type) -> Any:
    """The built-in type an instance is stored as."""
    return _BASES.get(id(kind)) or next(_BASES[id(base)] for base in mro(kind) if id(base) in _BASES)


def _plain(obj: Any, base: Any) -> Any:
    """The value of a subclass's instance as the built-in type's own."""
    if obj is None or type(obj) is base:
        return obj
    return str.__getitem__(obj, slice(None)) if base is str else base.__pos__(obj)


def _describe_string(text: str, name: str, level: Level, privacy: int) -> str:
    if privacy < 2 or len(text) <= TEXT_ROOM:
        return f"{name} {text!r}" if privacy >= 2 else f"{name} of {len(text):,} characters"
    return f"{name} {cut_string(text, _ROOM if privacy >= 3 and level == 'full' else TEXT_ROOM)}"
