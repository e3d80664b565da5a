"""Classes: name and base, first line of the docstring, their members' signatures, and at full level their source.

Read raw from the class's own dictionary, so no metaclass has a say.
"""

from __future__ import annotations

import inspect
import re
from itertools import islice
from types import FunctionType
from typing import Any

from ...records import Level
from .functions import SOURCE_ROOM, code_parts, file_lines, first_line, signature, unwrapped
from .table import cut_lines
from .type_names import attributes, mro, qualname_of, type_name

_MEMBERS = 40
_LOOKED_AT = 200
_BINDERS = {id(staticmethod): "static ", id(classmethod): "class "}


def describe(obj: Any, level: Level, privacy: int) -> str:
    """Two lines at outline, members at excerpt, the source at full."""
    lines = [_head(obj), *first_line(attributes(obj).get("__doc__"), privacy)]
    source = _source(obj) if level == "full" else ""
    if source:
        lines.append(source)
    elif level in ("excerpt", "full"):
        lines += [f"  {member}" for member in _members(obj, privacy)]
    return cut_lines("\n".join(lines), SOURCE_ROOM)


def parts(obj: Any) -> list[str]:
    """The members, and the code of the methods."""
    methods = [part for function in _functions(obj) for part in code_parts(function.__code__)]
    return [describe(obj, "excerpt", 2), *methods]


def _head(kind: type) -> str:
    bases = [type_name(base) for base in mro(kind)[1:] if base is not object]
    return f"class {qualname_of(kind)}" + (f"({bases[0]})" if bases else "")


def _source(kind: type) -> str:
    """The lines of a class, found above its methods; "" for a class without any."""
    opening = re.compile(rf"\s*class\s+{re.escape(qualname_of(kind).rpartition('.')[2])}\b")
    for function in _functions(kind)[:5]:
        lines = file_lines(function.__code__.co_filename)
        for number in range(min(function.__code__.co_firstlineno, len(lines)) - 1, -1, -1):
            if opening.match(lines[number]):
                return "".join(inspect.getblock(lines[number : number + 400])).rstrip()
    return ""


def _members(kind: type, privacy: int) -> list[str]:
    said = []
    for name, value in islice(attributes(kind).items(), _LOOKED_AT):
        if type(name) is not str or (name.startswith("_") and name != "__init__"):
            continue
        binder = _BINDERS.get(id(type(value)))
        function = value if binder is None else value.__func__
        if type(function) is FunctionType:
            said.append(f"{binder or ''}{signature(unwrapped(function), privacy)}")
        else:
            said.append(f"{name}: {type_name(type(value))}")
    notes = attributes(kind).get("__annotations__")
    named = islice(notes.items(), _MEMBERS) if type(notes) is dict else ()
    said += [f"{name}: {_annotation(note)}" for name, note in named if type(name) is str]
    return said[:_MEMBERS]


def _annotation(note: object) -> str:
    # An annotation may be any object; what is a plain class or text can be said.
    if type(note) is str:
        return note[:60]
    return type_name(note) if type(note) is type else "annotated"


def _functions(kind: type) -> list[FunctionType]:
    return [value for value in islice(attributes(kind).values(), _LOOKED_AT) if type(value) is FunctionType]
