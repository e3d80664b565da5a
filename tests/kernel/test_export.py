"""What left, byte for byte, in files: the same bytes as the server got, with what was replaced in them."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import stat
import string

import pytest
from fixtures_models import gguf  # noqa: F401  a fixture
from scripted_server import Reply, ScriptedServer, error

from askance.errors import AskanceError, GateError, UsageError
from askance.gate.outbox import MOST_BYTES, MOST_REQUESTS, Outbox
from askance.kernel.export import export
from askance.providers.outgoing import Departure
from askance.session import Session
from askance.settings import Settings
from askance.testing import session_for_tests

MODELS = pytest.mark.parametrize("model", ["openai:m", "openai-responses:m", "anthropic:m", "server"])
KEY = "key-of-a-test-0123456789"


def token(seed):
    """A secret in the form of a code host's, made here."""
    made = random.Random(seed)
    return "ghp_" + "".join(made.choice(string.ascii_letters + string.digits) for _ in range(36))


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Makes sessions of a folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    made = []

    def make(server, model, namespace=(), **settings):
        environ = {
            "ASKANCE_CACHE_DIR": str(tmp_path / ".cache"),
            "HOME": str(tmp_path),
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": server.base_url,
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": server.anthropic_url,
        }
        made.append(
            Session.for_project(
                tmp_path, namespace=dict(namespace), settings=Settings(model=model, **settings), environ=environ
            )
        )
        return made[-1]

    yield make
    for one in made:
        one.loop.run(one.close())
        one.loop.close()


def contents(folder):
    """Name -> bytes."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@MODELS
def test_the_files_are_what_the_server_got(model, asked, tmp_path):
    """Each request of the last ask, its tries included, sha256 for sha256; for the owner's eyes; no key in any file."""
    with ScriptedServer([Reply(["before"]), error(500, "busy"), Reply(["yes"])]) as server:
        session = asked(server, model, {"rows": [1, 2, 3]})
        session.ask("an earlier one, with é and 漢")
        earlier = len(server.asked)
        session.ask('what of @rows, and of {braces} \\ "quotes"\n\t🎉?')
        got = [request.body for request in server.asked[earlier:]]
        said = export(session)
    files = contents(tmp_path / "askance-sent")
    bodies = [files[f"request-{number}.json"] for number in (1, 2)]
    if model == "server":  # which is asked for its models first
        assert got[-2:] != []
        bodies = [data for name, data in files.items() if name.startswith("request") and data]
    assert [hashlib.sha256(body).digest() for body in bodies] == [hashlib.sha256(body).digest() for body in got]
    assert all(hashlib.sha256(body).hexdigest() in files["sent.txt"].decode() for body in got)
    assert f"{sum(map(len, got)):,} bytes" in said
    assert [name for name, data in files.items() if KEY.encode() in data] == []
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "askance-sent").iterdir()}
    assert (modes, stat.S_IMODE((tmp_path / "askance-sent").stat().st_mode)) == ({0o600}, 0o700)
    ledger = json.loads(files["ledger.json"])
    assert "variables:rows" in [item["id"] for item in ledger["items"]]


def test_the_embedded_models_server_gets_the_same_bytes(gguf, tmp_path, monkeypatch):  # noqa: F811  the fixture
    """Recorded on its way: what is written is what the socket was given, and holds the question."""
    import socket

    monkeypatch.chdir(tmp_path)
    wires = []
    send = socket.socket.send
    monkeypatch.setattr(
        socket.socket, "send", lambda self, data, *more: (wires.append(bytes(data)), send(self, data, *more))[1]
    )
    environ = {**os.environ, "ASKANCE_CACHE_DIR": str(tmp_path / ".cache"), "HOME": str(tmp_path)}
    settings = Settings(model="local", local_model=str(gguf), max_output=3)
    session = Session.for_project(tmp_path, settings=settings, environ=environ)
    session.ask("What is a dog?", context="none")
    export(session)
    session.loop.run(session.close())
    for path in (tmp_path / ".cache" / "local").glob("*.json"):
        path.unlink()  # its server ends
    body = contents(tmp_path / "askance-sent")["request-1.json"]
    assert b"What is a dog?" in body
    assert body in b"".join(wires)


@MODELS
def test_every_replacement_is_told_with_its_place(model, asked, tmp_path):
    """In the question, in a variable, in a file, in an earlier turn: kind, placeholder, place, and the bytes of each."""
    secrets = [token(seed) for seed in range(4)]
    (tmp_path / "app.py").write_text(f"import os\n\nkey = '{secrets[1]}'\n")
    with ScriptedServer([Reply(["yes"])]) as server:
        session = asked(server, model, {"cfg": {"note": f"use {secrets[0]}"}}, privacy=3)
        answer = session.ask(f"what of @cfg and @app.py, with {secrets[2]}?")
        assert len(answer.redactions) >= 3
        session.ask(f"and with {secrets[3]}?")
        export(session)
        body = server.asked[-1].body
    files = contents(tmp_path / "askance-sent")
    told = json.loads(files["redactions.json"])
    name = next(name for name, data in files.items() if data == body)
    found = {one["placeholder"] for one in told}
    assert found == {match for match in found if match.encode() in body}
    assert len(found) == 4
    for one in told:
        offsets = one["offsets"][name]
        assert offsets
        assert all(body[at:].startswith(one["placeholder"].encode()) for at in offsets)
        assert len(offsets) == body.count(one["placeholder"].encode())
        assert one["kind"] in one["placeholder"]
        assert one["line"] >= 1
    everything = b"".join(files.values())
    assert [secret for secret in secrets if secret.encode() in everything or secret[8:30].encode() in everything] == []


def test_the_replacements_are_shown_before_anything_is_sent(kernel, serve):
    """`--dry` and `%ctx` with a question say what is replaced, of which kind, where; the answer's footer how much was."""
    server = serve(Reply(["yes"]))
    running = kernel(server)
    running.run(f"cfg = {{'note': 'first', 'more': 'use {token(1)}'}}")
    for line in (f"%ask --dry -p 3 what of @cfg with {token(2)}?", f"%ctx -p 3 what of @cfg with {token(2)}?"):
        (said,) = [line for line in running.run(line).printed.splitlines() if line.startswith("redacted: ")]
        assert re.search(r"redacted: 3 GITHUB\w* in .*variables:cfg line \d.*the message line \d", said)
        assert token(1) not in said
    assert server.asked == []
    (output,) = running.run(f"%ask -p 3 what of @cfg with {token(2)}?").outputs()
    assert "3 redacted" in output["data"]["text/plain"]
    assert running.run("%ctx export").printed.startswith("1 request, ")
    body = (running.home / "askance-sent" / "request-1.json").read_bytes()
    assert body == server.asked[0].body


def test_what_came_from_the_cache_did_not_leave(asked, tmp_path):
    """One line that says where it came from; no folder is made."""
    with ScriptedServer([Reply(["yes"])]) as server:
        session = asked(server, "openai:m")
        with pytest.raises(UsageError, match="Nothing was asked yet"):
            export(session)
        session.ask("why?", context="none")
        session.ask("why?", context="none")
        assert export(session) == "Nothing left: the answer came from the cache (memory)."
        assert session.sent == ()
        assert not (tmp_path / "askance-sent").exists()
        assert len(server.asked) == 1


def test_an_ask_that_ended_before_it_left_says_so(asked):
    """A missing key; and the ask before is not shown in its place."""
    with ScriptedServer([Reply(["yes"])]) as server:
        session = asked(server, "openai:m")
        session.ask("why?", context="none")
        with pytest.raises(AskanceError):
            session.ask("why?", context="none", model="gemini:m")
        assert export(session) == "Nothing left: the last ask ended before anything was sent."


def test_where_nobody_listens_nothing_left(asked):
    """Three tries to connect are no request."""
    with ScriptedServer([Reply(["yes"])]) as server:
        session = asked(server, "openai:m")
    with pytest.raises(AskanceError, match="nothing answers"):
        session.ask("why?", context="none")
    assert export(session) == "Nothing left: the last ask ended before anything was sent."


def test_an_ask_that_failed_at_the_server_did_leave(asked, tmp_path):
    """Whatever the server said to it."""
    with ScriptedServer([error(400, "no")]) as server:
        session = asked(server, "openai:m")
        with pytest.raises(AskanceError):
            session.ask("why?", context="none")
        assert export(session, "sent here").startswith("1 request")
        assert contents(tmp_path / "sent here")["request-1.json"] == server.asked[0].body


def test_nothing_else_is_overwritten(asked, tmp_path):
    """An earlier export makes room; a folder of the user's, a file, a link do not: one line asks for another name."""
    with ScriptedServer([Reply(["yes"])]) as server:
        session = asked(server, "openai:m")
        session.ask("why?", context="none")
        export(session)
        session.ask("why not?", context="none")
        export(session)
        assert contents(tmp_path / "askance-sent")["request-1.json"] == server.asked[1].body
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "request-1.json").write_text("mine")
        (tmp_path / "file").write_text("mine")
        (tmp_path / "link").symlink_to(tmp_path / "askance-sent")
        (tmp_path / "dangling").symlink_to(tmp_path / "elsewhere")
        for name in ("mine", "file", "link", "dangling"):
            with pytest.raises(UsageError, match="%ctx export NAME"):
                export(session, name)
    assert (tmp_path / "mine" / "request-1.json").read_text() == "mine"
    assert (tmp_path / "file").read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()


def test_a_secret_that_slipped_through_stops_at_the_last_metre(asked, monkeypatch):
    """Should all before it fail: nothing leaves, one line, without the secret."""
    secret = token(9)
    with ScriptedServer([Reply(["yes"])]) as server:
        session = asked(server, "openai:m")
        gate = session._gate
        monkeypatch.setattr(
            gate,
            "open",
            lambda prompt, *_: (
                type(gate).open(gate, prompt.__class__(model="m", system="s", messages=())).__class__(prompt=prompt)
            ),
        )
        with pytest.raises(GateError, match="nothing was sent") as caught:
            session.ask(f"what of {secret}?", context="none", fresh=True)
        assert server.requests == []
        assert session.sent == ()
    assert secret not in str(caught.value)
    assert secret[4:20] not in str(caught.value)


@pytest.mark.parametrize(
    "options", [{"model": "openai:{}"}, {"model": "anthropic:{}"}, {"form": "json", "schema": '{{"const": "{}"}}'}]
)
def test_what_is_no_text_of_the_prompt_passes_the_last_metre_too(options, asked):
    """A model's name, a schema: they are in the bytes, and so are looked at."""
    secret = token(5)
    with ScriptedServer([Reply(["yes"])]) as server:
        session = asked(server, "openai:m")
        with pytest.raises(GateError, match="nothing was sent"):
            session.ask("why?", context="none", **{name: value.format(secret) for name, value in options.items()})
        assert [request.body for request in server.requests if secret.encode() in request.body] == []


def test_the_outbox_is_bounded():
    """The last requests, within so many bytes; the last of all whatever its size."""
    outbox = Outbox(session_for_tests("x")._gate, lambda: 1.0)

    def leave(body):
        outbox.leave(Departure(method="POST", url="https://h/", body=body))

    for number in range(30):
        leave(str(number).encode())
    assert [one.departure.body for one in outbox.sent] == [
        str(number).encode() for number in range(30 - MOST_REQUESTS, 30)
    ]
    for letter in b"abc":
        leave(bytes([letter]) * (MOST_BYTES // 2 - 1000))
    assert sum(len(one.departure.body) for one in outbox.sent) <= MOST_BYTES
    assert outbox.sent[-1].departure.body[:1] == b"c"
    with pytest.raises(TypeError):
        __import__("pickle").dumps(outbox)
