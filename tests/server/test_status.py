"""What a real Jupyter server with our extension says of it."""

from __future__ import annotations

import json

from server.conftest import TOKEN

import askance


def test_status_tells_the_version(server):
    """With the token the server says which askance it has."""
    status, body, _ = server.ask("GET", "/askance/api/status", {"Authorization": f"token {TOKEN}"})
    assert (status, json.loads(body)) == (200, {"version": askance.__version__})
