"""Answers with calls for tools, whole and damaged, through the doors to the SDKs, with a server that is a list of bytes.

Enters: streams. Leaves: the chunks of each, and what was raised.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import httpx2
from scripted_server import Call, Reply, events

from askance.providers import registry
from askance.records import CallChunk, Chunk, GatedPrompt, Message, Prompt, ToolSpec
from askance.settings import Settings

from .asking import NOWHERE, PATIENCE, Server
from .damage import BREAKS, BYTE_DAMAGE, EVENT_DAMAGE, SERVER_DAMAGE, WORDS, Stream, calling, escaped, in_pieces

TOOLS = tuple(ToolSpec(name=name, description=name) for name in ("read_file", "list_files", "run_python"))


@dataclass
class Heard:
    """What a stream led to.

    Attributes:
        chunks: what came of it.
        error: what was raised, None where nothing was.
    """

    chunks: list[Chunk] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def calls(self) -> list[tuple[str, str]]:
        """Name and arguments of each call."""
        return [(chunk.call.name, chunk.call.arguments) for chunk in self.chunks if isinstance(chunk, CallChunk)]


def called(chance: random.Random, protocol: str, reason: str = "stop") -> tuple[list[Call], list[bytes]]:
    """A good answer with calls in it: those, and its events."""
    calls = calling(chance, chance.randrange(1, 5))
    words = [chance.choice([word for word in WORDS if word.isascii()]) for _ in range(chance.randrange(3))]
    told = events(Reply([*words, *calls], reason=reason, usage=chance.choice([None, (10, 5, 4)])), protocol)
    return calls, [escaped(event) for event in told]


def expected(calls: Sequence[Call]) -> list[tuple[str, str]]:
    """What is to come of them: half a character is replaced, no arguments are none."""
    texts = ["".join(call.arguments).replace("\ufdd0", "\ufffd") for call in calls]
    return [(call.name, text or "{}") for call, text in zip(calls, texts, strict=True)]


def cut(chance: random.Random, told: list[bytes]) -> Stream:
    """A beginning of a stream, its connection closed or broken then."""
    body = b"".join(told)
    part = body[: chance.randrange(len(body))]
    return Stream(in_pieces(chance, part), breaks=chance.choice(["", *BREAKS]))


def damaged(chance: random.Random, protocol: str) -> Stream:
    """A stream with calls, and with one to four kinds of damage."""
    told, done = called(chance, protocol, chance.choice(["stop", "length"]))[1], []
    for kind in chance.sample(EVENT_DAMAGE, chance.choice([1, 1, 2, 3])):
        told = kind(chance, told, protocol) if told else told
        done.append(kind.__name__)
    body = b"".join(told)
    for other in chance.sample(BYTE_DAMAGE, chance.choice([0, 0, 1])):
        body = other(chance, body)
        done.append(other.__name__)
    stream = Stream((body,), damage=tuple(done))
    if chance.random() < 0.1:
        stream = chance.choice(SERVER_DAMAGE)(chance, stream)
    return Stream(
        in_pieces(chance, b"".join(stream.parts)), stream.status, stream.headers, stream.breaks, stream.damage
    )


def heard(protocol: str, streams: Sequence[Stream], monkeypatch: Any) -> list[Heard]:
    """Ask for each of these streams, with tools."""
    server = Server(protocol, streams)

    async def handle(_transport: object, request: httpx2.Request) -> httpx2.Response:
        return await server.handle(request)

    monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", handle)
    environ = {"ANTHROPIC_API_KEY": "key-a", "ANTHROPIC_BASE_URL": NOWHERE}
    environ |= {"OPENAI_API_KEY": "key-o", "OPENAI_BASE_URL": f"{NOWHERE}/v1"}
    provider = registry.make(protocol, Settings(), environ)

    async def one(number: int) -> Heard:
        asked = Prompt(model="m", system="", messages=(Message(role="user", content=f"case-{number}"),), tools=TOOLS)
        found = Heard()
        try:
            async with aclosing(provider.stream(GatedPrompt(prompt=asked))) as chunks:
                async for chunk in chunks:
                    found.chunks.append(chunk)
        except Exception as error:
            found.error = error
        return found

    async def every() -> list[Heard]:
        answers = [await asyncio.wait_for(one(number), PATIENCE) for number in range(len(streams))]
        await provider.close()
        return answers

    return asyncio.run(every())
