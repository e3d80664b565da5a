"""Which hands an ask gets.

Enters: how it is asked: in a cell or in the background, in which view. Leaves: what makes its hands.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ..errors import ToolError
from .confirming import Confirm, by_buttons, by_input, by_nobody
from .following import HandsOf, Running, no_hands
from .hands import KernelHands, between_cells
from .next_cell import NextCell
from .view.choose import attended

if TYPE_CHECKING:
    from .comm import Comms
    from .host import Host

NOBODY = "Nobody can be asked here whether {} may act. Type: %ask --allow {}"
IN_BACKGROUND = "Nobody is asked in the background whether {} may act. Ask without --bg, or with --allow {}"
WRITTEN = "It stands in a new cell below. The user may read it and run it."


class Handing:
    """The hands of one kernel's asks."""

    def __init__(self, host: Host, comms: Comms | None) -> None:
        """
        Args:
            host: what askance keeps for the shell.
            comms: None where no front end can listen.
        """
        self._host = host
        self._comms = comms
        self.next_cell = NextCell(host.shell)

    def foreground(self, view: str = "") -> HandsOf:
        """For an ask that is followed by the thread that calls this; none where that is not the thread of the cells.

        Args:
            view: the view that shows it, "" for none.
        """
        if threading.current_thread() is not threading.main_thread():
            return no_hands

        def hands(running: Running) -> KernelHands:
            return KernelHands(self._host.shell, running.post, self._confirm(view, running), self._written)

        return hands

    def background(self) -> HandsOf:
        """For an ask that outlives its cell."""
        cell, post = self._host.cell(), between_cells(self._host.shell)

        def insert(code: str) -> str:
            if self._comms is None or cell is None or not self._host.said_hello:
                raise ToolError("No cell can be written here for an ask in the background; ask without --bg")
            self._comms.insert(cell, code)
            return WRITTEN

        return lambda _running: KernelHands(self._host.shell, post, by_nobody(IN_BACKGROUND), insert)

    def _confirm(self, view: str, running: Running) -> Confirm:
        if view == "widget" and self._has_buttons():
            return by_buttons(self._host.permissions, running.ask_id)
        return by_input(running.post) if attended(self._host.shell) else by_nobody(NOBODY)

    def _has_buttons(self) -> bool:
        """Whether the page that asks has our part, which takes a click to the kernel while the cell runs."""
        kernel = getattr(self._host.shell, "kernel", None)
        heard = bool(getattr(kernel, "_supports_kernel_subshells", False))
        return heard and self._host.said_hello and self._host.cell() is not None

    def _written(self, code: str) -> str:
        self.next_cell.put(code)
        return WRITTEN
