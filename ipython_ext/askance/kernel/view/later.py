"""An answer in a terminal where the user goes on typing: shown whole, when the prompt can give way to it.

Enters: what happens to one ask, on a thread of its own. Leaves: the same for another view, later and in one go.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from ...errors import AskanceError
from ...records import Answer, Ask, Ledger, ToolUse
from .base import View

Deliver = Callable[[Callable[[], None]], None]


def at_prompt(shell: InteractiveShell) -> Deliver:
    """Lets work write to the terminal when nothing else does.

    While prompt_toolkit shows the prompt, it draws above it whatever is written: then the work is done at once. Otherwise
    a cell runs, or a plain prompt waits that would be scrambled: then it is done after the next cell.
    """

    def deliver(work: Callable[[], None]) -> None:
        patched = sys.modules.get("prompt_toolkit.patch_stdout")
        if patched is not None and isinstance(sys.stdout, patched.StdoutProxy):
            work()
            return

        def once(_result: Any) -> None:
            shell.events.unregister("post_run_cell", once)
            work()

        shell.events.register("post_run_cell", once)

    return deliver


class LaterView:
    """Keeps an answer until it can be shown."""

    def __init__(self, make: Callable[[], View], deliver: Deliver) -> None:
        """
        Args:
            make: makes the view that shows it, when it is to be shown.
            deliver: does work when the terminal is free.
        """
        self._make = make
        self._deliver = deliver
        self._ask: Ask | None = None

    def begin(self, ask: Ask, ask_id: str) -> None:  # noqa: ARG002
        """Kept for the heading."""
        self._ask = ask

    def ledger(self, ledger: Ledger) -> None:
        """The answer carries it."""

    def text(self, delta: str) -> None:
        """The answer carries it."""

    def tool(self, use: ToolUse) -> None:
        """The answer carries it."""

    def end(self, answer: Answer) -> None:
        """All of it, when the terminal is free."""
        self._deliver(lambda: self._begun().end(answer))

    def failed(self, error: AskanceError) -> None:
        """The line of it, when the terminal is free."""
        self._deliver(lambda: self._begun().failed(error))

    def _begun(self) -> View:
        view = self._make()
        if self._ask is not None:
            view.begin(self._ask, self._ask.id)
        return view
