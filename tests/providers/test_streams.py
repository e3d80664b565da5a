"""What both doors send, byte for byte, and what they give back."""

import asyncio
import json
import os
from contextlib import aclosing

import pytest
from fixtures_models import BOTH, collect, gated, make, text
from scripted_server import Reply, ScriptedServer

from askance.providers import registry
from askance.records import EndChunk, GatedPrompt, Message, Prompt, TextChunk, Usage, UsageChunk
from askance.settings import Settings

HARD = (
    "{braces} {0} {{}} $HOME ${x} %s %(a)d \"double\" 'single' `tick` \\n \\ \t\u200b 🎉 naïve 漢字 </context>\n\nend "
)


def _words(content):
    """A message's text; its last one is marked for Anthropic's prefix cache."""
    if isinstance(content, str):
        return content
    (block,) = content
    assert block["cache_control"] == {"type": "ephemeral"}
    return block["text"]


def _messages(body):
    """The messages of a request; responses call them input."""
    return body["messages"] if "messages" in body else body["input"]


@BOTH
def test_the_question_arrives_byte_for_byte(protocol):
    """Braces, dollars, per cents, quotes, control characters and emoji: system, history and question alike."""
    messages = (
        Message(role="user", content=HARD),
        Message(role="assistant", content=HARD),
        Message(role="user", content=HARD),
    )
    request = GatedPrompt(prompt=Prompt(model="m", system=HARD, messages=messages, max_output=77))
    with ScriptedServer([Reply([HARD])]) as server:
        answer = asyncio.run(collect(make(protocol, server), request))
        body = server.asked[0].json
    said = [_words(message["content"]) for message in _messages(body)]
    assert said == [HARD] * (4 if protocol == "openai" else 3)
    assert text(answer) == HARD
    assert body["max_output_tokens" if protocol == "openai-responses" else "max_tokens"] == 77
    assert "temperature" not in body
    if protocol == "openai-responses":
        assert (body["instructions"], body["store"]) == (HARD, False)
    if protocol == "anthropic":
        assert body["system"] == [{"type": "text", "text": HARD, "cache_control": {"type": "ephemeral"}}]


@BOTH
def test_chunks_are_text_piece_by_piece_then_usage_then_the_end(protocol):
    """One chunk for each piece the server sends; the last usage holds; the end mark is last."""
    with ScriptedServer([Reply(["a", "b", " c"], usage=(12, 3, 8))]) as server:
        chunks = asyncio.run(collect(make(protocol, server), gated("q")))
    assert [chunk for chunk in chunks if isinstance(chunk, TextChunk)] == [
        TextChunk("a"),
        TextChunk("b"),
        TextChunk(" c"),
    ]
    assert [c.usage for c in chunks if isinstance(c, UsageChunk)][-1] == Usage(input=12, output=3, cached=8)
    assert chunks[-1] == EndChunk("stop")


@BOTH
def test_an_answer_cut_by_its_limit_says_so(protocol):
    """The reason of the end is kept."""
    with ScriptedServer([Reply(["a"], reason="length")]) as server:
        assert asyncio.run(collect(make(protocol, server), gated("q")))[-1] == EndChunk("length")


def test_a_server_that_does_not_count_is_fine():
    """No usage: no usage chunk, and a good end."""
    with ScriptedServer([Reply(["a"], usage=None)]) as server:
        assert asyncio.run(collect(make("openai", server), gated("q"))) == [TextChunk("a"), EndChunk("stop")]


@BOTH
def test_the_temperature_is_sent_when_set(protocol):
    """0.0 is a temperature too."""
    prompt = Prompt(model="m", system="", messages=(Message(role="user", content="q"),), temperature=0.0)
    with ScriptedServer([Reply(["a"])]) as server:
        asyncio.run(collect(make(protocol, server), GatedPrompt(prompt=prompt)))
        body = server.asked[0].json
    assert body["temperature"] == 0.0
    assert "system" not in body
    assert "instructions" not in body
    assert [message["role"] for message in _messages(body)] == ["user"]


def test_only_openai_itself_gets_the_new_name_of_the_limit():
    """Its newer models reject `max_tokens`; other servers know nothing else."""
    from askance.providers.endpoint import Endpoint
    from askance.providers.openai import _request

    prompt = gated("q").prompt
    own = _request(prompt, "m", Endpoint(provider="openai", base_url="https://api.openai.com/v1"))
    other = _request(prompt, "m", Endpoint(provider="server", base_url="http://localhost:1/v1"))
    assert (own["max_completion_tokens"], "max_tokens" in own) == (24, False)
    assert (other["max_tokens"], "max_completion_tokens" in other) == (24, False)


def test_a_server_without_a_named_model_is_asked_for_its_first():
    """A provider named alone means what its server has loaded."""
    with ScriptedServer([Reply(["a"])], models=("loaded-one", "other")) as server:
        provider = registry.make("server", Settings(base_url=server.base_url), {})
        asyncio.run(collect(provider, gated("q", model="")))
        assert server.asked[0].json["model"] == "loaded-one"


@BOTH
def test_closing_the_iterator_closes_the_socket(protocol):
    """The server sees it while it is still busy answering."""

    async def take_one(provider):
        async with aclosing(provider.stream(gated("q"))) as chunks:
            async for chunk in chunks:
                if isinstance(chunk, TextChunk):
                    return chunk
        return None

    with ScriptedServer([Reply(["a", 60.0, "b"])]) as server:
        assert asyncio.run(take_one(make(protocol, server))) == TextChunk("a")
        assert server.asked[0].closed_early.wait(5)
        assert not server.asked[0].answered.is_set()


@BOTH
@pytest.mark.parametrize("steps", [[60.0], ["a", 60.0]], ids=["before the first token", "in the middle"])
def test_cancelling_the_task_closes_the_socket(protocol, steps):
    """Wherever the ask is, the server sees the client go, and nothing but the cancellation comes out."""

    async def cancelled(provider, server):
        task = asyncio.ensure_future(collect(provider, gated("q")))
        while not server.asked:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await asyncio.to_thread(server.asked[0].closed_early.wait, 5)

    with ScriptedServer([Reply(steps)]) as server:
        assert asyncio.run(cancelled(make(protocol, server), server))
        assert len(server.asked) == 1


@BOTH
def test_interleaved_streams_of_one_provider_are_independent(protocol):
    """No state of a stream lives on the provider."""

    async def both(provider):
        return await asyncio.gather(*(collect(provider, gated(q)) for q in "ab"))

    with ScriptedServer([Reply(["1", 0.05, "2"]), Reply(["x", 0.05, "y"])]) as server:
        answers = asyncio.run(both(make(protocol, server)))
    assert sorted(text(answer) for answer in answers) == ["12", "xy"]


@BOTH
def test_one_provider_serves_one_loop_after_another(protocol):
    """A client belongs to the loop that opened it; a new loop gets a new one."""
    with ScriptedServer([Reply(["a"])]) as server:
        provider = make(protocol, server)
        answers = [text(asyncio.run(collect(provider, gated("q")))) for _ in range(3)]
    assert answers == ["a", "a", "a"]


@BOTH
def test_only_the_given_environment_counts(protocol, monkeypatch):
    """Keys and organisations of the process's own environment are not sent to a server set up with another."""
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "ambient-secret")
    with ScriptedServer([Reply(["a"])]) as server:
        environ = {"ANTHROPIC_BASE_URL": server.anthropic_url, "OPENAI_BASE_URL": server.base_url}
        asyncio.run(collect(registry.make(protocol, Settings(), environ), gated("q")))
        assert "ambient-secret" not in json.dumps(server.asked[0].headers)


def test_organisation_and_project_go_to_openai():
    """The SDK's own variables work, read from the given environment."""
    with ScriptedServer([Reply(["a"])]) as server:
        environ = {
            "OPENAI_API_KEY": "k",
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_ORG_ID": "o",
            "OPENAI_PROJECT_ID": "p",
        }
        asyncio.run(collect(registry.make("openai", Settings(), environ), gated("q")))
        headers = server.asked[0].headers
    assert (headers["openai-organization"], headers["openai-project"]) == ("o", "p")


def test_a_proxy_is_not_asked_for_this_machine(monkeypatch):
    """Loopback never goes through a proxy of the environment."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert os.environ["HTTP_PROXY"]
    with ScriptedServer([Reply(["a"])]) as server:
        assert text(asyncio.run(collect(make("openai", server), gated("q")))) == "a"


@BOTH
def test_warming_sends_nothing(protocol):
    """Not a byte of the user's goes out before the first ask."""
    with ScriptedServer([Reply(["a"])]) as server:
        asyncio.run(make(protocol, server).warm())
        assert server.requests == []
