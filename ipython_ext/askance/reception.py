"""What has arrived of one answer so far.

Enters: a provider's chunks. Leaves: their text, piece by piece; counts, times and the end mark are kept.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from .records import Chunk, EndChunk, TextChunk, Usage, UsageChunk


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

    async def texts(self, chunks: AsyncIterator[Chunk]) -> AsyncIterator[str]:
        """The text of a stream; everything else is kept here."""
        async for chunk in chunks:
            match chunk:
                case TextChunk(text):
                    if self.first_text is None:
                        self.first_text = self.clock() - self.started
                    self.pieces.append(text)
                    yield text
                case UsageChunk(usage):
                    self.usage = usage
                case EndChunk():
                    self.end = chunk
