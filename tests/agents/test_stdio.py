"""`askance mcp` over standard input and output, driven by the SDK's own client, with real kernels."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys

import pytest
from agents.programs import COMMAND, environ, failed, told, with_stdio
from kernel.live import Kernel

from askance.agents.kernels import HOW

SECRET = "sk-" + "proj-" + "Zx81Qm" * 7
SETUP = f"sales = [101, 202]\ncustomers = {{'-'.join(('key', 'of', 'bob')): 1}}\nkey = {SECRET!r}\nmail = 'jane.doe' + '@acme-works.com'"


@pytest.fixture
def home(tmp_path_factory):
    """A short path: those of sockets may not be long."""
    home = tmp_path_factory.mktemp("h")
    (home / "work").mkdir()
    return home


@pytest.fixture
def kernel(home):
    """Starts kernels that offer, and ends them."""
    started = []

    def start(*cells, notebook="sales.ipynb"):
        named = {"JPY_SESSION_NAME": str(home / "work" / notebook)}
        started.append(Kernel(home, ASKANCE_RUNTIME_DIR=str(home / "run"), OPENAI_API_KEY=SECRET))
        started[-1]._environ |= named
        running = started[-1].__enter__()
        for cell in ("%load_ext askance", *cells, "%config Askance.mcp = True"):
            assert not running.run(cell).contents("error")
        return running

    yield start
    for running in started:
        running.__exit__()


def test_a_program_sees_what_a_question_would_take_along(home, kernel):
    """Variables and names; no secret, nothing muted; all tools read only; a ledger to read; and gone when unloaded."""

    async def play(session):
        assert (await failed(session, "context", question="what is @sales?")).endswith(HOW)
        assert [tool.name for tool in (await session.list_tools()).tools] == ["list_kernels", "context", "list_context"]
        running = kernel(SETUP, "%ctx mute customers")
        tools = (await session.list_tools()).tools
        assert all(tool.annotations.read_only_hint and "Jupyter" in tool.description for tool in tools[:3])
        assert all(tool.annotations.read_only_hint for tool in tools)
        offered = {tool.name for tool in tools}
        assert offered >= {"inspect_variable", "read_cell", "read_file", "search_project", "git_log", "package_docs"}
        assert not {"run_python", "write_cell"} & offered
        assert "run_python" in await failed(session, "run_python", code="sales.append(1)")
        assert "[101, 202]" in await told(session, "inspect_variable", name="sales")
        assert SECRET not in await told(session, "inspect_variable", name="key")
        assert "key-of-bob" not in await failed(session, "inspect_variable", name="customers")
        assert "json.dumps" in await told(session, "package_docs", name="json.dumps")
        assert "sales.ipynb" in await told(session, "list_kernels")
        context = await told(session, "context", question="what are @sales, @key, @mail and @customers?", budget=3000)
        assert "[101, 202]" in context
        assert SECRET not in context
        names = await told(session, "list_context", question="what is here?")
        assert "variables:sales" in names
        assert "customers" not in names
        assert "key-of-bob" not in context + names
        (ledger,) = (await session.list_resources()).resources
        (content,) = (await session.read_resource(ledger.uri)).contents
        assert "variables:sales" in content.text
        assert "told to other programs: 8 calls" in running.run("%ctx").printed
        running.run("%unload_ext askance")
        assert HOW in await failed(session, "context", question="what is @sales?")
        assert (await session.list_resources()).resources == []

    with_stdio(home, play)


def test_of_two_kernels_one_has_to_be_named(home, kernel):
    """By its id or its notebook; who comes and goes is told to the client; one killed in the middle of a call is a line."""
    heard = []

    async def play(session):
        await session.list_tools()
        kernel("which = 'the first'", notebook="one.ipynb")
        await told(session, "context", question="@which")
        second = kernel("which = 'the second'", notebook="two.ipynb")
        line = await failed(session, "context", question="@which")
        assert "one.ipynb" in line
        assert "two.ipynb" in line
        first_id, second_id = [one.partition(" ")[0] for one in (await told(session, "list_kernels")).splitlines()]
        assert "'the first'" in await told(session, "context", question="@which", kernel=first_id)
        assert "'the second'" in await told(session, "context", question="@which", kernel="two.ipynb")
        assert "No kernel 'three' offers" in await failed(session, "context", question="@which", kernel="three")
        # A process that is stopped takes calls, and answers none.
        process = second.manager.provisioner.pid
        os.kill(process, signal.SIGSTOP)
        call = asyncio.create_task(failed(session, "context", question="@which", kernel=second_id))
        await asyncio.sleep(0.5)
        os.kill(process, signal.SIGKILL)
        assert "ended" in await call
        while len((await told(session, "list_kernels")).splitlines()) > 1:  # its sockets go one after the other
            await asyncio.sleep(0.05)
        assert "'the first'" in await told(session, "context", question="@which")  # the only one again
        for _ in range(100):
            if sum("tools/list_changed" in str(message) for message in heard):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(heard)

    with_stdio(home, play, heard)


def test_garbage_on_its_input_does_not_end_it(home):
    """Lines that are no messages, calls of what does not exist: it answers the next request; it ends with its input."""
    start = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    lines = [
        b"garbage",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": start}).encode(),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}).encode(),
        b'{"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": 7}}',
        b'{"jsonrpc": "2.0", "id": 3, "method": "no/such"}',
        json.dumps({"jsonrpc": "2.0", "id": 4, "method": "tools/call", "params": {"name": "x" * 10_000}}).encode(),
        b'{"jsonrpc": "2.0", "id": 5, "method": "resources/read", "params": {"uri": "file:///etc/passwd"}}',
        b'{"jsonrpc": "2.0", "id": 6, "method": "tools/list"}',
    ]
    with subprocess.Popen(
        [sys.executable, *COMMAND],
        env={**os.environ, **environ(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        process.stdin.write(b"\n".join(lines) + b"\n")
        process.stdin.flush()
        replies = {}
        while 6 not in replies:
            reply = json.loads(process.stdout.readline())
            replies[reply.get("id")] = reply
        process.stdin.close()
        assert process.wait(30) == 0
    assert "list_kernels" in {tool["name"] for tool in replies[6]["result"]["tools"]}
    assert all("error" in replies[number] for number in (2, 3, 5))
    assert replies[4]["result"]["isError"] is True
