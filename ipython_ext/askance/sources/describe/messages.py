"""What an exception says, without running code of the user's.

Enters: an exception. Leaves: its message. Python's own `__str__`, and one that an installed library wrote, are called where
all that they can print is plain values; of others the arguments are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType, WrapperDescriptorType
from typing import Any

from ...beginning import beginning
from .containers import literal
from .flat import flat
from .storage import storage
from .type_names import attributes, exact, library_type, mro, type_name
from .values import scalar

ROOM = 10_000
"""Characters of a message that are looked at."""

_MOST = 100
_ARGUMENTS = 5
_DEPTH = 3
_ERRORS = 20
_LIBRARY = re.compile(r".*(?:[/\\](?:site|dist)-packages|[/\\]python3[^/\\]*)[/\\]")
_SLOTS = frozenset(map(id, (MemberDescriptorType, GetSetDescriptorType)))
_args = BaseException.__dict__["args"].__get__


def said(error: BaseException) -> str | None:
    """The message, "" if there is none; None if only code of the user's could tell."""
    return _said(error, _DEPTH)


def _said(error: BaseException, depth: int) -> str | None:
    if library_type(type(error)) in _VALIDATION:
        return _validation(error)
    owner, method = _method(type(error))
    if all(map(_is_plain, _printed(error, owner))) and _is_trusted(method, error):
        try:
            text = method(error)
        except Exception:  # noqa: BLE001  what a library's own code cannot print
            text = None
        if type(text) is str:
            return beginning(text, ROOM)
    args = _args(error)
    return None if type(method) is not WrapperDescriptorType and not args else _arguments(args, depth)


def _method(kind: type) -> tuple[type, Any]:
    """The class that says how its instances are printed, and its `__str__`."""
    found = ((base, attributes(base).get("__str__")) for base in mro(kind))
    owner, method = next((one for one in found if one[1] is not None), (BaseException, None))
    trusted = type(method) is WrapperDescriptorType and method.__objclass__ is owner and owner.__module__ == "builtins"
    return owner, method if trusted or type(method) is FunctionType else None


def _printed(error: BaseException, owner: type) -> Iterable[Any]:
    """All that a `__str__` may print: arguments, slots of its own class, attributes."""
    if owner is not BaseExceptionGroup:  # which prints how many exceptions it has
        yield from _args(error)
    for name, slot in attributes(owner).items() if owner is not BaseException else ():
        if id(type(slot)) in _SLOTS and name not in ("__dict__", "__weakref__", "exceptions"):
            try:
                yield slot.__get__(error)
            except Exception:  # noqa: BLE001, S112  an empty slot
                continue
    if type(attributes(owner).get("__str__")) is FunctionType:
        yield from list(storage(error).values())


def _is_plain(value: Any) -> bool:
    if scalar(value) is not None or flat([value], _MOST) is not None:
        return True
    known = library_type(type(value))
    if known is not None and known[0] == "numpy":  # of its errors about dtypes
        return known[1] in ("ufunc", "_DTypeMeta") or known[1].endswith("DType")
    return type(value) is tuple and len(value) <= _MOST and all(map(_is_plain, value))


def _is_trusted(method: Any, error: BaseException) -> bool:
    """Whether Python itself wrote it, or an installed library for a class that it exports: a user's subclass may differ."""
    if type(method) is not FunctionType or library_type(type(error)) is None:
        return type(method) is WrapperDescriptorType
    return _LIBRARY.match(exact(method.__code__.co_filename)) is not None


def _arguments(args: tuple[Any, ...], depth: int) -> str:
    said = [_argument(value, depth) for value in args[:_ARGUMENTS]]
    if len(args) == 1 and any(base is str for base in mro(type(args[0]))):
        said = [beginning(exact(args[0]), ROOM)]
    return ", ".join(said) + (", …" if len(args) > _ARGUMENTS else "")


def _argument(value: Any, depth: int) -> str:
    kind = type(value)
    if depth and any(base is BaseException for base in mro(kind)):
        return ": ".join(filter(None, (type_name(kind), _said(value, depth - 1))))
    return f"<class {type_name(value)}>" if kind is type else literal(value)[: ROOM // _ARGUMENTS]


_VALIDATION = (("pydantic_core", "ValidationError"),)


def _validation(error: Any) -> str:
    """Pydantic's, without the values that were refused: of these it would print the repr."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']} [{one['type']}]" for one in found[:_ERRORS]]
    return f"{len(found)} validation error{'s' if len(found) > 1 else ''} for {error.title}; " + "; ".join(lines)
