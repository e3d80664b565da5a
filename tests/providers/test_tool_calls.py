"""Calls as they come: in pieces, several at once, as odd servers send them, and broken off."""

import asyncio
import json
from contextlib import aclosing

import pytest
from fixtures_models import BOTH, gated, make, text
from scripted_server import Call, Reply, ScriptedServer, events

from askance.records import CallChunk, EndChunk, Message, TextChunk, ToolCall, ToolResult

from .calling import answered, broken, calls, offered


@BOTH
def test_calls_come_whole_and_in_order(protocol):
    """Pieces are put together; text goes before them; the end says that the model waits."""
    first = Call("read_file", ["", '{"pa', 'th": "', "a b {}.py", '"}'], "id-1")
    chunks = answered(protocol, "Let me ", "look.", first, Call("list_files", ['{"in": {"deep": []}}'], "id-2"))
    assert text(chunks) == "Let me look."
    assert [chunk.call for chunk in chunks if isinstance(chunk, CallChunk)] == [
        ToolCall(id="id-1", name="read_file", arguments='{"path": "a b {}.py"}'),
        ToolCall(id="id-2", name="list_files", arguments='{"in": {"deep": []}}'),
    ]
    assert chunks[-1] == EndChunk("tools")
    kinds = [type(chunk) for chunk in chunks]
    assert kinds.index(CallChunk) > kinds.index(TextChunk)


@BOTH
def test_a_call_comes_before_the_next_one_has_ended(protocol):
    """The server is silent in the middle of the second: the first is there already, so that it can begin to run."""
    steps = [
        Call("read_file", ['{"path": ', '"a.py"}'], "id-1"),
        Call("list_files", ['{"path"', 60.0, ': "x"}'], "id-2"),
    ]

    async def first(provider):
        async with aclosing(provider.stream(offered())) as chunks:
            async for chunk in chunks:
                if isinstance(chunk, CallChunk):
                    return chunk.call
        return None

    with ScriptedServer([Reply(steps)]) as server:
        assert asyncio.run(first(make(protocol, server))).arguments == '{"path": "a.py"}'
        assert server.asked[0].closed_early.wait(5)


@BOTH
def test_no_arguments_are_an_empty_object(protocol):
    """Servers send nothing, or blanks."""
    chunks = answered(protocol, Call("list_files", [""], "id-1"), Call("list_files", [" ", "\n"], "id-2"))
    assert calls(chunks) == [("list_files", "{}")] * 2


@BOTH
def test_arguments_that_are_no_json_come_as_they_are(protocol):
    """The model is told so by whoever makes the call."""
    chunks = answered(protocol, Call("read_file", ['{"path": ', "oops"]), Call("read_file", ["x", "y"], "id-2"))
    assert calls(chunks) == [("read_file", '{"path": oops'), ("read_file", "xy")]
    assert chunks[-1] == EndChunk("tools")


@BOTH
@pytest.mark.parametrize("end", ["cut", "reset"])
def test_half_a_call_is_none(protocol, end):
    """A stream that breaks off inside a call: what was whole has come, the half has not."""
    whole, half = Call("read_file", ['{"path": "a.py"}'], "id-1"), Call("read_file", ['{"path": "b'], "id-2")
    seen = broken(protocol, "Text.", whole, half, 0.05, end=end != "cut", reset=end == "reset")
    assert calls(seen) == [("read_file", '{"path": "a.py"}')]
    assert text(seen) == "Text."


@BOTH
@pytest.mark.parametrize("arguments", [[""], ['{"path": "b'], []])
def test_a_call_that_the_length_cuts_off_is_none(protocol, arguments):
    """What came whole before it is one; the end says why it ended."""
    half = Call("read_file", arguments, "id-2", whole=False)
    chunks = answered(protocol, Call("read_file", ['{"path": "a.py"}'], "id-1"), half, reason="length")
    assert calls(chunks) == [("read_file", '{"path": "a.py"}')]
    assert chunks[-1] == EndChunk("length")


@BOTH
def test_what_nobody_offered_is_not_called(protocol):
    """Without tools in the request its answer is what it would be without those calls."""
    chunks = answered(protocol, "Text.", Call("read_file"), request=gated("q"))
    assert calls(chunks) == []
    assert text(chunks) == "Text."
    assert chunks[-1] == EndChunk("stop")


@BOTH
def test_each_call_of_an_ask_has_an_id_of_its_own(protocol):
    """Where the server gives none, one that cannot go back, or one that an earlier call has."""
    before = Message(role="assistant", content="", calls=(ToolCall(id="call_1", name="list_files", arguments="{}"),))
    told = Message(role="user", content="", results=(ToolResult(id="call_1", text="."),))
    request = offered(messages=(*gated("q").prompt.messages, before, told))
    given = ["", "call_1", "own", "own", "zwei Wörter", "x" * 999]
    steps = [Call("read_file", [f'{{"n": {n}}}'], id_) for n, id_ in enumerate(given)]
    if protocol == "openai":  # there, the same id is the same call, unless its number is another
        assert len({json.dumps(step.arguments) for step in steps}) == len(given)
    found = [chunk.call for chunk in answered(protocol, *steps, request=request) if isinstance(chunk, CallChunk)]
    assert [call.arguments for call in found] == [f'{{"n": {n}}}' for n in range(len(given))]
    ids = [call.id for call in found]
    assert len({*ids, "call_1"}) == len(given) + 1
    assert all(id_.isascii() and 0 < len(id_) <= 256 and " " not in id_ for id_ in ids)
    assert "own" in ids


@BOTH
def test_halves_of_characters_are_put_together(protocol):
    """Wherever a server cuts."""
    pieces = ['{"path": "\ufdd0', '\ufdd1"}']  # sent as escapes of halves
    reply = Reply([Call("read_file", pieces)])
    halves = {"\ufdd0": b"\\ud83d", "\ufdd1": b"\\udc0d"}
    told = events(reply, protocol)
    for mark, escape in halves.items():
        told = [event.replace(mark.encode(), escape) for event in told]
    assert calls(answered(protocol, *told, raw=True)) == [("read_file", '{"path": "🐍"}')]


@BOTH
def test_arguments_without_an_end_are_given_up(protocol):
    """The user sees nothing of them as they come: they are no endless answer that one would stop."""
    seen = broken(protocol, Call("read_file", ['{"path": "', *["x" * 200_000] * 11]), end=True)
    assert calls(seen) == []
