"""What a provider needs to play one answer to itself, so that its SDK does before the first ask what it does once.

Both SDKs build their parsers and load half their parts at the first request. Enters: an SDK's module and the bytes of
an answer. Leaves: an HTTP client that has them for every request and opens no connection.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from ..records import Message, Prompt
from .transport import http_library

PROMPT = Prompt(model="none", system="none", messages=(Message(role="user", content="none"),), max_output=1)
"""A request that goes nowhere."""


def unplugged(sdk: ModuleType, events: bytes) -> Any:
    """An HTTP client for that SDK without a network.

    Args:
        sdk: the SDK's module.
        events: the body of every response, server-sent events.
    """
    http = http_library(sdk)

    def respond(_request: Any) -> Any:
        return http.Response(200, headers={"Content-Type": "text/event-stream"}, content=events)

    return sdk.DefaultAsyncHttpxClient(transport=http.MockTransport(respond), trust_env=False)
