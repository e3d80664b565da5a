"""Server-sent events, read as the HTML standard has it, whatever pieces they come in; the SDKs' own readers lose events
that follow a byte order mark, choke on those without data, and have no bounds.

Enters: the bytes of a response. Leaves: the data of each event. An event that the end cuts off is none.
Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Iterator

from ..errors import BrokenStream

LARGEST = 4_000_000
"""Bytes of a line, or of an event, beyond which nobody sends an answer; real ones have a few thousand."""


async def messages(parts: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The data of each event, in order. Names, ids and comments are left out: what we read names itself in its data.

    Args:
        parts: the response's body, cut anywhere.

    Raises:
        BrokenStream: it is no stream of events.
        UnicodeDecodeError: an event is no UTF-8: a text with holes would pass for a whole one.
    """
    lines, data, size = Lines(), [], 0
    async for part in parts:
        for line in lines.feed(part):
            if line.startswith(b"data") and line[4:5] in (b":", b""):
                data.append(line[6:] if line[5:6] == b" " else line[5:])
                size += len(line)
                refuse_more_than(LARGEST, size)
            elif not line and data:
                whole = b"\n".join(data).decode()
                data, size = [], 0
                if whole:
                    yield whole


class Lines:
    """Cuts bytes into lines: they end in a line feed, a carriage return, or both."""

    def __init__(self) -> None:
        self._begun: list[bytes] = []
        self._length = 0
        self._skip = False
        self._first = True

    def feed(self, part: bytes) -> Iterator[bytes]:
        """The lines that end in this part, without their ends."""
        if not part:
            return
        if self._skip and part[:1] == b"\n":
            part = part[1:]
        self._skip = part[-1:] == b"\r"
        for line in part.splitlines(keepends=True):
            self._begun.append(line)
            if line[-1:] in (b"\n", b"\r"):
                whole = b"".join(self._begun).rstrip(b"\r\n")
                self._begun, self._length = [], 0
                if self._first:
                    self._first, whole = False, whole.removeprefix(BOM_UTF8)
                yield whole
            else:
                self._length += len(line)
                refuse_more_than(LARGEST, self._length)


def refuse_more_than(most: int, size: int) -> None:
    """Stop reading what has no end.

    Raises:
        BrokenStream: it is larger.
    """
    if size > most:
        raise BrokenStream(f"the server sent {size:,} bytes without an event's end", "Check the server's address.")
