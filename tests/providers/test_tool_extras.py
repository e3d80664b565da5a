"""What servers want back along with a call: signatures and thoughts, unchanged."""

import asyncio
import json

from fixtures_models import collect, make
from scripted_server import Call, Reply, ScriptedServer

from askance.gate import Gate
from askance.records import CallChunk, Message, ToolResult

from .calling import offered

SIGNED = {"google": {"thought_signature": "AY89a18IwQsQ8in/aGVsbG8gd29ybGQgdGhpcyBpcyBsb25n+=="}}


def two_rounds(protocol, *steps, raw=False):
    """The calls of an answer, and the body of the request that tells what they gave, through the gate."""
    with ScriptedServer([Reply(steps, raw=raw), Reply(["done"])]) as server:
        provider, first = make(protocol, server), offered()

        async def asked():
            chunks = await collect(provider, first)
            calls = tuple(chunk.call for chunk in chunks if isinstance(chunk, CallChunk))
            told = tuple(ToolResult(id=call.id, text="x") for call in calls)
            said = Message(role="assistant", content="Looking.", calls=calls)
            messages = (*first.prompt.messages, said, Message(role="user", content="", results=told))
            whole = offered(messages=messages).prompt
            await collect(provider, Gate(lambda: ()).open(whole, 3))
            return calls

        return asyncio.run(asked()), server.asked[1].json


def chat(*deltas):
    """Chat completions' events."""
    told = [{"choices": [{"delta": delta, "finish_reason": None}]} for delta in deltas]
    told.append({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]})
    return [f"data: {json.dumps(event)}\n\n".encode() for event in told]


def test_a_signature_goes_back_with_its_call():
    """Gemini refuses a call without the signature that it came with; a call that had none gets none."""
    first = {"index": 0, "id": "1", "function": {"name": "read_file", "arguments": "{}"}, "extra_content": SIGNED}
    second = {"index": 1, "id": "2", "function": {"name": "list_files", "arguments": "{}"}}
    _, body = two_rounds("openai", *chat({"tool_calls": [first]}, {"tool_calls": [second]}), raw=True)
    sent = body["messages"][2]["tool_calls"]
    assert sent[0]["extra_content"] == SIGNED
    assert "extra_content" not in sent[1]


def test_thoughts_go_back_with_the_calls_that_they_led_to():
    """DeepSeek and Kimi refuse calls without; they are no part of the answer."""
    call = {"index": 0, "id": "1", "function": {"name": "read_file", "arguments": "{}"}}
    deltas = [{"reasoning_content": "I should "}, {"reasoning_content": "look."}, {"tool_calls": [call]}]
    _, body = two_rounds("openai", *chat(*deltas), raw=True)
    assert body["messages"][2]["reasoning_content"] == "I should look."
    assert body["messages"][2]["content"] == "Looking."


def test_thought_blocks_go_back_first_and_unchanged():
    """A model that thinks reads its thoughts again, with their signature, before its words and calls."""

    def event(kind, index, **more):
        return f"event: {kind}\ndata: {json.dumps({'type': kind, 'index': index, **more})}\n\n".encode()

    thought = [
        event("content_block_start", 7, content_block={"type": "thinking", "thinking": "", "signature": ""}),
        event("content_block_delta", 7, delta={"type": "thinking_delta", "thinking": "I should "}),
        event("content_block_delta", 7, delta={"type": "thinking_delta", "thinking": "look."}),
        event("content_block_delta", 7, delta={"type": "signature_delta", "signature": "c2ln"}),
        event("content_block_stop", 7),
        event("content_block_start", 8, content_block={"type": "redacted_thinking", "data": "aGlk"}),
        event("content_block_stop", 8),
    ]
    calls, body = two_rounds("anthropic", *thought, Call("read_file", id="1"), Call("list_files", id="2"))
    assert [call.name for call in calls] == ["read_file", "list_files"]
    assert body["messages"][1]["content"] == [
        {"type": "thinking", "thinking": "I should look.", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "aGlk"},
        {"type": "text", "text": "Looking."},
        {"type": "tool_use", "id": "1", "name": "read_file", "input": {}},
        {"type": "tool_use", "id": "2", "name": "list_files", "input": {}},
    ]


def test_nothing_goes_back_that_did_not_come():
    """Most servers want nothing."""
    for protocol in ("openai", "openai-responses", "anthropic"):
        calls, body = two_rounds(protocol, Call("read_file", id="1"))
        assert [call.kept for call in calls] == [""]
        assert not any(word in json.dumps(body) for word in ("extra_content", "reasoning_content", "thinking"))
