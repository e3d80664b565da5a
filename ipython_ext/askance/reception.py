"""What has arrived of one answer so far.

Enters: a provider's chunks. Leaves: their text, piece by piece; counts, times and the end mark are kept, and are at last
an `Answer`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Literal

from .providers.prices import cost
from .records import Answer, Ask, CallChunk, Chunk, EndChunk, Ledger, TextChunk, Timing, ToolCall, Usage, UsageChunk

_HALVES = re.compile("[\ud800-\udfff]")
BETWEEN = "\n\n"
"""What stands between what a model said before it called for tools, and after."""

_FIRST_HALF = re.compile("[\ud800-\udbff]\\Z")


@dataclass
class Reception:
    """What has arrived of one answer so far; each stream has its own.

    Attributes:
        clock: seconds, monotonic.
        started: when the ask began, by that clock.
        gathered: seconds from then until its context was decided.
        pieces: the text, as it came.
        calls: the tools that the model called for in this round.
        on_call: is told of each as soon as all of it has come.
        usage: the provider's last count, in tokens, with those of earlier rounds.
        end: the end mark, None while there is none.
        first_text: seconds from the ask's beginning to its first text.
        ended: how it ended, where there is no end mark.
        notice: one line about that.
        remark: one line about what was sent, for every end; "" if there is nothing to say.
    """

    clock: Callable[[], float]
    started: float
    gathered: float | None = None
    pieces: list[str] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    on_call: Callable[[ToolCall], None] = lambda _call: None
    usage: Usage = field(default_factory=Usage)
    end: EndChunk | None = None
    first_text: float | None = None
    ended: Literal["stopped", "error"] = "error"
    notice: str = ""
    remark: str = ""
    _spent: Usage = field(default_factory=Usage)
    _earlier: int = 0

    @property
    def text(self) -> str:
        """All that came."""
        return "".join(self.pieces)

    @property
    def said(self) -> str:
        """What came in this round."""
        return "".join(self.pieces[self._earlier :])

    def wait_for_more(self) -> None:
        """The model waits for its tools: its answer has not ended, though its stream has."""
        self.end = None

    def next_round(self, ask: Ask) -> str:
        """What comes from now on is said after the tools gave their results.

        Args:
            ask: the question; an answer that is code or an object is in its last round alone.

        Returns:
            What stands between the two in the text, for whoever shows it.
        """
        self.calls, self.end, self._spent = [], None, self.usage
        between = ""
        if ask.form != "text":
            self.pieces.clear()
        elif self.pieces and not self.text.endswith("\n"):
            between = BETWEEN
            self.pieces.append(between)
        self._earlier = len(self.pieces)
        return between

    def answer(self, ask: Ask, ledger: Ledger, text: str, shown: str) -> Answer:
        """What has come, whole or not.

        Args:
            ask: the question.
            ledger: what went along with it.
            text: all that came, with what the gate's placeholders stand for.
            shown: the same as it may be written into a notebook.
        """
        total = self.clock() - self.started
        return Answer(
            question=ask.question,
            text=text,
            shown=shown,
            model=ask.model,
            thread=ask.thread,
            ledger=ledger,
            usage=self.usage,
            timing=Timing(gathered=self.gathered, first_text=self.first_text, total=total),
            complete=self.end is not None,
            ended=self.ended if self.end is None else "length" if self.end.reason == "length" else "stop",
            notice=self.remark if self.end is not None else f"{self.notice} {self.remark}".strip(),
            id=ask.id,
            cost=cost(ask.model, self.usage),
        )

    async def texts(self, chunks: AsyncIterator[Chunk]) -> AsyncGenerator[str, None]:
        """The text of a stream; everything else is kept here."""
        half = ""
        async for chunk in chunks:
            match chunk:
                case TextChunk(text):
                    text, half = _mended(half + text)
                    if text:
                        yield self._kept(text)
                case CallChunk(call):
                    self.calls.append(call)
                    self.on_call(call)
                case UsageChunk(usage):
                    self.usage = self._spent + usage
                case EndChunk():
                    self.end = chunk
        if half:
            yield self._kept("\ufffd")

    def _kept(self, text: str) -> str:
        if self.first_text is None:
            self.first_text = self.clock() - self.started
        self.pieces.append(text)
        return text


def _mended(text: str) -> tuple[str, str]:
    """Text that can be encoded, and half a character at its end: servers split characters, and nobody can show halves."""
    if not _HALVES.search(text):
        return text, ""
    half = text[-1] if _FIRST_HALF.search(text) else ""
    return text[: len(text) - len(half)].encode("utf-16", "surrogatepass").decode("utf-16", "replace"), half
