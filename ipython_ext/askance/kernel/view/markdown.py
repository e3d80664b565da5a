"""An answer where no widget can be shown: one Markdown output, replaced a few times a second.

Enters: deltas. Leaves: inert Markdown, and at last the form that stays.
"""

from __future__ import annotations

from collections.abc import Callable

from ...errors import AskanceError
from ...inert import inert
from ...records import Answer, Ask, Ledger
from .final import bundle
from .output import Output

REDRAW_SECONDS = 0.25
"""Each redraw sends the whole text again, so they must be few."""


class MarkdownView:
    """Redraws an output."""

    def __init__(self, output: Output, clock: Callable[[], float]) -> None:
        """
        Args:
            output: where it is shown.
            clock: seconds, monotonic.
        """
        self._output = output
        self._clock = clock
        self._pieces: list[str] = []
        self._drawn: float | None = None

    def begin(self, ask: Ask, ask_id: str) -> None:
        """Nothing to show yet."""

    def ledger(self, ledger: Ledger) -> None:
        """`%ctx` shows it."""

    def text(self, delta: str) -> None:
        """The first piece is drawn at once, the others when it is time."""
        self._pieces.append(delta)
        now = self._clock()
        if self._drawn is None or now - self._drawn >= REDRAW_SECONDS:
            text = "".join(self._pieces)
            self._output.show({"text/markdown": inert(text), "text/plain": text})
            self._drawn = self._clock()

    def end(self, answer: Answer) -> None:
        """The form that stays."""
        self._output.show(*bundle(answer))

    def failed(self, error: AskanceError) -> None:
        """IPython shows the error; there is no text to take back."""
