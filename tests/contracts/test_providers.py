"""What every provider keeps to, whatever its protocol."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest
from fixtures_models import gated, make
from scripted_server import Call, Reply, ScriptedServer

from askance.errors import AskanceError, BrokenStream
from askance.providers.local import LocalProvider
from askance.providers.replay import ReplayProvider
from askance.records import CallChunk, EndChunk, GatedPrompt, TextChunk, ToolCall, ToolSpec, UsageChunk

MADE = ToolCall(id="id-1", name="read_file", arguments='{"path": "a.py"}')
CALL = Call("read_file", ['{"path": ', '"a.py"}'], "id-1")
NAMES = ["openai", "openai-responses", "anthropic", "local", "replay"]
ALL = pytest.mark.parametrize("name", NAMES)


def provider_for(name, server):
    """A provider that talks to a scripted server; a replayed one says the same of itself."""
    if name == "local":
        return LocalProvider(lambda: (server.base_url, "key"), lambda _url, _key: make("openai", server), lambda: True)
    if name == "replay":
        steps = server.script
        chunks = [CallChunk(MADE) if isinstance(step, Call) else step for step in steps]
        return ReplayProvider(chunks if server.ends else [*chunks, BrokenStream("it broke off")])
    return make(name, server)


def heard(name, *steps, end=True, tools=True):
    """The chunks of an answer, and the error at its end."""

    async def all_of(provider):
        chunks, error = [], None
        try:
            async with aclosing(provider.stream(request(tools=tools))) as stream:
                async for chunk in stream:
                    chunks.append(chunk)
        except AskanceError as fault:
            error = fault
        await provider.close()
        return chunks, error

    with ScriptedServer([Reply(steps, end=end)]) as server:
        server.script, server.ends = steps, end
        return asyncio.run(all_of(provider_for(name, server)))


def request(*, tools):
    """A question, with a tool or without."""
    listed = (ToolSpec(name="read_file", description="Read a file."),) if tools else ()
    return GatedPrompt(prompt=replace(gated("q").prompt, tools=listed))


@ALL
def test_an_answer_is_text_and_then_its_end(name):
    """Each piece once, in order; one end mark, last."""
    chunks, error = heard(name, "a", "b", " c", tools=False)
    assert error is None
    assert [chunk for chunk in chunks if not isinstance(chunk, UsageChunk)] == [
        *map(TextChunk, ("a", "b", " c")),
        EndChunk("stop"),
    ]


@ALL
def test_an_answer_with_a_call_waits_for_it(name):
    """Text, then the call, whole, once; the end mark says that the model waits."""
    chunks, error = heard(name, "Let me look.", CALL)
    assert error is None
    told = [chunk for chunk in chunks if not isinstance(chunk, UsageChunk)]
    assert told == [TextChunk("Let me look."), CallChunk(MADE), EndChunk("tools")]


@ALL
def test_an_answer_that_breaks_off_has_no_end(name):
    """What had come has been told; what had not come whole has not."""
    chunks, error = heard(name, "a", "b", end=False)
    assert type(error) is BrokenStream
    assert [chunk for chunk in chunks if not isinstance(chunk, UsageChunk)] == [TextChunk("a"), TextChunk("b")]


@ALL
def test_a_provider_is_warmed_and_closed_without_a_word(name):
    """Nothing is asked while warming; closing twice is closing once."""

    async def through(provider):
        await provider.warm()
        await provider.close()
        await provider.close()

    with ScriptedServer([Reply(["a"])]) as server:
        server.script, server.ends = ["a"], True
        asyncio.run(through(provider_for(name, server)))
        assert server.asked == []
