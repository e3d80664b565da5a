"""Cuts a stream of tokens into pieces worth showing: the first at once, then 10 to 30 a second, at semantic boundaries.

Enters: an async iterator of text. Leaves: the same text in fewer pieces. For a tenth of a second a piece waits until
some lines or sentences are there; after that any end of a line, a sentence or a word will do; nothing is held back
longer than `HOLD`.
"""

from __future__ import annotations

import asyncio
import re
import time
import unicodedata
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

INTERVAL = 1 / 30
"""Least seconds between two pieces: one frame at the rate a front end can draw (performance study, section 2)."""

HOLD = 0.23
"""Most seconds that a character waits: a quarter, less what an event loop may be late."""

_PATIENCE = 0.1
"""Seconds without a piece after which little will do: ten pieces a second are the fewest."""

_ENOUGH = 96
"""Characters that are worth a message of their own: its envelope has some 650 bytes (performance study, section 2)."""

_HEAD_START = 0.008
"""Seconds that reading rests after the first text: another thread shows it, and at full speed would wait for Python's lock."""

_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"(?:(?<!\d)\.|[!?…])[\"'”’)\]*_`]*\s+|[。！？]+")
_WORD = re.compile(r"\s+|[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")  # Chinese and Japanese put no spaces
_OPEN_PLACEHOLDER = re.compile(r"<[A-Z0-9_]{0,24}\Z")
_OPEN_FENCE = re.compile(r"^[ >]*(?:`{1,2}|~{1,2}|(?:`{3}|~{3})[^\n]*)\Z", re.MULTILINE)
_JOINER = "\u200d"


def _full_pace() -> float:
    return INTERVAL


async def coalesce(
    texts: AsyncGenerator[str, None],
    clock: Callable[[], float] = time.monotonic,
    interval: Callable[[], float] = _full_pace,
    hold: float = HOLD,
) -> AsyncIterator[str]:
    """Group what arrives. What the source raises is raised after the text that came before it.

    Args:
        texts: pieces as the provider sends them; closed at the end.
        clock: seconds, monotonic.
        interval: least seconds between two pieces, as the front end can draw them; asked after each piece.
        hold: most seconds that a character is held back, counted from its own arrival.
    """
    inbox = _Inbox(clock)
    reading = asyncio.create_task(inbox.fill(texts))
    shown = soon = late = float("-inf")
    at_line_start = True
    try:
        while await inbox.has_text():
            await inbox.wait(soon, late)
            text, now = inbox.text(), clock()
            pace = min(max(interval(), INTERVAL), hold)
            patient = now < late
            # the first goes at once; of the others, what could not wait for the next look
            least = len(text) if shown == float("-inf") else inbox.older_than(now + pace - hold)
            cut = len(text) if reading.done() else _cut(text, least, patient=patient, at_line_start=at_line_start)
            soon, late = float("inf"), late if patient else now + pace
            if cut:
                inbox.take(cut)
                shown, soon = now, now + pace
                late = max(soon, min(now + _PATIENCE, inbox.oldest() + hold))
                at_line_start = text[cut - 1] == "\n"
                yield text[:cut]
        await reading
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


class _Inbox:
    """What has come and is not shown yet, each part with its time of arrival."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._parts: deque[tuple[float, str]] = deque()
        self._length = 0
        self._wanted, self._soon = 1, float("-inf")
        self._news = asyncio.Event()
        self._ended = False

    async def fill(self, texts: AsyncGenerator[str, None]) -> None:
        """Read to the end. Whoever waits for text gets its turn before a source that never pauses is read on."""
        rest = _HEAD_START
        try:
            async with aclosing(texts):
                async for text in texts:
                    now = self._clock()
                    if text:
                        self._parts.append((now, text))
                        self._length += len(text)
                    if self._length >= self._wanted and now >= self._soon and not self._news.is_set():
                        self._news.set()
                        await asyncio.sleep(rest)
                        rest = 0.0
        finally:
            self._ended = True
            self._news.set()

    async def has_text(self) -> bool:
        """Wait for text; False if there is none left and none will come."""
        while not self._parts and not self._ended:
            self._wanted, self._soon = 1, float("-inf")
            self._news.clear()
            await self._news.wait()
        return bool(self._parts)

    async def wait(self, soon: float, late: float) -> None:
        """Wait until `late`, or the end; from `soon` on, only until there is enough for a message of its own."""
        if self._ended or (seconds := late - self._clock()) <= 0:
            return
        self._wanted, self._soon = _ENOUGH, soon
        self._news.clear()
        alarm = asyncio.get_running_loop().call_later(seconds, self._news.set)
        try:
            await self._news.wait()
        finally:
            alarm.cancel()

    def text(self) -> str:
        """All of it."""
        return "".join(text for _, text in self._parts)

    def older_than(self, when: float) -> int:
        """How many characters arrived by then."""
        length = 0
        for arrived, text in self._parts:
            if arrived > when:
                break
            length += len(text)
        return length

    def oldest(self) -> float:
        """When the first of it arrived; infinity if nothing is there."""
        return self._parts[0][0] if self._parts else float("inf")

    def take(self, length: int) -> None:
        """Give away the first characters."""
        self._length -= length
        while length and len(self._parts[0][1]) <= length:
            length -= len(self._parts.popleft()[1])
        if length:
            arrived, text = self._parts[0]
            self._parts[0] = (arrived, text[length:])


def _cut(text: str, least: int, *, patient: bool, at_line_start: bool) -> int:
    """Where to cut: after a line, else after a sentence, else after a word; 0 to wait.

    Args:
        text: what is there.
        least: how much of it cannot wait; more than a boundary allows is cut anywhere but in a gate's placeholder.
        patient: whether to wait for many characters, ending in a line or a sentence.
        at_line_start: whether it begins a line.
    """
    opened = _OPEN_PLACEHOLDER.search(text)
    free = opened.start() if opened else len(text)
    fence = _OPEN_FENCE.search(text)
    calm = text[: min(free, fence.start()) if fence and (fence.start() or at_line_start) else free]
    worth = least or (_ENOUGH if patient else 1)
    for boundary in (_LINE, _SENTENCE) if patient and not least else (_LINE, _SENTENCE, _WORD):
        end = _between_characters(text, max((match.end() for match in boundary.finditer(calm)), default=0))
        if end >= worth:
            return end
    if not least:
        return 0
    end = _between_characters(text, free)
    return end if end >= least else free


def _between_characters(text: str, end: int) -> int:
    """The last place up to `end` that is not inside one character of several code points."""
    while end > 0 and _goes_on(text[end - 1], text[end : end + 1]):
        end -= 1
    return end


def _goes_on(last: str, following: str) -> bool:
    if last == _JOINER or "\ud800" <= last <= "\udbff":
        return True
    return bool(following) and (
        following == _JOINER or unicodedata.category(following)[0] == "M" or "\U0001f3fb" <= following <= "\U0001f3ff"
    )
