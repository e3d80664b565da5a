"""What a tool is.

Enters: arguments, as the model gave them and the schema allows; the ask. Leaves: a text for the model, which passes the
gate on its way. To add a tool: one file beside this one, and one line in `table.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from ..records import Ask, Privacy, ToolUse

T = TypeVar("T")

Arguments = Mapping[str, Any]
"""The arguments of a call, by name."""

ALL = "*"
"""Ends the name of a resource that stands for all that begin like it: "variables:*"; alone, for everything."""


@dataclass(frozen=True, kw_only=True)
class Touches:
    """What a call reads and what it changes, by the names of resources.

    A resource is an id like those of the ledger ("variables:df", "files:utils.py", "cells:3", "git:log"), any other word, or
    one that ends in `ALL`. Of two calls that touch the same, and of which one changes it, the later waits for the earlier.
    """

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()

    def level(self, privacy: Privacy) -> int:
        """The lowest privacy level of all that is read."""
        read = [resource.partition(":") for resource in self.reads if ":" in resource]
        return min((privacy.of(source, name) for source, _, name in read), default=privacy.highest)


NOTHING = Touches()


class Hands(Protocol):
    """What a front end does for tools. A headless session has none."""

    async def confirm(self, use: ToolUse) -> bool:
        """Ask the user whether a call may be made; cancelled if the ask is."""
        ...

    async def call(self, function: Callable[[], T]) -> T:
        """Run a function where cells run, between what else runs there; cancelling interrupts it as it does a cell."""
        ...

    async def run_code(self, code: str) -> str:
        """Run code as a cell does, and give what it printed, showed and raised, as text."""
        ...

    async def write_cell(self, source: str) -> str:
        """Put code into a new cell below, where the user may read and run it; gives a line that says where it is."""
        ...


class Tool(Protocol):
    """Something a model may call.

    Several calls run at once, each on a thread of its own with an event loop of its own: one may block.
    """

    name: str
    description: str
    schema: Mapping[str, Any]
    """The JSON schema of its arguments, an object."""
    acts: bool
    """Whether it changes something, so that the user is asked each time."""
    in_kernel: bool
    """Whether it runs where cells run, one at a time (see `Hands.call`)."""
    needs_hands: bool
    """Whether it does nothing without a front end, and so is not offered where there is none."""

    def touches(self, arguments: Arguments) -> Touches:
        """What a call with these arguments reads and writes."""
        ...

    def fingerprint(self, arguments: Arguments) -> str | None:
        """Changes exactly when the result of such a call would; cheap, as the cache asks it on every lookup.

        None if nobody can tell: then neither the result nor an answer that rests on it is kept.
        """
        ...

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:
        """Make the call. Whatever it raises is told to the model in one line; `ToolError` in its own words.

        A text is what it should give; of anything else plain data is told as JSON, and an object is described.

        Args:
            arguments: they fit the schema.
            ask: the question it is made for: what may be told of things, and what never leaves.
            hands: the front end, None if there is none.
        """
        ...
