"""An answer in a terminal: plain text as it comes, then one line about it.

Enters: deltas. Leaves: text on a stream, without the control characters that would steer the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TextIO

from ...errors import AskanceError
from ...records import Answer, Ask, Ledger, ToolUse
from .calls import Lines
from .final import footer

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""All control characters but tab and newline, and those that turn the direction of the text around."""


def printable(text: str) -> str:
    """`text` without what would steer a terminal."""
    return _CONTROL.sub("", text)


def unseen(seen: str, whole: str) -> str:
    """What of an answer is still to be shown: its rest, or all of it where something else was shown."""
    return whole[len(seen) :] if whole.startswith(seen) else f"\n\n{whole}"


def heading(ask: Ask) -> str:
    """A line that says to what an answer belongs that comes later."""
    first = next((line.strip() for line in ask.question.splitlines() if line.strip()), "")
    return printable(f"{ask.model} on: {first[:80]}")


class TerminalView:
    """Writes to a stream."""

    def __init__(self, stream: TextIO, *, background: bool = False) -> None:
        """
        Args:
            stream: where it is written.
            background: whether something else was written since the question.
        """
        self._stream = stream
        self._background = background
        self._pieces: list[str] = []
        self._calls = Lines()
        self._at_line_start = True

    def begin(self, ask: Ask, ask_id: str) -> None:  # noqa: ARG002
        """Nothing to show yet."""
        if self._background:
            self._write(f"{heading(ask)}\n\n")

    def ledger(self, ledger: Ledger) -> None:
        """`%ctx` shows it."""

    def text(self, delta: str) -> None:
        """Written at once."""
        self._say(self._calls.rest())
        self._pieces.append(delta)
        self._write(printable(delta))

    def tool(self, use: ToolUse) -> None:
        """A line, once it has ended."""
        self._say(self._calls.news(use))

    def end(self, answer: Answer) -> None:
        """What was not shown yet, and the line about it below."""
        self._say(self._calls.rest(answer.tools))
        self.text(unseen("".join(self._pieces), answer.shown))
        gap = "\n" if self._at_line_start else "\n\n"
        self._write(f"{gap}{printable(footer(answer))}\n")

    def failed(self, error: AskanceError) -> None:
        """IPython shows the error."""
        if self._background:
            self._write(f"askance: {printable(str(error))}\n")

    def _say(self, lines: Sequence[str]) -> None:
        """Lines about calls, apart from the text."""
        for line in lines:
            self._write(f"{'' if self._at_line_start else chr(10)}{line}\n")

    def _write(self, text: str) -> None:
        if text:
            self._stream.write(text)
            self._stream.flush()
            self._at_line_start = text.endswith("\n")
