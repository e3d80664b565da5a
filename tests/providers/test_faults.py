"""Every fault of a server, through both SDKs: the right error, one line, a hint, no key."""

import asyncio
import random
import traceback

import pytest
from fixtures_models import BOTH, collect, gated, make
from scripted_server import Reply, ScriptedServer, error, stream_bytes

from askance import errors
from askance.providers import registry
from askance.records import EndChunk, TextChunk
from askance.settings import Settings

KEYS = ("key-openai-0123456789", "key-anthropic-0123456789")
PAGE = Reply(body=b"<html><body>Log in to the hotel's network</body></html>", headers={"Content-Type": "text/html"})
ELSEWHERE = Reply(status=307, headers={"Location": "http://127.0.0.2:9/v1/elsewhere"})
LEAKY = "Incorrect key provided: key-openai-0123456789 key-anthropic-0123456789 sk-proj-abcdefghijk"

FAULTS = {
    "401": (error(401, LEAKY), errors.AuthError, "%env"),
    "403": (error(403, LEAKY), errors.AuthError, "%env"),
    "400 that repeats the key": (error(400, LEAKY), errors.ProviderError, "Askance"),
    "400 for the key, in Gemini's words": (error(400, "API key not valid."), errors.AuthError, "%env"),
    "404 model": (
        error(404, "The model `m` does not exist", "not_found_error"),
        errors.UnknownModel,
        "-m provider:model",
    ),
    "404 path": (Reply(status=404, body=b'{"detail":"Not Found"}'), errors.ProviderError, "address"),
    "413": (error(413, "Request too large"), errors.ContextTooLong, "-b"),
    "400 too long": (error(400, "maximum context length is 4096 tokens"), errors.ContextTooLong, "-b"),
    "400 too long, in Anthropic's words": (
        error(400, "prompt is too long: 9 tokens > 8 maximum"),
        errors.ContextTooLong,
        "-b",
    ),
    "429": (error(429, "slow down", **{"retry-after-ms": "1"}), errors.RateLimited, "Wait"),
    "429 no credit": (
        error(429, "You exceeded your current quota", **{"x-should-retry": "false"}),
        errors.RateLimited,
        "-m",
    ),
    "500": (error(500, "boom", **{"retry-after-ms": "1"}), errors.ProviderError, "again"),
    "529": (error(529, "Overloaded", **{"retry-after-ms": "1"}), errors.ProviderError, "again"),
    "500 as a page": (
        Reply(status=502, body=b"<html>Bad", headers={"retry-after-ms": "1"}),
        errors.ProviderError,
        "again",
    ),
    "redirect": (ELSEWHERE, errors.ProviderError, "base_url"),
    "a page with status 200": (PAGE, errors.Unreachable, "network"),
    "cut without its end mark": (Reply(["par", "tial"], end=False), errors.BrokenStream, "again"),
    "nothing at all": (Reply([], end=False), errors.BrokenStream, "again"),
    "reset in the middle": (Reply(["partial", 0.05], reset=True), errors.BrokenStream, "again"),
    "silent in the middle": (Reply(["partial", 30.0]), errors.BrokenStream, "again"),
    "broken JSON": (Reply(["partial", b'event: message_delta\ndata: {"a": \n\n']), errors.BrokenStream, "again"),
    "broken UTF-8": (Reply(["partial", b'event: message_delta\ndata: "\xff\xfe"\n\n']), errors.BrokenStream, "again"),
    "a number": (Reply(["partial", b"event: message_delta\ndata: 42\n\n"]), errors.BrokenStream, "again"),
    "null": (Reply(["partial", b"event: message_delta\ndata: null\n\n"]), errors.BrokenStream, "again"),
    "a list": (Reply(["partial", b"event: message_delta\ndata: []\n\n"]), errors.BrokenStream, "again"),
    "an error in the stream": (
        Reply(
            [
                "partial",
                b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
            ]
        ),
        errors.BrokenStream,
        "again",
    ),
    "an endless line": (Reply(["partial", *[b"x" * 65536] * 40, 30.0]), errors.BrokenStream, "address"),
    "refused by the filter": (Reply(["partial"], reason="content_filter"), errors.ProviderError, "other words"),
}


@BOTH
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_line_with_a_hint_and_without_the_key(protocol, name):
    """The class says what happened, the line what to type; at most two retries; nothing foreign gets out."""
    reply, kind, hint = FAULTS[name]
    with ScriptedServer([reply]) as server:
        with pytest.raises(errors.AskanceError) as caught:
            asyncio.run(collect(make(protocol, server, idle_timeout=0.5), gated("q")))
        assert 1 <= len(server.asked) <= 3
        key = server.asked[0].headers["authorization"].removeprefix("Bearer ")
    line = str(caught.value)
    assert type(caught.value) is kind
    assert hint.lower() in line.lower()
    assert "\n" not in line
    everything = line + "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert key in KEYS
    assert key not in everything
    assert "sk-proj-abc" not in everything


@BOTH
@pytest.mark.parametrize("name", [name for name, (reply, *_) in FAULTS.items() if "partial" in reply.steps])
def test_the_part_that_arrived_is_kept(protocol, name):
    """What came before the fault was yielded before the error was raised."""
    seen = []

    async def read(provider):
        async for chunk in provider.stream(gated("q")):
            seen.append(chunk)

    with ScriptedServer([FAULTS[name][0]]) as server, pytest.raises(errors.AskanceError):
        asyncio.run(read(make(protocol, server, idle_timeout=0.5)))
    assert TextChunk("partial") in seen


@BOTH
def test_a_prompt_is_not_sent_where_a_redirect_points(protocol):
    """The server that is pointed at gets no request."""
    with ScriptedServer([Reply(["a"])]) as elsewhere:
        reply = Reply(status=307, headers={"Location": elsewhere.base_url + "/chat/completions"})
        with ScriptedServer([reply]) as server, pytest.raises(errors.ProviderError, match="redirects"):
            asyncio.run(collect(make(protocol, server), gated("secret question")))
        assert elsewhere.requests == []


@BOTH
def test_a_server_that_never_answers_is_given_up(protocol):
    """Silence before the first byte is `Unreachable`, after at most two retries."""
    with ScriptedServer([Reply(silent=30.0)]) as server:
        with pytest.raises(errors.Unreachable, match=r"0\.2 s"):
            asyncio.run(collect(make(protocol, server, idle_timeout=0.2), gated("q")))
        assert 1 <= len(server.asked) <= 3


@pytest.mark.parametrize(
    ("name", "hint"), [("ollama", "ollama serve"), ("server", "base_url"), ("lmstudio", "lms server start")]
)
def test_a_server_that_does_not_run_says_how_to_start_it(name, hint):
    """Refused connections name the address and what to type."""
    settings = Settings(model=f"{name}:m", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(errors.Unreachable) as caught:
        asyncio.run(collect(registry.make(name, settings, {}), gated("q")))
    assert "127.0.0.1:9" in str(caught.value)
    assert hint in str(caught.value)


@pytest.mark.parametrize("key", ["schlüssel", "two\nlines"])
def test_a_key_that_cannot_be_sent_is_refused_without_showing_it(key):
    """A pasted line break or letter is the key's fault, not the network's."""
    provider = registry.make("openai", Settings(), {"OPENAI_API_KEY": key, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"})
    with pytest.raises(errors.AuthError) as caught:
        asyncio.run(collect(provider, gated("q")))
    assert key not in str(caught.value)


def test_a_password_in_an_address_is_not_shown():
    """Addresses may carry one; error lines do not."""
    settings = Settings(base_url="http://user:pass-word@127.0.0.1:9/v1")
    with pytest.raises(errors.Unreachable, match=r"127\.0\.0\.1:9") as caught:
        asyncio.run(collect(registry.make("server", settings, {}), gated("q", model="m")))
    assert "pass-word" not in str(caught.value)


@BOTH
def test_a_refused_key_is_named(protocol):
    """The line says which variable to set again."""
    with ScriptedServer([error(401, "no")]) as server, pytest.raises(errors.AuthError) as caught:
        asyncio.run(collect(make(protocol, server), gated("q")))
    assert f"%env {protocol.upper().removesuffix('-RESPONSES')}_API_KEY=" in str(caught.value)


@BOTH
def test_damaged_streams_give_our_errors_or_a_whole_answer(protocol):
    """Two hundred streams with random damage: nothing foreign gets out, and an end mark comes only at the end."""
    chance = random.Random(2)
    whole = stream_bytes(Reply(["Hello", " wor", "ld"]), protocol)
    replies = [Reply([_damaged(whole, chance)], end=False, raw=True) for _ in range(200)]

    async def ask_all(server):
        provider = make(protocol, server, idle_timeout=2.0)
        outcomes = []
        for _ in replies:
            try:
                outcomes.append(await collect(provider, gated("q")))
            except errors.AskanceError as fault:
                outcomes.append(fault)
        return outcomes

    with ScriptedServer(replies) as server:
        outcomes = asyncio.run(ask_all(server))
        assert len(server.asked) == len(replies)
    faults = [outcome for outcome in outcomes if isinstance(outcome, errors.AskanceError)]
    assert len(faults) > 50
    assert all("\n" not in str(fault) for fault in faults)
    for chunks in (outcome for outcome in outcomes if isinstance(outcome, list)):
        assert [place for place, chunk in enumerate(chunks) if isinstance(chunk, EndChunk)] == [len(chunks) - 1]


def _damaged(whole, chance):
    """Cut, overwritten, doubled or with bytes taken out."""
    start, size = chance.randrange(len(whole)), chance.randrange(1, 30)
    junk = chance.choice([b"null", b"{}", b"[]", b"\n\n", b"\xff", b'"', b"data: ", bytes(chance.randbytes(8))])
    cases = [
        whole[:start],
        whole[:start] + whole[start + size :],
        whole[:start] + junk + whole[start + size :],
        whole[:start] + whole,
    ]
    return chance.choice(cases)
