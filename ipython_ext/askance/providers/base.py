"""What a provider is: the narrow waist between a gated prompt and somebody's server.

Enters: a `GatedPrompt`. Leaves: chunks, ending in an `EndChunk`; anything else is an error of `errors.py`.
To add a provider: one file beside this one, and one line in `registry.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from ..records import Chunk, GatedPrompt


class Provider(Protocol):
    """Talks to one kind of server. Holds a client, never the state of a stream: streams may interleave."""

    name: str

    def stream(self, gated: GatedPrompt) -> AsyncIterator[Chunk]:
        """The answer as it comes. Closing the iterator (`aclose`, or cancelling its task) closes the socket.

        Yields at least one `TextChunk` promptly per piece the server sends, a `UsageChunk` if the server counts,
        and at last one `EndChunk`. A stream that ends without the server's own end mark raises `BrokenStream`.

        Raises:
            ProviderError: every fault of the SDK, the network or the server, mapped; no foreign exception gets out.
        """
        ...

    async def warm(self) -> None:
        """Whatever makes the first ask as fast as the second: import the SDK, start the server. Never raises."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...
