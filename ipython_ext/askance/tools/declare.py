"""`@askance.tool`: makes a function of the user's a tool, from the next ask on.

Enters: functions, in any cell. Leaves: the tools that are declared now. Thread-safe.

    @askance.tool
    def price(product: str, day: date | None = None) -> float: ...

    @askance.tool(reads=lambda table: [f"files:{table}.csv"], cached=True)
    async def total(table: str) -> dict[str, float]: ...
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar, overload

from ..errors import UsageError
from .declared import Declaration, DeclaredTool, Resources, tool_of

F = TypeVar("F", bound=Callable[..., Any])

_lock = threading.Lock()
_declared: dict[str, DeclaredTool] = {}


class Declare:
    """The decorator `askance.tool`."""

    @overload
    def __call__(self, function: F, /) -> F: ...

    @overload
    def __call__(
        self,
        /,
        *,
        name: str | None = ...,
        reads: Resources = ...,
        writes: Resources = ...,
        confirm: bool | None = ...,
        in_kernel: bool = ...,
        cached: bool = ...,
        fingerprint: Callable[..., object] | None = ...,
    ) -> Callable[[F], F]: ...

    def __call__(self, function: Any = None, /, **said: Any) -> Any:
        """Make a typed function a tool; it stays usable as it was. One of the same name is replaced.

        Args:
            function: sync or async; its docstring tells the model what it does and what its arguments are. A method is
                given by its object: `askance.tool(store.find)`.
            said: the fields of `Declaration`, all by name:
                name: of the tool, if not the function's.
                reads: resources that a call reads ("files:prices.csv", "variables:df", any word; "files:data/" and
                    "variables:*" for many), or a function of the arguments that gives them. Calls that conflict run one
                    after the other; what the user withholds is not read.
                writes: the same of what it changes. The user is asked each time.
                confirm: True to have the user asked always, False never.
                in_kernel: it runs where cells run, one call at a time.
                cached: its result holds while all that it reads is the same.
                fingerprint: a function of the arguments that gives what changes when the result would.

        Raises:
            UsageError: it cannot be a tool; one line says why.
        """
        declaration = _declaration(said)
        if function is None:
            return lambda one: _add(one, declaration)
        return _add(function, declaration)

    def remove(self, name: str) -> None:
        """Take a declared tool back.

        Raises:
            UsageError: none of that name is declared.
        """
        with _lock:
            if name not in _declared:
                known = f"Declared: {', '.join(_declared)}." if _declared else "None is declared."
                raise UsageError(f"There is no declared tool {name!r}", known)
            del _declared[name]

    def __repr__(self) -> str:
        """How it is used, and what is declared."""
        return f"<@askance.tool: {', '.join(tool.name for tool in declared()) or 'nothing declared'}>"


def _declaration(said: dict[str, Any]) -> Declaration:
    known = Declaration.__dataclass_fields__
    unknown = sorted(set(said) - set(known))
    if unknown:
        raise UsageError(f"askance.tool takes no {unknown[0]!r}", f"Known: {', '.join(known)}.")
    return Declaration(**said)


def _add(function: F, declaration: Declaration) -> F:
    tool = tool_of(function, declaration)
    with _lock:
        _declared[tool.name] = tool
    return function


def declared() -> tuple[DeclaredTool, ...]:
    """The tools that are declared now."""
    with _lock:
        return tuple(_declared.values())


def forget() -> None:
    """Take all of them back."""
    with _lock:
        _declared.clear()


tool = Declare()
