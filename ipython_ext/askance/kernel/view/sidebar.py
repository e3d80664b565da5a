"""An ask as the front end's sidebar follows it.

Enters: what happens to one ask. Leaves: pushes on the context comm.
"""

from __future__ import annotations

from ...errors import AskanceError
from ...records import Answer, Ask, Ledger, ToolUse
from ..comm import Comms


class SidebarView:
    """Pushes the state when an ask begins and ends, and the ledger when it is decided."""

    def __init__(self, comms: Comms) -> None:
        self._comms = comms
        self._ask: Ask | None = None
        self._ask_id = ""

    def begin(self, ask: Ask, ask_id: str) -> None:
        """The state says that it is asking."""
        self._ask, self._ask_id = ask, ask_id
        self._comms.push(self._comms.state())

    def ledger(self, ledger: Ledger) -> None:
        """Before the model says anything."""
        if self._ask is not None:
            message = {"type": "ledger", "ask_id": self._ask_id, "ledger": ledger.shortened().to_dict()}
            self._comms.push({**message, "question": self._comms.shown(self._ask), "model": self._ask.model})

    def text(self, delta: str) -> None:
        """Not the sidebar's business."""

    def tool(self, use: ToolUse) -> None:
        """What it gives comes with the ledger."""

    def end(self, answer: Answer) -> None:
        """The state says that it no longer asks; from now on it is said whether the answer holds."""
        self._comms.push(self._comms.state())
        self._comms.answered(answer)

    def failed(self, error: AskanceError) -> None:  # noqa: ARG002
        """The state says that it no longer asks."""
        self._comms.push(self._comms.state())
