"""The tool that looks at a variable. Enters: a name, or a way into a variable. Leaves: what may be told of it."""

from __future__ import annotations

import ast
import warnings

from ..errors import ToolError
from ..records import Ask
from ..sources.describe.inside import Step
from ..sources.variables import VariablesSource
from .base import ALL, Arguments, Hands, Touches
from .reading import Reading, near, paged, takes, text

_NO_CODE = (
    "Give a variable's name, or a part of it like df['price'], config['lr'], rows[0] or model.layers: nothing is run"
)


class InspectVariable(Reading):
    """Tells of a variable what the variables' source would tell at most.

    Args:
        variables: the source.
    """

    name = "inspect_variable"
    description = (
        "Look at a variable of the notebook: its type, shape, columns, statistics, and values where the user allows them. "
        "Use it before you guess what a variable holds."
    )
    schema = takes(
        "name",
        name=text("A variable, like df, or a part of one, like df['price'], config['lr'], rows[0], model.layers"),
    )

    def __init__(self, variables: VariablesSource) -> None:
        self._variables = variables

    def touches(self, arguments: Arguments) -> Touches:
        """The variable."""
        try:
            name, _ = parsed(arguments["name"])
        except ToolError:
            name = ALL
        return Touches(reads=frozenset((f"variables:{name}",)))

    def fingerprint(self, arguments: Arguments) -> str | None:
        """The variable's, and that of its part."""
        try:
            name, steps = parsed(arguments["name"])
        except ToolError:
            return None
        return self._variables.fingerprint_within(name, steps)

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:  # noqa: ARG002
        """All that may be told.

        Raises:
            ToolError: there is no such variable, or nothing may be told of it.
        """
        name, steps = parsed(arguments["name"])
        told = self._variables.told(name, ask, steps)
        if told is not None:
            return paged(told)
        whole = self._variables.told(name, ask) if steps else None
        if whole is not None:
            raise ToolError(f"{arguments['name']} is nothing that can be told of", f"What can be: {paged(whole)}")
        names = self._variables.names(ask)
        raise ToolError(f"There is no variable {name} that may be told of", near(name, reversed(names)))


def parsed(expression: str) -> tuple[str, tuple[Step, ...]]:
    """A variable's name, and the steps into it.

    Raises:
        ToolError: it is more than names, keys and positions.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            node: ast.expr = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ToolError(f"{expression!r} is no name of a variable", _NO_CODE) from None
    steps: list[Step] = []
    while not isinstance(node, ast.Name):
        match node:
            case ast.Attribute():
                steps.append(Step(node.attr, is_attribute=True))
            case ast.Subscript():
                steps.append(Step(_key(node.slice)))
            case _:
                raise ToolError(f"{expression!r} is more than a name", _NO_CODE)
        node = node.value
    return node.id, tuple(reversed(steps))


def _key(node: ast.expr) -> str | int:
    try:
        key = ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError, MemoryError):
        key = None
    if type(key) is not str and type(key) is not int:
        raise ToolError("A part is chosen by one key or one position", _NO_CODE)
    return key
