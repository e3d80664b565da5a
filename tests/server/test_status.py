"""A real Jupyter server with our extension: who may ask it, and what it says."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import askance

TOKEN = "a-token-of-this-test"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of its own on a free port, with nothing of this machine's Jupyter configuration."""
    home = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = (
        "from jupyter_server.serverapp import ServerApp;"
        f"ServerApp.launch_instance(['--port={port}', '--port-retries=0', '--ip=127.0.0.1', '--no-browser',"
        f"'--allow-root', '--IdentityProvider.token={TOKEN}', '--ServerApp.allow_unauthenticated_access=False',"
        "\"--ServerApp.jpserver_extensions={'askance': True}\"])"
    )
    source = str(Path(askance.__file__).parents[1])
    names = ("CONFIG", "DATA", "RUNTIME")
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": source}
    environ |= {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in names}
    log = home / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", code], cwd=home, env=environ, stdout=out, stderr=out)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(process, url, log)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen, url: str, log: Path) -> None:
    while get(url + "/api")[0] != 200:
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)


def get(url: str, token: str = "") -> tuple[int, bytes]:
    request = urllib.request.Request(url, headers={"Authorization": f"token {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def test_status_tells_the_version(server):
    """With the token the server says which askance it has."""
    status, body = get(server + "/askance/api/status", TOKEN)
    assert (status, json.loads(body)) == (200, {"version": askance.__version__})


@pytest.mark.parametrize("token", ["", "wrong"])
def test_status_needs_the_token(server, token):
    """Without it there is nothing to learn, not even the version."""
    status, body = get(server + "/askance/api/status", token)
    assert status == 403
    assert askance.__version__.encode() not in body
