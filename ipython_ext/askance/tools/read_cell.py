"""The tool that reads a cell that ran. Enters: its number or id. Leaves: its source, as far as that may be told."""

from __future__ import annotations

import re

from ..errors import ToolError
from ..index.digest import digest
from ..records import Ask
from ..sources.cells import CellsSource
from ..sources.variable_parts import ANY
from .base import ALL, Arguments, Hands, Touches
from .reading import Reading, number, paged, takes

_SHOWN = 30
_NUMBER = re.compile(r"(?:cell|in|out)?[\s#\[]*([0-9]{1,9})\]?:?")


class ReadCell(Reading):
    """Tells of a cell what the cells' source would tell at most.

    Args:
        cells: the source.
    """

    name = "read_cell"
    description = (
        "Read the source of a cell of this notebook that ran. Use it for code that the question does not show."
    )
    schema = takes(
        "cell",
        cell={"type": ["integer", "string"], "description": 'The number of its execution, like 12, or "last"'},
        start=number("The first line to read, where it is long"),
    )

    def __init__(self, cells: CellsSource) -> None:
        self._cells = cells

    def touches(self, arguments: Arguments) -> Touches:
        """The cell."""
        return Touches(reads=frozenset((f"cells:{self._id(arguments['cell']) or ALL}",)))

    def fingerprint(self, arguments: Arguments) -> str | None:
        """The cell's, and what may be told of it: that depends on ignore files too. Its number tells a model nothing."""
        name = self._id(arguments["cell"])
        whole = None if name is None else self._cells.fingerprint(name)
        told = None if name is None else self._cells.told(name, ANY)
        return None if whole is None or told is None else digest(whole, told.partition("\n")[2])

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:  # noqa: ARG002
        """What may be told of the cell.

        Raises:
            ToolError: no such cell ran, or nothing may be told of it.
        """
        name = self._id(arguments["cell"])
        told = None if name is None or ask.withholds("cells", name) else self._cells.told(name, ask)
        if told is not None:
            return paged(told, arguments.get("start", 1))
        known = self._cells.numbers(ask)
        said = ", ".join(map(str, known[-_SHOWN:]))
        raise ToolError(
            f"There is no cell {arguments['cell']} that may be told of",
            f"Cells that ran: {'…, ' if len(known) > _SHOWN else ''}{said}." if known else "No cell has run.",
        )

    def _id(self, cell: int | str) -> str | None:
        """The id of the cell that is meant."""
        word = str(cell).strip().lower()
        if word in ("last", "latest", "-1"):
            return self._cells.numbered(None)
        number = _NUMBER.fullmatch(word)
        if number:
            return self._cells.numbered(int(number[1]))
        return cell if type(cell) is str and self._cells.fingerprint(cell) is not None else None
