"""Asking for an answer with calls, and what came of it."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest
from fixtures_models import collect, gated, make
from scripted_server import Reply, ScriptedServer

from askance.errors import BrokenStream
from askance.records import CallChunk, EndChunk, GatedPrompt, ToolSpec

TOOLS = (ToolSpec(name="read_file", description="Read a file."), ToolSpec(name="list_files", description="List files."))


def offered(**more):
    """A request with tools."""
    return GatedPrompt(prompt=replace(gated("q").prompt, tools=TOOLS, **more))


def answered(protocol, *steps, request=None, **reply):
    """The chunks of an answer with these steps."""
    with ScriptedServer([Reply(steps, **reply)]) as server:
        return asyncio.run(collect(make(protocol, server), request or offered()))


def calls(chunks):
    """Its calls: name and arguments."""
    return [(chunk.call.name, chunk.call.arguments) for chunk in chunks if isinstance(chunk, CallChunk)]


def broken(protocol, *steps, **reply):
    """What came before an answer broke off."""
    seen = []

    async def read(provider):
        async with aclosing(provider.stream(offered())) as chunks:
            async for chunk in chunks:
                seen.append(chunk)

    with ScriptedServer([Reply(steps, **reply)]) as server, pytest.raises(BrokenStream) as caught:
        asyncio.run(read(make(protocol, server, idle_timeout=0.5)))
    assert "\n" not in str(caught.value)
    assert not any(isinstance(chunk, EndChunk) for chunk in seen)
    return seen
