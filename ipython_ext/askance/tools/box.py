"""All tools there are, by name.

Enters: tools of our own, of other packages, of the user. Leaves: what a model is told of them; for the cache, the present
state of what a call rested on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from ..errors import UsageError
from ..records import Item, ToolCall, ToolSpec
from ..worker import Work
from .base import Arguments, Tool

SOURCE = "tools"
"""The source that results stand under in the ledger."""

NO_FACTS: Mapping[str, int | str] = MappingProxyType({})


class ToolBox:
    """Looked up anew each time: the user may define a tool in any cell. The later of one name takes its place.

    Attributes:
        stuck: tool name -> its latest call that nobody waits for any more; it may be busy still.
    """

    name = SOURCE

    def __init__(self, tools: Callable[[], Iterable[Tool]] = tuple, notes: Callable[[], Sequence[str]] = tuple) -> None:
        """
        Args:
            tools: gives the tools there are now, in the order in which a model is told of them.
            notes: gives a line on each that is not there though it should be.
        """
        self.stuck: dict[str, Work[Any]] = {}
        self.notes = notes
        self._tools = tools

    def all(self) -> dict[str, Tool]:
        """Every tool by its name."""
        return {tool.name: tool for tool in self._tools()}

    def specs(self, names: Iterable[str] | None = None, *, hands: bool) -> tuple[ToolSpec, ...]:
        """What a model is told of tools.

        Args:
            names: those that it may use; None for all.
            hands: whether a front end is there.

        Raises:
            UsageError: there is no tool of one of these names.
        """
        known = self.all()
        for name in names or ():
            if name not in known:
                raise UsageError(f"There is no tool {name!r}", f"Known: {', '.join(known)}.")
        wanted = known if names is None else {name: known[name] for name in names}
        return tuple(_spec(tool) for tool in wanted.values() if hands or not tool.needs_hands)

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of what a call rested on, by the name that its result has in the ledger."""
        found = parsed(name)
        tool = self.all().get(found[0]) if found is not None else None
        if found is None or tool is None:
            return None
        with suppress(Exception):  # a tool of anybody's: then nobody can tell
            return tool.fingerprint(found[1])
        return None

    def facts(self, _name: str) -> Mapping[str, int | str]:
        """Nothing: that it has changed is all there is to say."""
        return NO_FACTS


def _spec(tool: Tool) -> ToolSpec:
    schema = json.dumps(dict(tool.schema), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return ToolSpec(name=tool.name, description=tool.description, schema=schema)


def name_of(call: ToolCall, arguments: Arguments) -> str:
    """What its result is called in the ledger: the same for the same call, `parsed` takes it apart."""
    if not arguments:
        return call.name
    return f"{call.name} {json.dumps(dict(arguments), ensure_ascii=False, sort_keys=True, separators=(',', ':'))}"


def parsed(name: str) -> tuple[str, dict[str, Any]] | None:
    """The inverse of `name_of`: the tool's name and the arguments; None if it is no such name."""
    tool, _, rest = name.partition(" ")
    try:
        arguments = json.loads(rest or "{}")
    except (ValueError, RecursionError):
        return None
    return (tool, arguments) if isinstance(arguments, dict) else None


def rests_on_the_known(items: Iterable[Item]) -> bool:
    """Whether all results among these can be checked later: an answer may be kept that rests on nothing else."""
    return all(item.fingerprint for item in items if item.source == SOURCE)
