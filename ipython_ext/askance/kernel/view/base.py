"""What a view is.

Enters: what happens to one ask, in order, always on the thread that asked. Leaves: something the user sees.
To add a view: one file beside this one, and one line in `choose.py`.
"""

from __future__ import annotations

from typing import Protocol

from ...errors import AskanceError
from ...records import Answer, Ask, Ledger


class View(Protocol):
    """Shows one ask. `begin` comes first; then either `end` or `failed` comes last."""

    def begin(self, ask: Ask, ask_id: str) -> None:
        """The question is on its way."""
        ...

    def ledger(self, ledger: Ledger) -> None:
        """The context is decided. Comes once, before any text; not at all if the ask fails before."""
        ...

    def text(self, delta: str) -> None:
        """More of the answer."""
        ...

    def end(self, answer: Answer) -> None:
        """The answer is here, whole or as far as it came."""
        ...

    def failed(self, error: AskanceError) -> None:
        """Nothing came. The error itself is shown by IPython, as one line."""
        ...
