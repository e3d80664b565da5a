"""What the doors to both SDKs do alike: find the server, stream an answer, map faults, warm up.

Enters: a `GatedPrompt`. Leaves: chunks. What an SDK does in its own way is in the door that inherits from this.
"""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from types import ModuleType
from typing import Any, ClassVar

from ..records import Chunk, GatedPrompt, Prompt
from .calls import Settled
from .endpoint import Endpoint
from .faults import ErrorEvent, mapped
from .hearing import is_heard
from .http import PerLoop, refuse_page, warm_transport
from .rehearsal import PROMPT, unplugged
from .sse import messages
from .unlogged import unlogged

DRAIN_SECONDS = 0.1
"""Time in which the rest of a stream may come after the answer's end, before its connection is given up."""

MOST_TOKENS = 10**10
"""No request takes as many."""


class StreamingProvider(ABC):
    """A provider over an SDK's client.

    Args:
        name: the provider's name.
        find: gives the server and the key; asked each time, since a key may be set after a first failure.
    """

    rehearsal: ClassVar[bytes]
    """A whole answer as the server would send it, for warming up."""

    path: ClassVar[str]
    """Where questions are sent, below the server's address."""

    def __init__(self, name: str, find: Callable[[], Endpoint]) -> None:
        self.name = name
        self._find = find
        self._clients: PerLoop[Any] = PerLoop(self._client)

    def find(self) -> Endpoint:
        """The server and the key, as of now."""
        return self._find()

    @abstractmethod
    def _sdk(self) -> ModuleType:
        """Import the SDK."""

    @abstractmethod
    def _client(self, to: Endpoint) -> Any:
        """The SDK's client for a server."""

    @abstractmethod
    async def _body(self, client: Any, prompt: Prompt, to: Endpoint) -> dict[str, Any]:
        """What is sent."""

    @abstractmethod
    def _chunks(self, events: Any) -> AsyncIterator[Chunk]:
        """The server's events, plain JSON of whatever shape, as ours; without an end mark it raises `BrokenStream`."""

    async def _open(self, client: Any, prompt: Prompt, to: Endpoint) -> Any:
        """Send a request; the SDK's stream of events, an asynchronous context manager, of which only the response is read:
        to make an object of each event takes openai's SDK five times what all the rest takes.
        """
        body = await self._body(client, prompt, to)
        kind = self._sdk().AsyncStream[object]
        own = {"max_retries": 0} if is_heard() else {}
        return await client.post(self.path, body=body, cast_to=object, stream=True, stream_cls=kind, options=own)

    async def stream(self, gated: GatedPrompt) -> AsyncIterator[Chunk]:
        """See `providers.base.Provider.stream`."""
        to = self._find()
        to.require_key()
        prompt, settled = gated.prompt, Settled(gated.prompt)
        with unlogged(), mapped(self._sdk(), to, prompt.model, tools=bool(prompt.tools)) as progress:
            async with await self._open(self._clients.get(to), prompt, to) as events:
                refuse_page(events.response, to)
                progress.begun = True
                async with aclosing(self._answer(events.response)) as chunks:
                    async for chunk in chunks:
                        if (known := settled(chunk)) is not None:
                            yield known

    async def _answer(self, response: Any) -> AsyncGenerator[Chunk, None]:
        """The chunks in a response."""
        parts = response.aiter_bytes()
        async for chunk in self._chunks(_events(parts)):
            yield chunk
        await _drained(parts)

    async def warm(self) -> None:
        """Import the SDK, build its client, play an answer through it; nothing is sent."""
        try:
            sdk = await asyncio.to_thread(self._sdk)
            await warm_transport()
            to = self._find()
            client = self._clients.get(to).with_options(http_client=unplugged(sdk, self.rehearsal))
            async with await self._open(client, PROMPT, to) as events:
                _ = [chunk async for chunk in self._answer(events.response)]
        except Exception:  # noqa: BLE001  the first ask will say it better
            return

    async def close(self) -> None:
        """Give back connections."""
        await self._clients.close()


async def _events(parts: AsyncIterator[bytes]) -> AsyncIterator[Any]:
    """The events in a response, as plain JSON.

    Raises:
        ErrorEvent: one of them tells an error.
    """
    async for data in messages(parts):
        if data.startswith("[DONE]"):
            return
        event = json.loads(data)
        if isinstance(event, dict) and (event.get("error") or event.get("type") == "error"):
            raise ErrorEvent(event)
        yield event


async def _drained(parts: AsyncIterator[bytes]) -> None:
    """Read what follows an answer's end, so that its connection serves the next one: briefly, and whatever it is."""
    with suppress(Exception):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in parts:
                await asyncio.sleep(0)  # else a server that never pauses is never given up


def text(value: object) -> str:
    """A piece of an answer, for certain.

    Raises:
        TypeError: the server sent something else in its place.
    """
    if not isinstance(value, str):
        raise TypeError
    return value


def listed(value: object) -> list[Any]:
    """A list, for certain.

    Raises:
        TypeError: the server sent something else in its place.
    """
    if not isinstance(value, list):
        raise TypeError
    return value


def fields(value: object) -> dict[str, Any]:
    """An object, for certain; an empty one for nothing.

    Raises:
        TypeError: the server sent something else in its place.
    """
    if not value:
        return {}
    if not isinstance(value, dict):
        raise TypeError
    return value


def count(value: object) -> int:
    """A number of tokens; 0 for whatever else a server may send."""
    return value if type(value) is int and 0 < value < MOST_TOKENS else 0
