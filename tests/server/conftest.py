"""A real Jupyter server with our extension, in a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import askance

TOKEN = "a-token-of-this-test"

START = """
import json, sys
from jupyter_server.serverapp import ServerApp

def rules(router):
    for rule in router.rules:
        if hasattr(rule.target, "rules"):
            yield from rules(rule.target)
        else:
            yield rule

app = ServerApp.instance()
app.initialize(sys.argv[2:])
found = [*rules(app.web_app.default_router), *rules(app.web_app.wildcard_router)]
own = [rule for rule in found if getattr(rule.target, "__module__", "").startswith("askance")]
open(sys.argv[1], "w").write(json.dumps(sorted({(rule.matcher.regex.pattern, rule.target.__name__) for rule in own})))
app.start()
"""


@dataclass
class Server:
    """A running server, and the routes that its web application really has of us: (pattern, handler's name)."""

    port: int
    routes: list[tuple[str, str]]

    def ask(self, verb: str, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes, dict[str, str]]:
        """The status, the body and the headers of its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(verb, path, body=b"" if verb in ("POST", "PUT", "PATCH") else None, headers=headers or {})
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply.status, body, dict(reply.getheaders())


@pytest.fixture(scope="session", params=[False, True], ids=["strict server", "lenient server"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """On a free port, with nothing of this machine's Jupyter configuration; lenient: as Jupyter is by default."""
    home = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [f"--port={port}", "--port-retries=0", "--ip=127.0.0.1", "--no-browser", "--allow-root"]
    arguments += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.allow_unauthenticated_access={request.param}"]
    arguments += ["--ServerApp.jpserver_extensions={'askance': True}"]
    source = str(Path(askance.__file__).parents[1])
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": source}
    environ |= {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    routes, log = home / "routes.json", home / "log"
    command = [sys.executable, "-c", START, str(routes), *arguments]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=home, env=environ, stdout=out, stderr=out)
    try:
        _wait(process, port, log)
        yield Server(port, [tuple(route) for route in json.loads(routes.read_text())])
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen, port: int, log: Path) -> None:
    while True:
        assert process.poll() is None, log.read_text()
        try:
            if Server(port, []).ask("GET", "/api")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
