"""What only a kernel can do for a model, and only where the user allows it: run code, and write a cell.

Enters: a call. Leaves: what came of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ToolError
from ..records import Ask
from ..records.privacy import LEVEL_NAMES, STATISTICS
from ..tools.base import ALL, Arguments, Hands, Tool, Touches

VARIABLES = f"variables:{ALL}"


def _text(name: str, description: str) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "minLength": 1, "description": description}},
        "required": [name],
        "additionalProperties": False,
    }


class _Acting:
    """A tool of one text that changes something."""

    name = ""
    description = ""
    schema: Mapping[str, Any] = {}  # noqa: RUF012  read-only
    acts = True
    in_kernel = False
    needs_hands = True

    def fingerprint(self, arguments: Arguments) -> str | None:  # noqa: ARG002
        """Nobody can tell: what it does is never done again unasked."""
        return None


class RunPython(_Acting):
    """Runs code as a cell does."""

    name = "run_python"
    description = (
        "Run Python code in the user's kernel, like a notebook cell, and get what it prints, displays and raises, and the "
        "value of its last expression. It sees and changes the user's variables, so the user is asked first: keep it "
        "short, and prefer other tools to look at things."
    )
    schema = _text("code", "the code")

    def touches(self, arguments: Arguments) -> Touches:  # noqa: ARG002
        """Anything at all."""
        everything = frozenset((VARIABLES, ALL))
        return Touches(reads=everything, writes=everything)

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:
        """See `Tool`. What code shows are values: where none may leave, it is not run."""
        if hands is None:
            raise ToolError("There is no kernel here that could run code")
        level = ask.privacy.of("variables", ALL)
        if level < STATISTICS:
            raise ToolError(f"The user lets no values of variables leave (privacy {level} {LEVEL_NAMES[level]})")
        return await hands.run_code(str(arguments["code"]))


class WriteCell(_Acting):
    """Puts code in front of the user."""

    name = "write_cell"
    description = (
        "Write code into a new cell below the one that asks. It is not run: the user reads it and runs it if they like. "
        "Use it to hand over code that the user asked for."
    )
    schema = _text("source", "the whole cell")

    def touches(self, arguments: Arguments) -> Touches:  # noqa: ARG002
        """The cells of the notebook, in the order in which they are written."""
        return Touches(writes=frozenset((f"cells:{ALL}",)))

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:  # noqa: ARG002
        """See `Tool`."""
        if hands is None:
            raise ToolError("There is no notebook here to write a cell into")
        return await hands.write_cell(str(arguments["source"]))


KERNEL_TOOLS: tuple[Tool, ...] = (RunPython(), WriteCell())
"""Told to a model after those that only look."""
