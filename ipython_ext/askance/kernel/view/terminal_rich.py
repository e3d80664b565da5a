"""An answer in a terminal that `rich` draws: Markdown with colours, block by block.

Enters: deltas. Leaves: each block once, when nothing can change it any more; below them the one that still grows, drawn
again and again where the terminal can take it back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, TextIO

from ...errors import AskanceError
from ...inert import inert
from ...records import Answer, Ask, Ledger, ToolUse
from .calls import Lines
from .final import footer
from .terminal import heading, printable, unseen

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from rich.console import Group
    from rich.live import Live

REDRAW_SECONDS = 0.1
"""The growing block is parsed and drawn anew each time."""


class RichView:
    """Prints on a rich console."""

    def __init__(self, stream: TextIO, clock: Callable[[], float], *, background: bool = False) -> None:
        """
        Args:
            stream: where it is written; only a terminal shows the growing block.
            clock: seconds, monotonic.
            background: whether something else was written since the question.
        """
        from rich.console import Console

        self._console = Console(file=stream, force_jupyter=False, markup=False, emoji=False, highlight=False)
        self._clock = clock
        self._background = background
        self._pieces: list[str] = []
        self._tail = ""
        self._calls = Lines()
        self._printed = False
        self._live: Live | None = None
        self._drawn: float | None = None

    def begin(self, ask: Ask, ask_id: str) -> None:  # noqa: ARG002
        """Nothing to show yet."""
        if self._background:
            self._console.print(heading(ask), style="dim")
            self._printed = True

    def ledger(self, ledger: Ledger) -> None:
        """`%ctx` shows it."""

    def text(self, delta: str) -> None:
        """What is finished is printed, what is not is drawn."""
        self._say(self._calls.rest())
        self._pieces.append(delta)
        self._tail += printable(delta)
        now = self._clock()
        if self._drawn is None or now - self._drawn >= REDRAW_SECONDS:
            self._draw()
            self._drawn = self._clock()

    def tool(self, use: ToolUse) -> None:
        """A line, once it has ended; what had come of the text stands above it."""
        if use.state == "asking":
            self._flush()
        self._say(self._calls.news(use))

    def end(self, answer: Answer) -> None:
        """What was not shown yet, and the line about it below."""
        self._say(self._calls.rest(answer.tools))
        self._stop()
        self._print(self._tail + printable(unseen("".join(self._pieces), answer.shown)))
        self._pieces, self._tail = [answer.shown], ""
        self._console.print(f"\n{printable(footer(answer))}", style="dim")

    def failed(self, error: AskanceError) -> None:
        """IPython shows the error."""
        self._stop()
        if self._background:
            self._console.print(f"askance: {printable(str(error))}")

    def _say(self, lines: Sequence[str]) -> None:
        if lines:
            self._flush()
        for line in lines:
            self._console.print(line, style="dim")
            self._printed = True

    def _flush(self) -> None:
        """Whatever was said so far is printed: what comes next stands below it."""
        self._stop()
        self._print(self._tail)
        self._tail = ""

    def _draw(self) -> None:
        done = finished(self._tail)
        block, self._tail = self._tail[:done], self._tail[done:]
        live = self._live = self._live or self._begun()
        if live is None:
            self._print(block)
            return
        # Before the block is printed above it: rich draws the growing one again then.
        live.update(self._drawing(self._tail, apart=self._printed or bool(block)), refresh=True)
        self._print(block)

    def _print(self, markdown: str) -> None:
        if markdown.strip():
            self._console.print(self._drawing(markdown, apart=self._printed))
            self._printed = True

    @staticmethod
    def _drawing(markdown: str, *, apart: bool) -> Group:
        from rich.console import Group
        from rich.markdown import Markdown

        # Without hyperlinks rich writes the address of a link behind its words.
        drawing = Markdown(inert(markdown), hyperlinks=False)
        return Group("", drawing) if apart else Group(drawing)

    def _begun(self) -> Live | None:
        """What redraws the growing block, where the cursor can move back."""
        from rich.live import Live

        if not self._console.is_terminal or self._console.is_dumb_terminal:
            return None
        # It is given no thread that redraws, and no stream that others write to.
        live = Live(
            console=self._console, transient=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )
        live.start()
        return live

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


def finished(markdown: str) -> int:
    """How much of a growing text nothing can change any more: all of its blocks but the last, in characters."""
    begins = [token.map[0] for token in _parser().parse(markdown) if token.level == 0 and token.map]
    last = max(begins, default=0)
    return sum(len(line) + 1 for line in markdown.split("\n")[:last])


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")
