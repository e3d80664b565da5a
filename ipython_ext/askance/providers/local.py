"""The embedded model: makes sure its server runs, then lets the provider for that server's protocol do the talking.

Enters: a `GatedPrompt`. Leaves: chunks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, cast

from ..errors import AskanceError, NoTools, Unreachable
from ..records import Chunk, GatedPrompt
from .base import Provider
from .no_tools import WITHOUT


class LocalProvider:
    """Composed in `registry.py`, since providers don't know each other.

    Args:
        find: gives the server's address and key, starting it if need be; blocks.
        talk: a provider for that address and key.
        ready: whether the model's file is installed; `warm` starts nothing if it is not.
        opening: what `warm` lets the server read, so that it has read the beginning of the first ask; None for nothing.
        takes_tools: whether the model at that address is told of tools; blocks.
    """

    def __init__(
        self,
        find: Callable[[], tuple[str, str]],
        talk: Callable[[str, str], Provider],
        ready: Callable[[], bool],
        opening: GatedPrompt | None = None,
        takes_tools: Callable[[str, str], bool] = lambda _url, _key: True,
    ) -> None:
        self.name = "local"
        self._find = find
        self._talk = talk
        self._ready = ready
        self._opening = opening
        self._takes_tools = takes_tools
        self._at: tuple[str, str] | None = None
        self._inner: Provider | None = None

    async def stream(self, gated: GatedPrompt) -> AsyncIterator[Chunk]:
        """See `providers.base.Provider.stream`."""
        begun = False
        try:
            async with aclosing(await self._open(gated)) as chunks:
                async for chunk in chunks:
                    begun = True
                    yield chunk
        except Unreachable:
            if begun:
                raise
        else:
            return
        async with aclosing(await self._open(gated)) as chunks:  # it may have ended, idle, just as we asked
            async for chunk in chunks:
                yield chunk

    async def _open(self, gated: GatedPrompt) -> Any:
        inner = await self._connect()
        if gated.prompt.tools and self._at and not await asyncio.to_thread(self._takes_tools, *self._at):
            raise NoTools("the embedded model takes no tools", WITHOUT)
        return cast("Any", inner.stream(gated))

    async def _connect(self) -> Provider:
        at = await asyncio.to_thread(self._find)
        if self._inner is None or at != self._at:
            await self.close()
            self._at, self._inner = at, self._talk(*at)
        return self._inner

    async def warm(self) -> None:
        """Start the server if the model is installed, and let it read what every ask begins with. Never installs."""
        try:
            if self._ready():
                inner = await self._connect()
                await inner.warm()
                if self._opening is not None:
                    _ = [chunk async for chunk in inner.stream(self._opening)]
        except AskanceError:
            return  # the first ask will say it better

    async def close(self) -> None:
        """Give back connections. The server goes on: other kernels may use it, and it ends by itself."""
        inner, self._inner, self._at = self._inner, None, None
        if inner is not None:
            await inner.close()
