"""What a view is.

Enters: what happens to one ask, in order. Leaves: something the user sees.
To add a view: one file beside this one, and one line in `choose.py`.
"""

from __future__ import annotations

from typing import Protocol

from ...errors import AskanceError
from ...records import Answer, Ask, Ledger, ToolUse


class View(Protocol):
    """Shows one ask. `begin` comes first; then either `end` or `failed` comes last.

    `begin` is called in the cell that asks. The rest is too, unless the ask runs in the background: then all of it is
    called on one other thread.
    """

    def begin(self, ask: Ask, ask_id: str) -> None:
        """The question is on its way."""
        ...

    def ledger(self, ledger: Ledger) -> None:
        """The context is decided, before any text; not at all if the ask fails before. Comes again with what tools gave."""
        ...

    def text(self, delta: str) -> None:
        """More of the answer."""
        ...

    def tool(self, use: ToolUse) -> None:
        """A tool was called, or something became of a call: the same id again takes the place of what was told of it.

        While its state is "asking", the whole of its arguments is what the user is asked to allow.
        """
        ...

    def end(self, answer: Answer) -> None:
        """The answer is here, whole or as far as it came. Comes a second time if it was interrupted."""
        ...

    def failed(self, error: AskanceError) -> None:
        """Nothing came. IPython shows the error as one line, unless the ask runs in the background: then the view does."""
        ...
