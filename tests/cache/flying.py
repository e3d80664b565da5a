"""A kernel of its own, as far as asking goes: asks one question when it is told to, and prints what it got.

    python flying.py FOLDER PORT [VALUE] [fresh]     (waits for a line on standard input, then asks)

Its one variable has VALUE; FOLDER is the cache that it shares with others; at PORT a scripted server answers.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from askance.cache.disk.tier import DiskTier
from askance.cache.flights import Flights
from askance.cache.given import Given
from askance.cache.memory import MemoryTier
from askance.cache.tier import Shelf
from askance.cache.tiers import Cache
from askance.errors import ProviderError
from askance.gate import Gate
from askance.loop import LoopThread
from askance.providers.registry import Choice, Limits
from askance.recall import Keeping
from askance.records import EndChunk, TextChunk
from askance.session import Session
from askance.settings import Settings
from askance.sources.base import StaticState
from askance.sources.variables import VariablesSource

QUESTION = "what is @x?"


class PlainProvider:
    """Asks a server of OpenAI's protocol for a whole answer; needs no SDK."""

    name = "plain"

    def __init__(self, port: int) -> None:
        self._port = port

    async def stream(self, gated):
        body = json.dumps({"messages": [{"content": gated.prompt.messages[-1].content}]}).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.partition(b"\r\n")[0]:
                raise ProviderError("refused")
            size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            said = json.loads(await reader.readexactly(size))["choices"][0]["message"]["content"]
        finally:
            writer.close()
        yield TextChunk(said)
        yield EndChunk("stop")

    async def warm(self) -> None:
        """Nothing to prepare."""

    async def close(self) -> None:
        """Nothing to give back."""


def session(folder: Path, provider, value: object = 1, *, sources=(), loop: LoopThread | None = None) -> Session:
    """A session over a shared cache folder."""
    shelves = [Shelf(MemoryTier(100, 10**7), 3600.0), Shelf(DiskTier(folder / "answers"), 3600.0)]
    return Session(
        settings=Settings(),
        choice=Choice("local", "a test"),
        limits=lambda _name: Limits(window=8192, budget=4000, max_output=500, context=2400),
        provider=lambda _name: provider,
        sources=sources or [VariablesSource(StaticState(namespace={"x": value}))],
        gate=Gate(),
        keeping=Keeping(cache=Cache(shelves), flights=Flights(folder / "flights"), given=Given()),
        loop=loop or LoopThread("askance-test"),
    )


def main(folder: str, port: str, value: str = "1", *flags: str) -> None:
    """Ask once, print what came, and say so only when it can be found by others."""
    asking = session(Path(folder), PlainProvider(int(port)), int(value))
    asking.recall.warm()
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        answer = asking.ask(QUESTION, fresh="fresh" in flags or None)
        print(json.dumps([answer.text, answer.cached]), flush=True)
    except ProviderError:
        print(json.dumps(["", "refused"]), flush=True)
    asking.loop.run(asking.close())


if __name__ == "__main__":
    main(*sys.argv[1:])
