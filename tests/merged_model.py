"""A model that answers merged questions as it is told to."""

import asyncio
import re

from askance.providers.replay import ReplayProvider
from askance.records import EndChunk, TextChunk, Usage, UsageChunk


class Merged(ReplayProvider):
    """Answers each question with "re: " and its words; a request that asks several, under their headings.

    Args:
        lose: numbers of the questions it leaves out.
        stop_after: pieces after which the stream raises `error`, or hangs where that is None.
        error: see there.
        reason: of the end.
        size: characters of a piece.
    """

    def __init__(self, lose=(), stop_after=None, error=None, reason="stop", size=5):
        super().__init__(())
        self.lose, self.stop_after, self.error, self.reason, self.size = lose, stop_after, error, reason, size
        self.hangs = asyncio.Event()

    def asked(self):
        """The last message of each request."""
        return [gated.prompt.messages[-1].content for gated in self.requests]

    async def stream(self, gated):
        """The answer, in small pieces."""
        self.requests.append(gated)
        text = answer(gated.prompt.messages[-1].content, self.lose)
        try:
            for count, start in enumerate(range(0, len(text), self.size)):
                if count == self.stop_after:
                    if self.error is not None:
                        raise self.error
                    self.hangs.set()
                    await asyncio.sleep(600)
                yield TextChunk(text[start : start + self.size])
                await asyncio.sleep(0)
        except (GeneratorExit, asyncio.CancelledError):
            self.closed += 1
            raise
        yield UsageChunk(Usage(input=100, output=37))
        yield EndChunk(self.reason)


def answer(content, lose=()):
    """What the model says to a message."""
    found = re.findall(r"^=== ([a-z]{8}) (\d+) ===\n(.*?)(?=\n\n===|\Z)", content, re.M | re.S)
    if not found:
        return f"re: {content}"
    kept = [(mark, number, question) for mark, number, question in found if int(number) not in lose]
    said = "".join(f"=== {mark} {number} ===\nre: {question}\n\n" for mark, number, question in kept)
    return f"{said}=== {found[0][0]} end ===\n"
