"""Which cell an ask belongs to, also where a cell asks more than once.

Enters: the running cell and its execution. Leaves: an id for each ask, the same when the cell runs again.
"""

from __future__ import annotations

from typing import Any

from IPython.core.interactiveshell import InteractiveShell


def parent(shell: InteractiveShell) -> dict[str, Any]:
    """The message of the front end that is served now; {} outside a kernel."""
    get_parent = getattr(shell, "get_parent", None)
    return (get_parent() or {}) if get_parent is not None else {}


class Executions:
    """Counts the asks of the execution that runs.

    Attributes:
        fresh_cells: ids of cells whose next execution bypasses the answer cache; a front end's Retry adds to it.
    """

    def __init__(self) -> None:
        self.fresh_cells: set[str] = set()
        self._execution = ""
        self._asks = 0
        self._fresh = False

    def next(self, cell: str | None, execution: str) -> tuple[str | None, bool]:
        """The next ask.

        Args:
            cell: id of the cell that runs, None if the front end does not tell.
            execution: names this run of it.

        Returns:
            "id" for the first ask of an execution, "id#2" for the second, and so on; and whether the cache is bypassed.
        """
        if cell is None:
            return None, False
        if execution != self._execution:
            self._execution, self._asks = execution, 0
            self._fresh = cell in self.fresh_cells
            self.fresh_cells.discard(cell)
        self._asks += 1
        return (cell if self._asks == 1 else f"{cell}#{self._asks}"), self._fresh
