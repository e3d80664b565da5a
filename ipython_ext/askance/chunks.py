"""Cuts a stream of tokens into pieces worth showing: the first at once, then at most 30 a second, at word ends.

Enters: an async iterator of text. Leaves: the same text in fewer pieces; nothing is held back longer than `HOLD`.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable

INTERVAL = 1 / 30
"""Seconds between pieces: one frame at the rate a front end can draw (performance study, section 2)."""

HOLD = 0.25
"""Seconds that text may wait for the end of its word."""

_OPEN_PLACEHOLDER = re.compile(r"<[A-Z0-9_]{0,24}\Z")


async def coalesce(
    texts: AsyncIterator[str],
    clock: Callable[[], float] = time.monotonic,
    interval: float = INTERVAL,
    hold: float = HOLD,
) -> AsyncIterator[str]:
    """Group what arrives.

    Args:
        texts: pieces as the provider sends them.
        clock: seconds, monotonic.
        interval: least seconds between two pieces.
        hold: most seconds that text is held back.
    """
    buffer, since, due = "", 0.0, float("-inf")
    reading: asyncio.Task[str | None] | None = None
    try:
        while True:
            reading = reading or asyncio.create_task(_next(texts))
            done, _ = await asyncio.wait({reading}, timeout=max(0.0, due - clock()) if buffer else None)
            if done:
                text, reading = reading.result(), None
                if text is None:
                    break
                since = since if buffer else clock()
                buffer += text
            now = clock()
            if buffer and now >= due:
                cut = _cut(buffer, late=due == float("-inf") or now - since >= hold)
                due = now + interval
                if cut:
                    yield buffer[:cut]
                    buffer, since = buffer[cut:], now
        if buffer:
            yield buffer
    finally:
        if reading is not None:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def _next(texts: AsyncIterator[str]) -> str | None:
    return await anext(texts, None)


def _cut(text: str, *, late: bool) -> int:
    """Where to cut: after the last word's end, or wherever we are if it is late; never inside a gate's placeholder."""
    end = len(text) if late else max(text.rfind(" "), text.rfind("\n")) + 1
    opened = _OPEN_PLACEHOLDER.search(text[:end])
    return opened.start() if opened else end
