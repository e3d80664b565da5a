"""Both SDKs against a real llama.cpp server with the embedded model."""

import asyncio
import http.client
import json
import os
from urllib.parse import urlsplit

import pytest
from fixtures_models import BOTH, collect, gated, text

from askance.errors import AuthError, ContextTooLong, NoTools
from askance.local import probe, state
from askance.providers import registry
from askance.records import CallChunk, EndChunk, Message, TextChunk, ToolCall, ToolResult, UsageChunk
from askance.settings import Settings
from askance.tokens import estimate

from .calling import offered

SYSTEM = "You answer questions about a data frame with columns date, region and revenue. " * 12


def real(protocol, server, key=None):
    """A provider for the real server."""
    environ = {
        "OPENAI_BASE_URL": server.url,
        "OPENAI_API_KEY": key or server.key,
        "ANTHROPIC_BASE_URL": server.url.removesuffix("/v1"),
        "ANTHROPIC_API_KEY": key or server.key,
    }
    return registry.make(protocol, Settings(), environ)


@BOTH
def test_a_real_answer_streams_in_many_pieces_and_ends(protocol, local_server):
    """More than a few pieces of text, a count of tokens, one end mark at the end."""
    chunks = asyncio.run(
        collect(real(protocol, local_server), gated("Write a long story about a dog and the sea.", max_output=20))
    )
    pieces = [chunk for chunk in chunks if isinstance(chunk, TextChunk)]
    usage = [chunk.usage for chunk in chunks if isinstance(chunk, UsageChunk)][-1]
    assert len(pieces) >= 5
    assert text(chunks).strip()
    assert 0 < usage.output <= 20
    assert usage.input > 0
    assert [isinstance(chunk, EndChunk) for chunk in chunks].count(True) == 1
    assert isinstance(chunks[-1], EndChunk)


@BOTH
def test_a_second_question_uses_the_prefix_cache(protocol, local_server):
    """The same instructions again: most of the input is reported as cached."""

    async def twice():
        provider = real(protocol, local_server)
        return [await collect(provider, gated(f"Question {n}?", SYSTEM, max_output=3)) for n in "ab"]

    usage = [chunk.usage for chunk in asyncio.run(twice())[1] if isinstance(chunk, UsageChunk)][-1]
    assert usage.cached > usage.input / 2
    assert usage.input > 150


@BOTH
def test_a_real_server_refuses_a_wrong_key(protocol, local_server):
    """The error comes from the server itself."""
    with pytest.raises(AuthError) as caught:
        asyncio.run(collect(real(protocol, local_server, "wrong-key"), gated("q")))
    assert "wrong-key" not in str(caught.value)


@BOTH
def test_a_real_server_refuses_what_is_too_long(protocol, local_server):
    """More than its window: our error, with the flag that makes it smaller."""
    with pytest.raises(ContextTooLong, match="-b"):
        asyncio.run(collect(real(protocol, local_server), gated("word " * 12_000)))


def looking(content="", arguments='{"path": "utils.py"}'):
    """A question, the call that it led to, and what that gave."""
    asked = Message(role="user", content="What is in utils.py?")
    called = Message(
        role="assistant", content=content, calls=(ToolCall(id="c1", name="read_file", arguments=arguments),)
    )
    told = ToolResult(id="c1", text="def mean(x): return sum(x) / len(x)")
    return (asked, called, Message(role="user", content="", results=(told,)))


@BOTH
@pytest.mark.parametrize("may_call", [True, False])
def test_a_real_server_takes_tools_calls_and_results(protocol, may_call, local_server):
    """It answers with text or with calls, in the first round and in the second, and ends as it should."""
    provider = real(protocol, local_server)

    async def both():
        first = await collect(provider, offered(max_output=20))
        return [first, await collect(provider, offered(messages=looking(), max_output=20, may_call=may_call))]

    for chunks in asyncio.run(both()):
        assert any(isinstance(chunk, TextChunk | CallChunk) for chunk in chunks)
        assert isinstance(chunks[-1], EndChunk)
        assert [isinstance(chunk, EndChunk) for chunk in chunks].count(True) == 1


@BOTH
def test_a_real_server_takes_whatever_a_model_called_with(protocol, local_server):
    """Arguments that are no JSON go back in a form that it reads, before words and without."""
    provider = real(protocol, local_server)
    for arguments in ("", '{"path": ', "[]", '{"path": "\\ud83d"}'):
        request = offered(messages=looking(arguments=arguments), max_output=3)
        assert isinstance(asyncio.run(collect(provider, request))[-1], EndChunk)


def test_the_embedded_model_says_that_it_takes_no_tools(gguf, tmp_path):
    """Its template has no place for them, so its server would leave them out in silence; without tools it answers."""
    environ = {**os.environ, "ASKANCE_CACHE_DIR": str(tmp_path)}
    provider = registry.make("local", Settings(local_model=str(gguf)), environ)
    path = state.state_file(tmp_path / "local", gguf)

    async def asked():
        with pytest.raises(NoTools, match="Ask without --tools"):
            await collect(provider, offered(max_output=3))
        chunks = await collect(provider, gated("Hello", max_output=3))
        await provider.close()
        return chunks

    try:
        assert isinstance(asyncio.run(asked())[-1], EndChunk)
    finally:
        path.unlink(missing_ok=True)


def test_a_server_that_does_not_say_is_asked_with_tools(local_server):
    """Nobody is there, or another key is needed: that is for the request itself to find out."""
    port = urlsplit(local_server.url).port
    assert not probe.takes_tools(port, local_server.key)
    assert probe.takes_tools(port, "wrong-key")
    assert probe.takes_tools(9, local_server.key)


SAMPLES = {
    "prose": "It was a bright cold day in April, and the clocks were striking thirteen. Nobody knew why, of course. "
    * 6,
    "report": "Revenue fell by 3.4 % in Q2 2026 (from 1,204 to 1,163 kEUR), mainly in the north; see notes [3] and [7]. "
    * 6,
    "code": "def total(frame: pd.DataFrame, by: str = 'region') -> pd.Series:\n"
    '    """Sum the revenue."""\n    return frame.groupby(by)["revenue"].sum().sort_values(ascending=False)\n\n' * 6,
    "numbers": "\n".join(f"{i:3d}  {i * 1.618:10.4f}  {i**3 * 0.577:12.3f}  {-i / 7:9.5f}" for i in range(40)),
    "csv": "date,region,revenue\n" + "\n".join(f"2026-0{i % 9 + 1}-1{i % 10},north,{i * 97.31:.2f}" for i in range(40)),
    "json": json.dumps(
        [{"id": i, "name": f"item-{i}", "tags": ["a", "b"], "price": i * 9.99, "ok": None} for i in range(20)]
    ),
    "traceback": 'Traceback (most recent call last):\n  File "cell.py", line 3, in <module>\n    df["x"] / df["y"]\nKeyError: \'x\'\n'
    * 6,
    "german": "Überprüfen Sie bitte, ob die Größe der Tabelle mit den täglichen Umsätzen übereinstimmt. " * 6,
    "russian": "Объясните, почему столбец выручки содержит отрицательные значения. " * 6,
    "chinese": "请解释为什么这个数据框的收入列出现了负值，并给出修正的代码示例。" * 6,
    "emoji": "Great 🎉🎉 work 🚀 on the 🧪 data 📊! " * 10,
    "ruler": "=" * 60 + "\n" + ("-" * 20 + " section " + "-" * 20 + "\n") * 8,
}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_estimate_is_near_the_real_tokenizer(name, local_server):
    """From 0.9 to 1.6 of the true count, on every kind of text that goes into a prompt."""
    true = _tokens(local_server, SAMPLES[name])
    assert 0.9 <= estimate(SAMPLES[name]) / true <= 1.6


def _tokens(server, content):
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port)
    head = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
    connection.request("POST", "/tokenize", json.dumps({"content": content}), head)
    tokens = json.loads(connection.getresponse().read())["tokens"]
    connection.close()
    return len(tokens)
