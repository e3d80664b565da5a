"""The providers' batch endpoints alone: both real SDKs against a server that plays both APIs."""

import asyncio
import json
from contextlib import contextmanager

import pytest
from mapping.batch_server import BatchServer, uploaded

from askance.errors import ConfigError, GateError, ProviderError, Unreachable
from askance.gate import Gate
from askance.gate.outbox import Outbox
from askance.providers import registry
from askance.providers.batches import batches, identity
from askance.providers.faults import mapped
from askance.records import GatedPrompt, Message, Prompt
from askance.settings import Settings

NAMES = ("openai", "anthropic")
SECRET = "tok-4fG7hK2mQ9xZ1bN8vC5jL3wR6"


def says(body):
    """What was asked, in capitals."""
    last = body["messages"][-1]["content"]
    return (last if isinstance(last, str) else last[0]["text"]).upper()


def requests(*texts, max_output=50):
    """Gated prompts by id."""
    return {
        f"r{place}": GatedPrompt(
            prompt=Prompt(
                model="m", system="Answer.", messages=(Message(role="user", content=text),), max_output=max_output
            )
        )
        for place, text in enumerate(texts)
    }


def provider(server, name, gate=None):
    """A provider of that name at the server, and the outbox that its requests pass."""
    outbox = Outbox(gate or Gate())
    url = server.base_url if name == "openai" else server.url
    settings = Settings(base_url=url, model=f"{name}:m")
    return registry.make(f"{name}:m", settings, {"ASKANCE_API_KEY": "key-of-the-test"}, outgoing=outbox), outbox


@contextmanager
def endpoint(server, name, gate=None):
    """`run(call)` for a batch endpoint; each call is a function of it."""

    def run(call):
        async def whole():
            talking = batches(provider(server, name, gate)[0])
            try:
                return await call(talking)
            finally:
                await talking.close()

        return asyncio.run(whole())

    yield run


async def everything(talking, texts, begun=lambda _: None):
    """Submit, wait, fetch."""
    batch = await talking.submit(requests(*texts), begun)
    states = [await talking.status(batch)]
    while not states[-1].ended:
        states.append(await talking.status(batch))
    return batch, states, {reply.id: reply async for reply in talking.results(batch)}


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_comes_back_whole(name):
    """Each request has its own answer and its tokens, whatever order the server gives them in."""
    texts = [f"row {number} é\u2028 {'x' * number}" for number in range(30)]
    with BatchServer(says, polls=3) as server, endpoint(server, name) as run:
        begun = []
        batch, states, replies = run(lambda talking: everything(talking, texts, begun.append))
    assert begun == [batch]
    assert [state.ended for state in states] == [False, False, True]
    assert states[-1].total == 30
    assert {id_: reply.text for id_, reply in replies.items()} == {f"r{n}": t.upper() for n, t in enumerate(texts)}
    assert {(reply.usage.input, reply.usage.output) for reply in replies.values()} == {(10, 5)}
    assert server.asked_singly() == 0
    bodies = server.batches[batch].bodies.values()
    assert all("stream" not in body and "stream_options" not in body for body in bodies)


@pytest.mark.parametrize("name", NAMES)
def test_each_failure_is_its_request_s_own(name):
    """A refused one says why, one that expired says that it was never done; one without sense is left out."""
    fates = ["answered", "failed", "expired", "missing", "garbage", "answered"]
    with BatchServer(says, fate=lambda _, place: fates[place]) as server, endpoint(server, name) as run:
        _, _, replies = run(lambda talking: everything(talking, list("abcdef")))
    assert sorted(replies) == ["r0", "r1", "r2", "r5"]
    assert replies["r0"].text == "A"
    assert "too long for this model" in replies["r1"].error
    assert not replies["r1"].undone
    assert replies["r2"].undone
    assert "expired" in replies["r2"].error


def test_a_batch_that_the_server_does_not_like_says_why():
    """OpenAI looks at the file only after it took it."""
    with BatchServer(says, ends="failed") as server, endpoint(server, "openai") as run:
        _, states, replies = run(lambda talking: everything(talking, ["a"]))
    assert states[-1].problem == "the file is not to the server's liking"
    assert replies == {}


@pytest.mark.parametrize("name", NAMES)
def test_cancelling_reaches_the_server(name):
    """And the batch has ended."""

    async def call(talking):
        batch = await talking.submit(requests("a"), lambda _: None)
        await talking.cancel(batch)
        return await talking.status(batch)

    with BatchServer(says, polls=99) as server, endpoint(server, name) as run:
        assert run(call).ended
    assert server.paths()[-1].endswith("/batch_1/cancel")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_paid_for_is_begun_once(name):
    """A connection that breaks while a batch is created is not tried again: the first may have been taken."""
    with BatchServer(says, drops=True) as server, endpoint(server, name) as run, pytest.raises(Unreachable):
        run(lambda talking: talking.submit(requests("a"), lambda _: None))
    assert len(server.batches) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_that_is_being_created_is_not_lost(name):
    """Whoever is stopped at that moment still learns its id."""
    begun = []

    async def call(talking):
        task = asyncio.ensure_future(talking.submit(requests("a"), begun.append))
        await asyncio.to_thread(server.created.wait, 10)
        task.cancel()
        await asyncio.sleep(0.05)
        assert not task.done()
        server.may_answer.set()
        await asyncio.wait((task,))
        return task.cancelled()

    with BatchServer(says) as server, endpoint(server, name) as run:
        server.may_answer.clear()
        assert run(call)
    assert begun == ["batch_1"]


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_is_one_line(name):
    """In the server's own words."""
    refused = pytest.raises(ProviderError, match="batches are not for you")
    with BatchServer(says, refuses=(400, "batches are not for you")) as server, endpoint(server, name) as run, refused:
        run(lambda talking: talking.submit(requests("a"), lambda _: None))


@pytest.mark.parametrize("name", NAMES)
def test_the_gate_sees_every_row_of_a_batch(name):
    """A secret in one of many requests, between lines and beside letters that JSON escapes: nothing leaves."""
    for text in (SECRET, f"é\n{SECRET}\n\u2028"):
        gate = Gate(lambda: [("TEST_KEY", SECRET)])
        texts = [*(f"row {number}" for number in range(40)), text]
        with BatchServer(says) as server, endpoint(server, name, gate) as run:
            with pytest.raises(GateError, match="TEST_KEY"):
                run(lambda talking, texts=texts: everything(talking, texts))
            assert server.requests == []


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_leaves_as_it_was_looked_at(name):
    """The outbox has the very bytes that came, each request of them, and no header more than single requests have."""
    with BatchServer(says) as server:
        made, outbox = provider(server, name)

        async def call():
            talking = batches(made)
            found = await everything(talking, ["a", "b"])
            await talking.close()
            return found

        asyncio.run(call())
    assert [sent.body for sent in outbox.sent] == [seen.body for seen in server.requests]
    wire = b"".join(f"{seen.headers}".encode() + seen.body for seen in server.requests)
    assert b"x-stainless" not in wire
    assert b"Linux" not in wire
    if name == "openai":
        lines = [json.loads(line) for line in uploaded(server.requests[0]).split(b"\n")]
        assert [line["custom_id"] for line in lines] == ["r0", "r1"]
        assert {line["url"] for line in lines} == {"/v1/chat/completions"}


def test_no_other_client_goes_to_batches():
    """And the one for batches goes nowhere else: the last metre refuses both before a byte leaves."""
    with BatchServer(says) as server:
        made, _ = provider(server, "openai")

        async def call(talking, path):
            with mapped(talking._sdk(), talking.find(), "m"):
                await talking._clients.get(talking.find()).post(path, body={"a": 1}, cast_to=object)

        for talking, path in (
            (made, "/batches"),
            (made, "/files"),
            (batches(made), "/chat/completions"),
            (batches(made), "/responses"),
        ):
            with pytest.raises(GateError):
                asyncio.run(call(talking, path))
        assert server.requests == []


@pytest.mark.parametrize(
    "answer", [None, {}, {"id": 7}, {"id": "../v1/files"}, {"id": "a/b"}, {"id": ""}, {"id": "x" * 300}, []]
)
def test_an_id_that_is_none_goes_into_no_address(answer):
    """A server does not choose where we go."""
    with pytest.raises(ProviderError):
        identity(answer)


def test_a_provider_without_batches_says_so():
    """One line, with those that have them."""
    for name in ("ollama:x", "local", "gemini", "openai-responses"):
        made = registry.make(name, Settings(), {})
        with pytest.raises(ConfigError, match=r"no batch endpoint\. .*openai:\.\.\. and anthropic:"):
            batches(made)
