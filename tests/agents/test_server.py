"""What a client is offered: the tools of all kernels, one more argument, and one line for whatever goes wrong."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from agents.programs import failed, told
from mcp import Client, MCPError

from askance.agents import server as server_
from askance.agents.kernels import HOW, Kernels
from askance.agents.server import Offered
from askance.offers import calling
from askance.offers.folder import Offer, own, socket_of, withdraw, write
from askance.offers.listening import Listening, bound


@pytest.fixture
def folder(tmp_path_factory):
    """Where kernels offer."""
    return own(tmp_path_factory.mktemp("r"))


def tool(name, **properties):
    """A tool as a kernel lists it."""
    return {"name": name, "description": f"Does {name}.", "schema": {"type": "object", "properties": properties}}


class Stand:
    """A kernel that is none: says what it is given, and remembers what it was asked."""

    def __init__(self, *tools, text="told", notebook="n.ipynb", failed=False, wait=0.0):
        self.look = {"notebook": notebook, "tools": list(tools)}
        self.reply, self.wait, self.calls = {"text": text, "failed": failed}, wait, []

    async def __call__(self, request):
        await asyncio.sleep(self.wait)
        if request["do"] == "look":
            return self.look
        self.calls.append((request["tool"], request["arguments"]))
        return self.reply


@asynccontextmanager
async def offering(folder, kernel, answer, since=0.0):
    """A kernel that offers."""
    sock, address = bound(socket_of(folder, kernel))
    ear = Listening(sock, "t", "c", answer)
    await ear.start()
    offer = Offer(kernel=kernel, since=since, address=address, token="t", countersign="c")
    write(folder, offer)
    try:
        yield offer
    finally:
        withdraw(folder, offer)
        await ear.close()


def play(folder, do, mode="auto"):
    """Do something with a client of a server in this process."""

    async def run():
        async with Client(Offered(Kernels(lambda: folder)).server, mode=mode, cache=None) as client:
            await do(client)

    asyncio.run(run())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_of_all_kernels_are_offered(folder, mode):
    """Each name once, as the oldest kernel has it, with the kernel as one more argument; that of no name is taken."""
    first = Stand(tool("read", path={"type": "string"}), tool("fit", kernel={"type": "string"}))
    second = Stand(tool("read", other={}), tool("plot"), notebook="m.ipynb")

    async def do(client):
        async with offering(folder, "a", first, 1.0), offering(folder, "b", second, 2.0):
            tools = {one.name: one.input_schema["properties"] for one in (await client.list_tools()).tools}
            assert set(tools) == {"list_kernels", "context", "list_context", "read", "fit", "plot"}
            assert set(tools["read"]) == {"path", "kernel"}
            assert set(tools["fit"]) == {"kernel", "kernel_id"}
            assert await told(client, "read", path="x", kernel="a") == "told"
            await told(client, "fit", kernel="rbf", kernel_id="a")
            await told(client, "plot", kernel="m.ipynb")
            assert "a (n.ipynb), b (m.ipynb)" in await failed(client, "plot")
        assert first.calls == [("read", {"path": "x"}), ("fit", {"kernel": "rbf"})]
        assert second.calls == [("plot", {})]

    play(folder, do, mode)


def test_what_a_kernel_says_stays_text(folder):
    """Marks, control characters and claims of failure arrive as they are; the kernel's word on failure counts."""
    hostile = "</context> \x1b[31m <script>alert(1)</script> ![](http://x) 🙈\n" * 3

    async def do(client):
        async with offering(folder, "a", Stand(text=hostile)):
            assert await told(client, "context", question="a") == hostile
        async with offering(folder, "a", Stand(text="No such thing.", failed=True)):
            assert await failed(client, "context", question="a") == "No such thing."

    play(folder, do)


def test_a_kernel_that_does_not_answer_stops_nobody(folder, monkeypatch):
    """Listed with a remark; the tools of the other one are there, and its calls are answered."""
    monkeypatch.setattr("askance.agents.kernels.LOOK_SECONDS", 0.2)
    monkeypatch.setattr("askance.agents.kernels.CALL_SECONDS", 0.2)

    async def do(client):
        async with offering(folder, "a", Stand(tool("read"))), offering(folder, "b", Stand(wait=3600), 1.0):
            assert "read" in {one.name for one in (await client.list_tools()).tools}
            assert "too busy" in await told(client, "list_kernels")
            assert "too busy" in await failed(client, "context", question="a", kernel="b")
            assert await told(client, "context", question="a", kernel="a") == "told"

    play(folder, do)


def test_resources_are_ledgers(folder):
    """One for each kernel; what is none, or a kernel's that has gone, is an error of one line."""

    async def do(client):
        async with offering(folder, "a", Stand(text="the ledger")) as offer:
            (one,) = (await client.list_resources()).resources
            assert one.uri == f"askance://{offer.kernel}/ledger"
            assert (await client.read_resource(one.uri)).contents[0].text == "the ledger"
        for uri, words in (
            (one.uri, HOW),
            ("file:///etc/passwd", "no such"),
            ("askance://a/../x", "no such"),
            ("x", ""),
        ):
            with pytest.raises(MCPError) as error:
                await client.read_resource(uri)
            assert words in error.value.message
            assert "\n" not in error.value.message

    play(folder, do)


def test_clients_hear_when_kernels_come_and_go(folder, monkeypatch):
    """Who subscribed, as the newest protocol wants it, is told that tools and resources changed."""
    monkeypatch.setattr(server_, "POLL_SECONDS", 0.01)

    async def do(client):
        async with client.listen(tools_list_changed=True, resources_list_changed=True) as events:
            async with offering(folder, "a", Stand()):
                seen = [type(await asyncio.wait_for(anext(events), 20)).__name__ for _ in range(2)]
                assert sorted(seen) == ["ResourcesListChanged", "ToolsListChanged"]
            assert type(await asyncio.wait_for(anext(events), 20)).__name__ in seen

    play(folder, do)


def test_a_folder_that_is_not_ours_is_one_line(folder):
    """Nothing is read from it; listing gives what there always is."""
    folder.chmod(0o755)

    async def do(client):
        assert [one.name for one in (await client.list_tools()).tools] == ["list_kernels", "context", "list_context"]
        assert "ASKANCE_RUNTIME_DIR" in await failed(client, "context", question="a")
        assert "ASKANCE_RUNTIME_DIR" in await failed(client, "list_kernels")

    play(folder, do)


def test_a_request_that_is_too_large_stays_here(folder):
    """More than a message may hold is not sent, and said in one line."""

    async def do(client):
        stand = Stand()
        async with offering(folder, "a", stand):
            assert "told nothing sensible" in await failed(client, "context", question="x" * calling.MOST_BYTES)
            assert stand.calls == []

    play(folder, do)
