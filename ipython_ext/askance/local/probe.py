"""Three questions to a llama.cpp server on this machine, with the standard library alone and never through a proxy.

Enters: port and key. Leaves: whether it is well, whether it is at work, and whether its model is told of tools.
"""

from __future__ import annotations

import http.client
import json
from typing import Any

PROBE_SECONDS = 2.0


def healthy(port: int, key: str) -> bool:
    """Whether a server answers there and takes the key."""
    return _get(port, key, "/slots") is not None


def busy(port: int, key: str) -> bool:
    """Whether it is answering somebody."""
    return any(slot.get("is_processing") for slot in _get(port, key, "/slots") or ())


def takes_tools(port: int, key: str) -> bool:
    """Whether the model's template has a place for tools; the server leaves them out in silence where it has none.

    A server that does not say is asked with tools.
    """
    told = _get(port, key, "/props")
    able = told.get("chat_template_caps") if isinstance(told, dict) else None
    return not isinstance(able, dict) or able.get("supports_tools") is not False


def _get(port: int, key: str, path: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
        response = connection.getresponse()
        return json.loads(response.read()) if response.status == http.client.OK else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
