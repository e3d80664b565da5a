"""An answer in a terminal: plain text as it comes, then one line about it.

Enters: deltas. Leaves: text on a stream, without the control characters that would steer the terminal.
"""

from __future__ import annotations

import re
from typing import TextIO

from ...errors import AskanceError
from ...records import Answer, Ask, Ledger
from .final import footer

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class TerminalView:
    """Writes to a stream."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._at_line_start = True

    def begin(self, ask: Ask, ask_id: str) -> None:
        """Nothing to show yet."""

    def ledger(self, ledger: Ledger) -> None:
        """`%ctx` shows it."""

    def text(self, delta: str) -> None:
        """Written at once."""
        text = _CONTROL.sub("", delta)
        if text:
            self._stream.write(text)
            self._stream.flush()
            self._at_line_start = text.endswith("\n")

    def end(self, answer: Answer) -> None:
        """The line about it, below."""
        gap = "\n" if self._at_line_start else "\n\n"
        self._stream.write(f"{gap}{_CONTROL.sub('', footer(answer))}\n")
        self._stream.flush()

    def failed(self, error: AskanceError) -> None:
        """IPython shows the error."""
