"""What a kernel does for tools: asks the user, runs code where cells run, writes cells.

Enters: wishes of tools, on threads of their own. Leaves: work for the thread on which cells run: while a cell follows its
ask that cell does it, one piece after the other; for an ask in the background the kernel does, between cells.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from IPython.core.interactiveshell import InteractiveShell

from ..errors import ToolError
from ..records import ToolUse
from . import nested
from .confirming import Confirm
from .work import Work

T = TypeVar("T")

Post = Callable[[Work[Any]], None]
"""Gives work to the thread on which cells run; raises `ToolError` where it cannot."""

AGAIN_SECONDS = 0.05
"""How soon it is tried again, while a cell runs that awaits something."""


class KernelHands:
    """The hands of one ask."""

    def __init__(self, shell: InteractiveShell, post: Post, confirm: Confirm, insert: Callable[[str], str]) -> None:
        """
        Args:
            shell: whose cells they are.
            post: gives work to their thread.
            confirm: asks the user.
            insert: puts code into a new cell, on their thread; gives a line that says where it is.
        """
        self._shell = shell
        self._post = post
        self._confirm = confirm
        self._insert = insert

    async def confirm(self, use: ToolUse) -> bool:
        """See `tools.base.Hands`."""
        return await self._confirm(use)

    async def call(self, function: Callable[[], T]) -> T:
        """See `tools.base.Hands`."""
        work = Work(function)
        self._post(work)
        return await work.done()

    async def run_code(self, code: str) -> str:
        """See `tools.base.Hands`."""
        return await self.call(partial(nested.run, self._shell, code))

    async def write_cell(self, source: str) -> str:
        """See `tools.base.Hands`."""
        return await self.call(partial(self._insert, source))


def between_cells(shell: InteractiveShell) -> Post:
    """Gives work to the kernel's own loop, which does it when no cell runs.

    Args:
        shell: whose kernel it is; one in a terminal has no such loop.
    """
    loop = getattr(getattr(shell, "kernel", None), "io_loop", None)

    def attempt(work: Work[Any]) -> None:
        if shell.display_trap.is_active:  # a cell is in the middle of something that it awaits
            loop.call_later(AGAIN_SECONDS, attempt, work)  # type: ignore[union-attr]
            return
        try:
            work.run()
        except KeyboardInterrupt:
            work.fail("It was interrupted")

    def post(work: Work[Any]) -> None:
        if loop is None:
            raise ToolError("Nothing runs here for an ask in the background; ask without --bg")
        loop.add_callback(attempt, work)

    return post
