"""An answer where no widget can be shown: one Markdown output, shown at the end, or replaced a few times a second.

Enters: deltas. Leaves: inert Markdown, and at last the form that stays.
"""

from __future__ import annotations

from collections.abc import Callable

from ...errors import AskanceError
from ...inert import inert
from ...records import Answer, Ask, Ledger, ToolUse
from .calls import OPEN, folded, line
from .final import small
from .output import Output

REDRAW_SECONDS = 0.25
"""Each redraw sends the whole text again, so they must be few."""


class FinalView:
    """Shows the end alone: nobody watches."""

    def __init__(self, output: Output, *, background: bool = False) -> None:
        """
        Args:
            output: where it is shown.
            background: whether the ask outlives its cell; its place is taken at once then.
        """
        self._output = output
        self._background = background

    def begin(self, ask: Ask, ask_id: str) -> None:  # noqa: ARG002
        """Nothing to show yet."""
        if self._background:
            self._output.show({"text/plain": f"asking {ask.model} …"})

    def ledger(self, ledger: Ledger) -> None:
        """`%ctx` shows it."""

    def text(self, delta: str) -> None:
        """Nobody watches."""

    def tool(self, use: ToolUse) -> None:
        """The form that stays has it."""

    def end(self, answer: Answer) -> None:
        """The form that stays."""
        self._output.finish(answer)

    def failed(self, error: AskanceError) -> None:
        """There is no text to take back."""
        if self._background:
            self._output.fail(error)


class MarkdownView(FinalView):
    """Redraws an output."""

    def __init__(self, output: Output, clock: Callable[[], float], *, background: bool = False) -> None:
        """
        Args:
            output: where it is shown.
            clock: seconds, monotonic.
            background: whether the ask outlives its cell.
        """
        super().__init__(output, background=background)
        self._clock = clock
        self._pieces: list[str] = []
        self._uses: dict[str, ToolUse] = {}
        self._drawn: float | None = None

    def text(self, delta: str) -> None:
        """The first piece is drawn at once, the others when it is time."""
        self._pieces.append(delta)
        now = self._clock()
        if self._drawn is None or now - self._drawn >= REDRAW_SECONDS:
            self._draw()

    def tool(self, use: ToolUse) -> None:
        """Drawn at once: the user may be asked about it."""
        self._uses[use.id] = use
        self._draw()

    def _draw(self) -> None:
        text, uses = "".join(self._pieces), self._uses.values()
        ended, still = [use for use in uses if use.state not in OPEN], [line(use) for use in uses if use.state in OPEN]
        parts = (folded(ended), inert(text), *map(small, still))
        self._output.show(
            {
                "text/markdown": "\n\n".join(filter(None, parts)),
                "text/plain": "\n".join(filter(None, [*map(line, ended), text, *still])),
            }
        )
        self._drawn = self._clock()
