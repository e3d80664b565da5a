"""What sources may see of this kernel.

Enters: a shell, its `post_run_cell` events, the front end's facts. Leaves: a `KernelState`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from IPython.core.interactiveshell import InteractiveShell

from .facts import Facts, inside, notebook_path
from .namespace import Namespace

if TYPE_CHECKING:
    from ..records import Cell

MOST_CELLS = 500
"""Cells that are remembered."""

OURS = ("%ask", "%%ask", "%ctx", "%fix", "%explain", "%%test", "%%doc", "%threads", "%askcache")
"""How a cell begins that talks about the work and is not part of it: it leaves the last error standing."""

FASTEST, SLOWEST = 1 / 30, 0.5
"""Seconds between two pieces of an answer: what a front end may ask for."""


class _Ran(NamedTuple):
    """A cell that ran, until a source asks for it: the records are imported no sooner."""

    id: str
    number: int
    source: str
    failed: bool = False


class NotebookState:
    """A `KernelState` over a live shell.

    Attributes:
        pace: seconds between two pieces of an answer that the front end keeps up with.
    """

    def __init__(self, shell: InteractiveShell, environ: Mapping[str, str]) -> None:
        self.facts = Facts()
        self.root: Path | None = None
        self.notebook = notebook_path(environ)
        self.pace = FASTEST
        self._shell = shell
        self._error: BaseException | None = None
        self._cells: tuple[_Ran, ...] = ()
        self._told: tuple[tuple[_Ran, ...], Sequence[Cell]] = ((), ())
        history = getattr(shell.history_manager, "input_hist_raw", [])
        for number, source in list(enumerate(history))[1:-1][-MOST_CELLS:]:  # the last is the cell that loads us
            self._remember(_Ran(_stand_in(source), number, source))

    def namespace(self) -> Mapping[str, object]:
        """The user's variables; see `KernelState`."""
        return Namespace(self._shell.user_ns, self._shell.user_ns_hidden)

    def cells(self) -> Sequence[Cell]:
        """The cells that ran; see `KernelState`."""
        from ..records import Cell

        ran, cells = self._told
        if ran is not self._cells:
            ran = self._cells
            cells = tuple(Cell(id=one.id, number=one.number, source=one.source, failed=one.failed) for one in ran)
            self._told = ran, cells
        return cells

    def error(self) -> BaseException | None:
        """The exception of the last cell of the user's own work; see `KernelState`."""
        return self._error

    def open_files(self) -> Sequence[str]:
        """The open tabs; see `KernelState`."""
        return self._inside(self.facts.open_files)

    def recent_files(self) -> Sequence[str]:
        """Files lately worked on, edited ones first; see `KernelState`."""
        return self._inside((*self.facts.edited_files, *self.facts.recent_files))

    def keep_pace(self, seconds: float) -> None:
        """Give pieces no faster than that, within bounds."""
        self.pace = min(max(seconds, FASTEST), SLOWEST)

    def record(self, result: Any) -> None:
        """Take note of a cell that ran; the handler of `post_run_cell`.

        Args:
            result: IPython's `ExecutionResult`, None if there is none.
        """
        info = getattr(result, "info", None)
        if info is None or not info.store_history or not info.raw_cell.strip():
            return
        source = info.raw_cell
        cell_id = getattr(info, "cell_id", None) or _stand_in(source)
        number = result.execution_count or 0
        self._remember(_Ran(cell_id, number, source, not result.success))
        if not source.lstrip().startswith(OURS):
            self._error = result.error_in_exec or result.error_before_exec

    def _inside(self, files: Sequence[str]) -> Sequence[str]:
        return inside(files, self.facts, self.notebook, self.root) if self.root else ()

    def _remember(self, cell: _Ran) -> None:
        # Assigned at once, so that the sources' thread never sees it half done.
        others = [old for old in self._cells if old.id != cell.id and old.source != cell.source]
        self._cells = (*others[-MOST_CELLS + 1 :], cell)


def _stand_in(source: str) -> str:
    """An id for a cell whose front end gives none."""
    return blake2b(source.encode("utf-8", "replace"), digest_size=8).hexdigest()
