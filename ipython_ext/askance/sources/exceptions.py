"""What an exception says of itself, read past whatever its class overrides. Enters: an exception. Leaves: text, exceptions.

No code of the user's is called, not even a `__str__`; see `describe.messages`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..beginning import beginning
from .describe import messages
from .describe.storage import storage
from .describe.type_names import mro, type_name

_MESSAGE_ROOM = 1000
_NOTE_ROOM = 300
_MOST = 5

_cause = BaseException.__dict__["__cause__"].__get__
_context = BaseException.__dict__["__context__"].__get__
_suppressed = BaseException.__dict__["__suppress_context__"].__get__
_members = BaseExceptionGroup.__dict__["exceptions"].__get__
_syntax = {name: SyntaxError.__dict__[name].__get__ for name in ("filename", "lineno", "text", "offset")}


def message(error: BaseException) -> str:
    """Type and message on one line; an exception that cannot print itself gives its type."""
    name = type_name(type(error))
    try:
        said = messages.said(error)
    except Exception:  # noqa: BLE001  as where variables are described
        said = None
    if said is None:
        return f"{name} (its message cannot be read)"
    if not said.strip():
        return name
    flat = " ".join(beginning(said, _MESSAGE_ROOM).split())
    return f"{name}: {flat}" + (" …" if len(said) > _MESSAGE_ROOM else "")


def chain(error: BaseException) -> list[BaseException]:
    """What led to an exception, nearest first, without going in circles; at most five."""
    found = [error]
    while len(found) <= _MOST:
        last = found[-1]
        earlier = _cause(last)
        if earlier is None and not _suppressed(last):
            earlier = _context(last)
        if earlier is None or any(earlier is known for known in found):
            break
        found.append(earlier)
    return found[1:]


def notes(error: BaseException) -> list[str]:
    """What was added to it (PEP 678), a line each; at most five."""
    found = storage(error).get("__notes__")
    texts = [one for one in found[:_MOST] if type(one) is str] if type(found) is list else []
    return [" ".join(beginning(text, _NOTE_ROOM).split()) for text in texts]


def members(error: BaseException, said: Callable[[BaseException], str] = message) -> list[str]:
    """The messages of the exceptions that a group holds, those of inner groups below them; a bounded number.

    Args:
        error: the group; nothing else has members.
        said: what is told of each.
    """
    found: list[str] = []
    _add_members(error, "  ", found, said)
    return found


def syntax(error: BaseException) -> tuple[str, int, str, int] | None:
    """File name, line, text and column (both from 1) of a syntax error; None for any other, or one without a place."""
    if not any(kind is SyntaxError for kind in mro(type(error))):
        return None
    filename, line, text, offset = (read(error) for read in _syntax.values())
    if type(filename) is not str or type(line) is not int or type(text) is not str:
        return None
    return filename, line, text.rstrip("\n")[:_NOTE_ROOM], offset if type(offset) is int else 0


def _add_members(error: BaseException, indent: str, found: list[str], said: Callable[[BaseException], str]) -> None:
    if len(indent) > 2 * _MOST or not any(kind is BaseExceptionGroup for kind in mro(type(error))):
        return
    inside: Sequence[Any] = _members(error)
    for one in inside[:_MOST]:
        found.append(f"{indent}- {said(one)[:_NOTE_ROOM]}")
        _add_members(one, indent + "  ", found, said)
    found += [f"{indent}… {len(inside) - _MOST} more"] if len(inside) > _MOST else []
