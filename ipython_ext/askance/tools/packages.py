"""Tools of other packages: entry points of the group "askance.tools".

Enters: entry points, each a typed function, a tool, or what makes tools: a class, or a function whose annotation says that
it gives some. Leaves: tools; and a line on each that is broken.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any, get_args

from ..errors import AskanceError
from .base import Tool
from .declared import NAME, Declaration, tool_of
from .results import problem

GROUP = "askance.tools"
_CALLED = ("touches", "fingerprint", "run")
_FLAGS = ("acts", "in_kernel", "needs_hands")


class PackageTools:
    """Loads them when they are first needed, once.

    Args:
        points: gives the entry points.
        taken: names of tools that no package may take the place of.
    """

    def __init__(
        self,
        taken: Iterable[str] = (),
        points: Callable[[], Iterable[EntryPoint]] = lambda: entry_points(group=GROUP),
    ) -> None:
        self._taken = frozenset(taken)
        self._points = points
        self._lock = threading.Lock()
        self._tools: tuple[Tool, ...] | None = None
        self._notes: list[str] = []

    @property
    def tools(self) -> Sequence[Tool]:
        """All that could be loaded."""
        with self._lock:
            if self._tools is None:
                self._tools = tuple(tool for point in self._points() for tool in self._loaded(point))
            return self._tools

    def notes(self) -> Sequence[str]:
        """A line on each that could not."""
        return tuple(self._notes) if self.tools is not None else ()

    def _loaded(self, point: EntryPoint) -> list[Tool]:
        try:
            found = _made(point.load(), point.name)
            for tool in found:
                _check(tool, self._taken)
        except Exception as error:  # noqa: BLE001  a package of anybody's
            said = str(error) if isinstance(error, AskanceError) else problem(error)
            self._notes.append(f"the tool {point.name} ({point.value}) is left out: {said}")
            return []
        return found


def _made(thing: Any, name: str) -> list[Tool]:
    if isinstance(thing, type) or _makes_tools(thing):
        thing = thing()
    if isinstance(thing, list | tuple):
        return [one for each in thing for one in _made(each, name)]
    if inspect.isroutine(thing):
        return [tool_of(thing, Declaration(name=name))]
    tool: Tool = thing
    return [tool]


def _makes_tools(thing: Any) -> bool:
    if not inspect.isfunction(thing) or inspect.signature(thing).parameters:
        return False
    said = thing.__annotations__.get("return", inspect.Signature.empty)
    if said is inspect.Signature.empty:
        return True
    return "Tool" in str(said) or any(hasattr(one, "touches") for one in (said, *get_args(said)))


def _check(tool: Tool, taken: Iterable[str]) -> None:
    if not NAME.fullmatch(tool.name):
        raise ValueError(f"{tool.name!r} is no name for a tool")
    if tool.name in taken:
        raise ValueError(f"{tool.name} is a tool of askance's own")
    missing = [name for name in (*_CALLED, *_FLAGS, "description", "schema") if not hasattr(tool, name)]
    if missing or not all(callable(getattr(tool, name)) for name in _CALLED):
        raise TypeError(f"a tool has {', '.join(missing or _CALLED)}")
    dict(tool.schema)
