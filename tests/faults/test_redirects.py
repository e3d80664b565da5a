"""A server that sends its clients elsewhere: the question does not follow (row 26 of the table of faults)."""

import asyncio
import ssl

import pytest
import trustme
from fixtures_models import collect, gated
from wires import Recorder, whole

from askance.errors import AskanceError, ConfigError, ProviderError
from askance.providers import registry
from askance.session import Session
from askance.settings import Settings

WORDS = b"the words of the question"
STATUSES = (300, 301, 302, 303, 305, 307, 308)
PROVIDERS = ("openai", "openai-responses", "anthropic")


@pytest.fixture(scope="module")
def sinks():
    """Servers that would take whatever comes: on another address, on another port, behind TLS."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with Recorder(host="127.0.0.2") as address, Recorder() as port, Recorder(context=context) as tls:
        yield {"another address": address, "another port": port, "https": tls}


def targets(sinks, path):
    """Name -> where a redirect points."""
    address, port = sinks["another address"], sinks["another port"]
    return {
        **{name: f"{sink.url}{path}" for name, sink in sinks.items()},
        "without a scheme": f"//{address.host}:{address.port}{path}",
        "by another name": f"http://localhost:{port.port}{path}",
        "with a user": f"http://127.0.0.1@{address.host}:{address.port}{path}",
        "upper case": f"HTTP://{address.host}:{address.port}{path}",
    }


def client_of(name, url, settings=()):
    """A provider that knows one server."""
    environ = {
        "OPENAI_API_KEY": "key-of-the-first",
        "OPENAI_BASE_URL": f"{url}/v1",
        "ANTHROPIC_API_KEY": "key-of-the-first",
        "ANTHROPIC_BASE_URL": url,
    }
    return registry.make(name, Settings(**dict(settings)), environ)


def ask(provider, question, model="m"):
    """All that comes back; connections are given back too."""

    async def asked():
        try:
            return await collect(provider, gated(question, model=model))
        finally:
            await provider.close()

    return asyncio.run(asked())


@pytest.mark.parametrize("name", PROVIDERS)
def test_no_redirect_takes_the_question_along(name, sinks):
    """Seven statuses to seven places: 0 bodies, 0 connections arrive; one line says which host it was to be."""
    path = "/v1/chat/completions"
    lines, asked = [], 0
    for status in STATUSES:
        for where, location in targets(sinks, path).items():
            answer = whole(b"", f"{status} Moved", "text/plain", Location=location)
            with Recorder(answer) as server:
                with pytest.raises(ProviderError) as caught:
                    ask(client_of(name, server.url), WORDS.decode())
                asked += len(server.bodies)
            lines.append((status, where, str(caught.value)))
    assert asked == len(lines) == 49
    assert [line for line in lines if "\n" in line[2] or "not sent there" not in line[2]] == []
    assert [
        where
        for _, where, said in lines
        if (("localhost" in said) if "name" in where else ("127.0.0." in said)) is False
    ] == []
    assert {where: (sink.raw, sink.bodies) for where, sink in sinks.items()} == dict.fromkeys(sinks, (b"", []))


@pytest.mark.parametrize(
    "location", ["/v1/elsewhere", "", "javascript:alert(1)", "file:///etc/passwd", "http://[", "data:,x"]
)
def test_odd_redirects_are_one_line_too(location):
    """Inside of the same server, to nowhere, to what is no server: asked once, not again."""
    with Recorder(whole(b"", "307 Moved", "text/plain", Location=location)) as server:
        with pytest.raises(ProviderError) as caught:
            ask(client_of("openai", server.url), "q")
        assert len(server.bodies) == 1
    assert "\n" not in str(caught.value)


def test_a_list_of_models_is_not_asked_for_elsewhere(sinks):
    """Nor is the question sent, once that has failed."""
    sink = sinks["another address"]
    with Recorder(whole(b"", "308 Moved", "text/plain", Location=f"{sink.url}/v1/models")) as server:
        with pytest.raises(ProviderError, match=r"redirects to 127\.0\.0\.2"):
            ask(client_of("openai", server.url), "q", model="")
        assert server.bodies == [b""]
    assert sink.raw == b""


def test_a_whole_ask_tells_it_and_keeps_nothing(sinks, tmp_path):
    """Through a session: the same line, no turn, no kept answer; asked again it asks again."""
    sink = sinks["another address"]
    environ = {"ASKANCE_CACHE_DIR": str(tmp_path / "cache"), "HOME": str(tmp_path), "OPENAI_API_KEY": "k"}
    with Recorder(whole(b"", "307 Moved", "text/plain", Location=f"{sink.url}/x")) as server:
        environ["OPENAI_BASE_URL"] = f"{server.url}/v1"
        session = Session.for_project(tmp_path, settings=Settings(model="openai:m"), environ=environ)
        for _ in range(2):
            with pytest.raises(AskanceError, match=r"redirects to 127\.0\.0\.2; the question was not sent there"):
                session.ask(WORDS.decode())
        bodies = list(server.bodies)
        left = [one.departure.body for one in session.sent]
        session.loop.run(session.close())
    assert len(bodies) == 2
    assert left == bodies[1:]
    assert sink.raw == b""


@pytest.mark.parametrize(
    "address",
    ["http://example.com/v1", "http://10.0.0.1:8000/v1", "http://localhost.example/v1", "http://127.0.0.1.nip.io/v1"],
)
@pytest.mark.parametrize("name", PROVIDERS)
def test_a_question_is_not_sent_in_the_open(name, address, tmp_path, monkeypatch):
    """By setting or by variable: one line before any connection; no name is even looked up."""
    import socket

    looked_up = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **_: looked_up.append(given))
    variable = "ANTHROPIC_BASE_URL" if name == "anthropic" else "OPENAI_BASE_URL"
    by_setting = ({"model": f"{name}:m", "base_url": address}, {})
    for settings, environ in (by_setting, ({"model": f"{name}:m"}, {variable: address})):
        own = {"ASKANCE_CACHE_DIR": str(tmp_path / "cache"), "HOME": str(tmp_path), "OPENAI_API_KEY": "k"}
        session = Session.for_project(tmp_path, settings=Settings(**settings), environ={**own, **environ})
        with pytest.raises(ConfigError, match=r"%config Askance\.allow_http"):
            session.ask(WORDS.decode())
        session.loop.run(session.close())
    assert looked_up == []
