"""A provider that plays a script: for tests, examples and demonstrations.

Enters: a script. Leaves: its chunks. No network, no SDK, no clock but the pauses the script asks for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from ..records import CallChunk, Chunk, EndChunk, GatedPrompt, TextChunk

Step = str | float | Chunk | Exception
"""Text to say, seconds to pause, a chunk as it is, or an exception to raise."""


class ReplayProvider:
    """Plays the same script for every request.

    Args:
        script: steps in order. An `EndChunk("stop")` follows a script that has no end mark and no exception.
        name: the provider's name.
        then: scripts for the requests after the first, in order; the last one holds for all others.

    Attributes:
        requests: what was asked, oldest first.
        closed: how many streams were closed before their end.
    """

    def __init__(self, script: Sequence[Step], name: str = "replay", then: Sequence[Sequence[Step]] = ()) -> None:
        self.name = name
        self.requests: list[GatedPrompt] = []
        self.closed = 0
        self._scripts = [_ended(one) for one in (script, *then)]

    async def stream(self, gated: GatedPrompt) -> AsyncIterator[Chunk]:
        """The script's chunks."""
        script = self._scripts[min(len(self.requests), len(self._scripts) - 1)]
        self.requests.append(gated)
        try:
            for step in script:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, (int, float)):
                    await asyncio.sleep(step)
                else:
                    yield TextChunk(step) if isinstance(step, str) else step
        except (GeneratorExit, asyncio.CancelledError):
            self.closed += 1
            raise

    async def warm(self) -> None:
        """Nothing to prepare."""

    async def close(self) -> None:
        """Nothing to give back."""


def _ended(script: Sequence[Step]) -> tuple[Step, ...]:
    """A script with its end mark: after calls, that the model waits for them."""
    if any(isinstance(step, (EndChunk, Exception)) for step in script):
        return tuple(script)
    called = any(isinstance(step, CallChunk) for step in script)
    return (*script, EndChunk("tools" if called else "stop"))
