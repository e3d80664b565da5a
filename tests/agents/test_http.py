"""`askance mcp --http`: a port of this machine, for who knows the token and calls it by its own name."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys

import httpx2
import psutil
import pytest
from agents.programs import COMMAND, environ, failed, told
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from askance.agents.kernels import HOW
from askance.agents.web import Bearer, bound
from askance.cli import main
from askance.offers.answering import Answering
from askance.offers.folder import Offer, own, socket_of, withdraw, write
from askance.offers.listening import Listening
from askance.offers.listening import bound as bound_for_callers
from askance.offers.told import TellTale
from askance.testing import session_for_tests

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The process, its address, its token, and its home."""
    home = tmp_path_factory.mktemp("h")
    with subprocess.Popen(
        [sys.executable, *COMMAND, "--http"], env=environ(home) | {"PATH": ""}, stderr=subprocess.PIPE, text=True
    ) as process:
        said = [process.stderr.readline() for _ in range(2)]
        url = re.search(r"http://127\.0\.0\.1:\d+/mcp", said[0])[0]
        token = re.search(r"Authorization: Bearer (\S{43})$", said[1].strip())[1]
        yield process, url, token, home
        process.terminate()
        assert process.wait(20) is not None


def post(url, **headers):
    """The status of a request with these headers."""
    for _ in range(100):
        try:
            with httpx2.Client(trust_env=False) as client:
                return client.post(url, json=HELLO, headers={**ACCEPT, **headers})
        except httpx2.ConnectError:
            continue
    raise AssertionError("nobody listens")


def test_the_sdks_client_is_answered(served):
    """With the token; tools, a call, and what a kernel tells that offers meanwhile."""
    _, url, token, home = served

    async def play():
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client,
            streamable_http_client(url, http_client=client) as (reading, writing),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            assert [tool.name for tool in (await session.list_tools()).tools][:2] == ["list_kernels", "context"]
            assert HOW in await failed(session, "context", question="why?")
            folder = own(home / "run")
            sock, address = bound_for_callers(socket_of(folder, "abc"))
            ear = Listening(sock, "t", "c", Answering(session_for_tests, str, TellTale(), lambda: 0.0))
            await ear.start()
            offer = Offer(kernel="abc", since=0, address=address, token="t", countersign="c")
            write(folder, offer)
            assert "why?" in await told(session, "context", question="why?")
            withdraw(folder, offer)
            await ear.close()

    asyncio.run(play())


@pytest.mark.parametrize(
    "shown", [None, "Bearer", "Bearer x", "bearer {}", "Basic {}", "Bearer {}x", "Bearer {} ", "é"]
)
def test_nobody_else_is(served, shown):
    """Without the very token there is no word but "unauthorized"."""
    _, url, token, _ = served
    headers = {} if shown is None else {"Authorization": shown.format(token).encode()}
    if shown == "Bearer {} ":
        headers = {"Authorization": f"Bearer {token[:-1]}"}
    answered = post(url, **headers)
    assert answered.status_code == 401
    assert answered.content == b""


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Host": "127.0.0.1:1"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
    ids=str,
)
def test_a_page_that_pretends_is_turned_away(served, headers, status):
    """A name that was made to point here, or a page of elsewhere, gets nothing even with the token."""
    _, url, token, _ = served
    assert post(url, Authorization=f"Bearer {token}", **headers).status_code == status


def test_it_listens_on_this_machine_alone(served):
    """One port, of 127.0.0.1."""
    process, url, _, _ = served
    post(url)
    listens = [one.laddr for one in psutil.Process(process.pid).net_connections("all") if one.status == "LISTEN"]
    assert [(one.ip, one.port) for one in listens] == [("127.0.0.1", int(re.search(r":(\d+)/", url)[1]))]


def test_a_port_that_is_taken_is_one_line(capsys):
    """And so is one that there is not."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        for port in (other.getsockname()[1], 70_000):
            assert main(["mcp", "--http", str(port)]) == 1
            (line,) = capsys.readouterr().err.splitlines()
            assert f"Port {port} cannot be had" in line
    with bound(0) as free:
        assert free.getsockname()[0] == "127.0.0.1"


def test_only_requests_and_the_applications_start_come_through():
    """A web socket reaches nothing, whatever it shows."""
    reached = []

    async def application(scope, receive, send):
        reached.append(scope["type"])

    async def play():
        guarded = Bearer(application, "t")
        shown = [(b"Authorization", b"Bearer t")]
        for kind in ("lifespan", "http", "websocket"):
            await guarded({"type": kind, "headers": shown}, None, None)

    asyncio.run(play())
    assert reached == ["lifespan", "http"]
