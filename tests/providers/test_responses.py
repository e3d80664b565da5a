"""What OpenAI's responses do that nobody else does."""

import asyncio
import json

import pytest
from fixtures_models import collect, gated, make, text
from scripted_server import Reply, ScriptedServer

from askance import errors
from askance.providers import prices, registry
from askance.records import EndChunk, Message, Prompt, Usage
from askance.settings import Settings


def event(**said):
    """An event as the server writes it."""
    return b"event: %b\ndata: %b\n\n" % (said["type"].encode(), json.dumps(said).encode())


def failed(code, message):
    """The end of an answer that went wrong at the server."""
    error = {"code": code, "message": message}
    return event(type="response.failed", response={"status": "failed", "error": error})


def asked(*events, end=False):
    """The chunks of an answer with these events in it."""
    with ScriptedServer([Reply(["partial", *events], end=end)]) as server:
        return asyncio.run(collect(make("openai-responses", server), gated("q")))


@pytest.mark.parametrize(
    ("last", "kind", "says"),
    [
        (failed("server_error", "The model is ill"), errors.BrokenStream, "broke off with an error: The model is ill"),
        (failed("rate_limit_exceeded", "Rate limit reached"), errors.RateLimited, "asks to wait"),
        (event(type="error", code="context_length_exceeded", message="Too big."), errors.ContextTooLong, "too long"),
        (
            event(type="error", code="server_error", message="Boom"),
            errors.BrokenStream,
            "broke off with an error: Boom",
        ),
        (event(type="response.failed", response={"error": None}), errors.BrokenStream, "broke off with an error"),
        (event(type="response.failed", response=None), errors.BrokenStream, "not an answer"),
        (event(type="response.incomplete", response={"incomplete_details": None}), errors.BrokenStream, "incomplete"),
        (
            event(type="response.incomplete", response={"incomplete_details": {"reason": "content_filter"}}),
            errors.ProviderError,
            "content filter",
        ),
    ],
)
def test_an_answer_that_fails_says_why(last, kind, says):
    """Errors come as events of their own or at the answer's end; each is one line, and no end mark."""
    with pytest.raises(kind, match=says):
        asked(last)


def test_a_refusal_is_shown_and_thoughts_and_calls_are_not():
    """Only what is said to the user is text; a tool call that nobody asked for does nothing."""
    call = event(type="response.function_call_arguments.delta", delta='{"cmd": "rm"}', item_id="c", output_index=1)
    thought = event(type="response.reasoning_text.delta", delta="hmm", item_id="t", output_index=1)
    chunks = asked(call, thought, event(type="response.refusal.delta", delta=" No."), end=True)
    assert text(chunks) == "partial No."
    assert chunks[-1] == EndChunk("stop")


def test_what_comes_after_the_end_is_no_part_of_the_answer():
    """The end mark ends it, however the connection ends."""
    end = event(type="response.completed", response={"usage": {"input_tokens": 3, "output_tokens": 2}})
    chunks = asked(end, event(type="response.output_text.delta", delta=" more"), b"data: {broken\n\n")
    assert text(chunks) == "partial"
    assert [chunk.usage for chunk in chunks if hasattr(chunk, "usage")] == [Usage(input=3, output=2)]


def test_a_schema_goes_along():
    """In the words of this protocol."""
    messages = (Message(role="user", content="q"),)
    prompt = Prompt(model="m", system="s", messages=messages, schema='{"type":"object"}', max_output=4)
    request = gated("q").__class__(prompt=prompt)
    with ScriptedServer([Reply(["{}"])]) as server:
        asyncio.run(collect(make("openai-responses", server), request))
        body = server.asked[0].json
    wanted = {"type": "json_schema", "name": "answer", "schema": {"type": "object"}, "strict": False}
    assert body["text"] == {"format": wanted}
    assert body["max_output_tokens"] == 16  # the server takes no less


def test_it_is_another_way_to_the_same_models():
    """Its own name in the table; the same key, the same price."""
    name = "openai-responses:gpt-6.1-terra"
    assert registry.full_name("openai-responses") == name
    usage = Usage(input=1000, output=1000)
    assert prices.cost(name, usage) == prices.cost("openai:gpt-6.1-terra", usage) is not None
    with pytest.raises(errors.AuthError, match="OPENAI_API_KEY"):
        asyncio.run(collect(registry.make(name, Settings(), {}), gated("q")))
