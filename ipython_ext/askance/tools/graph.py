"""Which calls have to wait for which.

Enters: what calls read and change. Leaves: whether two of them conflict, and what of it the user withholds.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from ..records import Ask
from .base import ALL, Touches

FILES = "files:"
"""Resources of which one may be called by several names: "files:./a.py" is "files:a.py"."""


def conflict(one: Touches, other: Touches) -> bool:
    """Whether two calls must not run at once: one of them changes what the other reads or changes."""
    return _meet(one.writes, other.writes) or _meet(one.writes, other.reads) or _meet(one.reads, other.writes)


def _meet(some: Iterable[str], others: Iterable[str]) -> bool:
    against = [_beginning(name) for name in others]
    return any(_overlap(_beginning(name), other) for name in some for other in against)


def _beginning(resource: str) -> tuple[str, bool]:
    """How the names of all begin that a resource stands for, and whether it stands for more than itself."""
    name = normal(resource)
    return (name.removesuffix(ALL), True) if name.endswith(ALL) else (name, name.endswith("/"))


def _overlap(one: tuple[str, bool], other: tuple[str, bool]) -> bool:
    (name, more), (other_name, others) = one, other
    if name.rstrip("/") == other_name.rstrip("/"):
        return True
    return (more and other_name.startswith(name)) or (others and name.startswith(other_name))


def normal(resource: str) -> str:
    """The usual name of a resource."""
    if not resource.startswith(FILES):
        return resource
    path = resource.removeprefix(FILES)
    end = "/" if path.endswith("/") else ""
    path = posixpath.normpath(path.replace("\\", "/")) if path else ""
    return FILES + (ALL if path == "." and end else path.rstrip("/") + end)


def withheld(ask: Ask, touches: Touches) -> bool:
    """Whether the user withholds any of what a call names: of a whole kind ("variables:*") the tool knows itself what to
    leave out.
    """
    names = [normal(name).partition(":") for name in (*touches.reads, *touches.writes) if name != ALL]
    return any(ask.withholds(source, name) for source, _, name in names)
