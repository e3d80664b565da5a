"""Python's own values and containers. Bounded in depth, count and length, whatever their size."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Any

from ...records import Level
from .secret_names import looks_secret
from .table import cut_lines
from .type_names import type_name
from .values import TEXT_ROOM, cut_string, hashable_part, hashable_parts, scalar, short

TYPES = (type(None), bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range)

_ROOM = 3000
_LOOKED_AT = 200
"""Elements that are looked at to say what a container holds."""

_HASHED = 1000
"""Elements a fingerprint covers; larger lists are sampled at fixed strides."""

_SMALL = 10
"""Containers up to this many elements count as small values."""

_DEPTH = 3
_CONTAINERS = frozenset(map(id, (list, tuple, dict, set, frozenset)))
_ONE = frozenset(map(id, (type(None), bool, int, float, complex)))


def describe(obj: Any, level: Level, privacy: int) -> str:
    """Type and size; the value of small things from privacy 2, samples of larger ones from 3."""
    kind = type(obj)
    if id(kind) in _ONE:
        return _describe_one(obj, privacy)
    if kind is str:
        return _describe_string(obj, level, privacy)
    if kind in (bytes, bytearray):
        return f"{kind.__name__} of length {len(obj):,}"
    if kind is range:
        return f"{obj!r}" if privacy >= 2 else f"range of {len(obj):,}"
    return cut_lines(_describe_container(obj, level, privacy), _ROOM)


def parts(obj: Any) -> list[str]:
    """All elements of small containers, a strided sample of large ones, nested ones to a fixed depth."""
    return _parts(obj, _DEPTH, _HASHED)


def _describe_one(value: Any, privacy: int) -> str:
    name, text = type_name(type(value)), scalar(value) or ""
    if value is None or privacy < 2:
        return name
    return text if text.startswith("int of") else f"{name} {text}"


def _describe_string(text: str, level: Level, privacy: int) -> str:
    if privacy < 2 or len(text) <= TEXT_ROOM:
        return f"str {text!r}" if privacy >= 2 else f"str of {len(text):,} characters"
    room = _ROOM - 200 if privacy >= 3 and level == "full" else TEXT_ROOM
    return f"str {cut_string(text, room)}"


def _describe_container(obj: Any, level: Level, privacy: int) -> str:
    size, name = len(obj), type_name(type(obj))
    if type(obj) is dict:
        lines = [f"dict of {size:,}" + _keys(obj, privacy)]
    else:
        lines = [f"{name} of {size:,}" + _kinds(list(islice(obj, _LOOKED_AT)), size)]
    if level == "outline" or privacy < 2 or not size:
        return "\n".join(lines)
    if size <= _SMALL or privacy >= 3:
        lines.append(_literal(obj, _DEPTH, 50 if level == "full" and privacy >= 3 else _SMALL))
    elif type(obj) in (list, tuple):
        lines += _range_of(obj)
    return "\n".join(lines)


def _kinds(elements: list[Any], size: int) -> str:
    if not elements:
        return ""
    kinds = {id(type(element)): type(element) for element in elements}
    counts = Counter(id(type(element)) for element in elements) if len(kinds) > 1 else dict.fromkeys(kinds, 1)
    names = Counter({type_name(kinds[key]): count for key, count in counts.items()})
    said = ", ".join(f"{name}" if len(names) == 1 else f"{name} x{count}" for name, count in names.most_common(5))
    of_sample = "" if size <= len(elements) else f" (first {len(elements)})"
    return f": {said}{', …' if len(names) > 5 else ''}{of_sample}"


def _keys(mapping: dict[Any, Any], privacy: int) -> str:
    # Keys that are names are schema; other keys are data ("anna@example.org").
    pairs = list(islice(mapping.items(), 30))
    said = [
        f"{short(key, 40)} {type_name(type(value))}"
        for key, value in pairs
        if privacy >= 2 or (type(key) is str and key.isidentifier() and len(key) <= 40)
    ]
    more = len(mapping) - len(said)
    return (": " + ", ".join(said) if said else "") + (f", +{more:,} more" if said and more else "")


def _literal(obj: Any, depth: int, count: int) -> str:
    kind = type(obj)
    if id(kind) not in _CONTAINERS:  # "in (list, tuple)" would call a metaclass's __eq__
        return short(obj)
    if kind is dict:
        items = [f"{short(k, 40)}: {_entry(k, v, depth, count)}" for k, v in islice(obj.items(), count)]
        return "{" + ", ".join(items) + (", …" if len(obj) > count else "") + "}"
    inside = [_inner(value, depth, count) for value in islice(obj, count)]
    if kind is list or kind is tuple:
        brackets = "[]" if kind is list else "()"
    else:
        brackets, inside = "{}", sorted(inside)
    return brackets[0] + ", ".join(inside) + (", …" if len(obj) > count else "") + brackets[1]


def _entry(key: Any, value: Any, depth: int, count: int) -> str:
    if type(key) is str and looks_secret(key):
        return f"<{type_name(type(value))}>"
    return _inner(value, depth, count)


def _inner(value: Any, depth: int, count: int) -> str:
    return _literal(value, depth - 1, max(3, count // 5)) if depth > 1 else short(value)


def _range_of(elements: Any) -> list[str]:
    step = max(1, len(elements) // _LOOKED_AT)
    numbers = [n for n in elements[::step] if type(n) in (int, float) and (type(n) is float or n.bit_length() <= 64)]
    if not numbers:
        return []
    sampled = "" if step == 1 else f" (of {len(numbers)} sampled)"
    return [f"min {min(numbers)}, mean {sum(numbers) / len(numbers):.6g}, max {max(numbers)}{sampled}"]


def _parts(obj: Any, depth: int, count: int) -> list[str]:
    kind = type(obj)
    if kind in (list, tuple):
        sample = obj[:: max(1, -(-len(obj) // count))]
        return [type_name(kind), str(len(obj)), *_nested(sample, depth, count)]
    if kind is dict:
        pairs = list(islice(obj.items(), count // 2))
        return ["dict", str(len(obj)), *_nested([part for pair in pairs for part in pair], depth, count)]
    if kind in (set, frozenset):
        # The order of a set of strings differs between processes, so only whole sets can be compared.
        return [type_name(kind), str(len(obj)), *(sorted(map(hashable_part, obj)) if len(obj) <= count else ())]
    if kind in (bytes, bytearray):
        return [str(len(obj)), repr(bytes(obj[:2000])), repr(bytes(obj[-100:]))]
    if kind is str:
        return [str(len(obj)), obj[:5000], obj[-100:]]
    return [repr(obj)] if kind is range else hashable_parts([obj])


def _nested(elements: Any, depth: int, count: int) -> list[str]:
    inner = count // max(1, len(elements))
    if depth <= 1 or inner < 2 or not any(id(type(element)) in _CONTAINERS for element in elements):
        return hashable_parts(elements)
    return [
        repr(_parts(element, depth - 1, inner)) if id(type(element)) in _CONTAINERS else short(element, 300)
        for element in elements
    ]
