"""What both SDKs' HTTP clients have in common: time limits, no redirects, no long waits, a cap on endless lines.

Enters: an SDK's module and an `Endpoint`. Leaves: an HTTP client for that SDK, one per event loop.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import mktime_tz, parsedate_tz
from types import ModuleType
from typing import Any, Generic, Protocol, TypeVar

from ..errors import BrokenStream, Unreachable
from . import hearing
from .endpoint import Endpoint
from .transport import guarded

CONNECT_SECONDS = 10.0
RETRIES = 2
LONGEST_WAIT = 5.0
"""Seconds that a server may ask to wait before it is tried again; anthropic's SDK would wait an hour in silence."""

LONGEST_LINE = 1_000_000
"""Bytes without a line's end after which a stream is no stream of events; real events have a few thousand."""


class Client(Protocol):
    """What every SDK's client can do."""

    async def close(self) -> None:
        """Give back connections."""
        ...


T = TypeVar("T", bound=Client)


class PerLoop(Generic[T]):
    """A client for the running loop and process: its sockets belong to the loop that opened them, never to a fork."""

    def __init__(self, make: Callable[[Endpoint], T]) -> None:
        self._make = make
        self._client: T | None = None
        self._owner: tuple[int, object] | None = None
        self._to: Endpoint | None = None

    def get(self, to: Endpoint) -> T:
        """The client, made on first use and again whenever the loop, the process or the endpoint is another."""
        owner = (os.getpid(), asyncio.get_running_loop())
        if self._client is None or self._owner != owner or self._to != to:
            self._client, self._owner, self._to = self._make(to), owner, to
        return self._client

    async def close(self) -> None:
        """Give back connections, unless they are another loop's."""
        client, owner = self._client, self._owner
        self._client = self._owner = None
        if client is not None and owner == (os.getpid(), asyncio.get_running_loop()):
            await client.close()


def http_client(sdk: ModuleType, to: Endpoint) -> Any:
    """An HTTP client that never follows a redirect (the prompt would go along) and never reads without end.

    Nothing of it comes from the process's own environment: neither proxies, nor certificates, nor a .netrc.

    Args:
        sdk: the SDK's module.
        to: the server.
    """
    return sdk.DefaultAsyncHttpxClient(
        timeout=timeout(sdk, to),
        follow_redirects=False,
        trust_env=False,
        transport=guarded(sdk, to),
        event_hooks={"response": [_told, _refuse_long_waits, _cap_lines]},
    )


def timeout(sdk: ModuleType, to: Endpoint) -> Any:
    """The limits on connecting and on silence, in the SDK's terms."""
    return sdk.Timeout(to.idle, connect=CONNECT_SECONDS)


async def warm_transport() -> None:
    """Load what the HTTP clients load at their first request."""
    from anyio.lowlevel import checkpoint

    await checkpoint()  # loads its asyncio backend, and with it all of sockets and streams


def refuse_page(response: Any, to: Endpoint) -> None:
    """Tell a web page from a stream: hotels' networks and wrong addresses answer 200 with one.

    Raises:
        Unreachable: it is a page.
    """
    if "html" in response.headers.get("content-type", ""):
        raise Unreachable(
            f"a web page answers at {to.shown}, not a model", "Check the address, or log in to the network."
        )


def asked_wait(response: Any) -> float | None:
    """Seconds that a response asks to wait, None if it does not say."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return float(response.headers[name]) * unit
        except (KeyError, ValueError):
            continue
    date = parsedate_tz(response.headers.get("retry-after", ""))
    return max(0.0, mktime_tz(date) - time.time()) if date else None


async def _told(response: Any) -> None:
    """Let whoever paces these requests know."""
    hearing.tell(response.status_code, response.headers)


async def _refuse_long_waits(response: Any) -> None:
    """Tell the SDK not to try again, in the way a server would."""
    wait = asked_wait(response)
    if wait is not None and not wait <= LONGEST_WAIT:
        response.headers["x-should-retry"] = "false"


async def _cap_lines(response: Any) -> None:
    """Let the response's body be read only as long as it has lines."""
    base: Any = next(kind for kind in type(response.stream).__mro__ if kind.__name__ == "AsyncByteStream")

    class Capped(base):  # type: ignore[misc]  # the base is httpx2's, known only once an SDK has imported it
        def __init__(self, inner: Any) -> None:
            self._inner = inner

        def __aiter__(self) -> AsyncIterator[bytes]:
            return _capped(self._inner)

        async def aclose(self) -> None:
            closing: Awaitable[None] = self._inner.aclose()
            await closing

    response.stream = Capped(response.stream)


async def _capped(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    length = 0
    async for part in parts:
        end = part.rfind(b"\n")
        length = length + len(part) if end < 0 else len(part) - end
        if length > LONGEST_LINE:
            raise BrokenStream(f"the server sent {length:,} bytes without a line's end", "Check the server's address.")
        yield part
