"""What has arrived of one answer so far.

Enters: a provider's chunks. Leaves: their text, piece by piece; counts, times and the end mark are kept.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field

from .records import Chunk, EndChunk, TextChunk, Usage, UsageChunk

_HALVES = re.compile("[\ud800-\udfff]")
_FIRST_HALF = re.compile("[\ud800-\udbff]\\Z")


@dataclass
class Reception:
    """What has arrived of one answer so far; each stream has its own.

    Attributes:
        clock: seconds, monotonic.
        started: when the ask began, by that clock.
        pieces: the text, as it came.
        usage: the provider's last count, in tokens.
        end: the end mark, None while there is none.
        first_text: seconds from the ask's beginning to its first text.
    """

    clock: Callable[[], float]
    started: float
    pieces: list[str] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    end: EndChunk | None = None
    first_text: float | None = None

    async def texts(self, chunks: AsyncIterator[Chunk]) -> AsyncGenerator[str, None]:
        """The text of a stream; everything else is kept here."""
        half = ""
        async for chunk in chunks:
            match chunk:
                case TextChunk(text):
                    text, half = _mended(half + text)
                    if text:
                        yield self._kept(text)
                case UsageChunk(usage):
                    self.usage = usage
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
