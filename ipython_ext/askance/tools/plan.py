"""What is to be done about a call, before anything is.

Enters: a call as a model made it. Leaves: the tool, its arguments and what it touches; or why it is not made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..errors import ToolError
from ..records import Ask, ToolCall, UseState
from . import graph
from .arguments import read, unknown
from .base import NOTHING, Arguments, Tool, Touches
from .box import SOURCE, name_of
from .results import problem

WITHHELD = "refused: withheld by the user"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One call, read.

    Attributes:
        call: as the model made it.
        tool: which is called; None if it is not to be.
        arguments: they fit the tool's schema; none if they could not be read.
        touches: what it will read and change.
        state: what becomes of a call that is not to be made.
        problem: why it is not, for the model.
    """

    call: ToolCall
    tool: Tool | None = None
    arguments: Arguments = field(default_factory=dict)
    touches: Touches = NOTHING
    state: UseState = "failed"
    problem: str = ""

    @property
    def name(self) -> str:
        """What the result is called in the ledger."""
        return name_of(self.call, self.arguments)

    @property
    def only_reads(self) -> bool:
        """Whether it changes nothing."""
        return self.tool is not None and not self.tool.acts and not self.touches.writes

    def waits_for(self, earlier: Plan) -> bool:
        """Whether it must not run before an earlier call of the same turn has ended."""
        if self.tool is None or earlier.tool is None:
            return False
        both_in_kernel = self.tool.in_kernel and earlier.tool.in_kernel
        return both_in_kernel or graph.conflict(self.touches, earlier.touches)

    def repeats(self, earlier: Plan) -> bool:
        """Whether it is the same call as an earlier one, and both only read."""
        return self.name == earlier.name and self.only_reads and earlier.only_reads


def planned(call: ToolCall, tools: Mapping[str, Tool], ask: Ask, shown: Callable[[str], str]) -> Plan:
    """Read a call.

    Args:
        call: as it came.
        tools: those that the model was told of, by name.
        ask: what is withheld.
        shown: a text with what the gate's placeholders stand for, but for secrets.
    """
    tool = tools.get(call.name)
    if tool is None:
        return Plan(call=call, problem=unknown(call.name, tools))
    arguments: Arguments = {}
    try:
        arguments = read(call.arguments, tool, shown)
        touches = tool.touches(arguments)
    except ToolError as error:
        return Plan(call=call, arguments=arguments, problem=str(error))
    except Exception as error:  # noqa: BLE001  a tool of anybody's
        return Plan(call=call, arguments=arguments, problem=problem(error))
    name = name_of(call, arguments)
    if graph.withheld(ask, touches) or ask.withholds(SOURCE, call.name) or ask.withholds(SOURCE, name):
        return Plan(call=call, arguments=arguments, touches=touches, state="refused", problem=WITHHELD)
    return Plan(call=call, tool=tool, arguments=arguments, touches=touches)
