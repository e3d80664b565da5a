"""`askance mcp --http`: a web server of this machine that answers whoever knows its token.

Enters: an ASGI application. Leaves: the same on a port of 127.0.0.1, behind a bearer token.
"""

from __future__ import annotations

import hmac
import socket
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final

from ..errors import ConfigError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_REQUESTS: Final = 64
"""At once."""

GRACE_SECONDS: Final = 2
"""Time that requests have to end when the server does."""


class Bearer:
    """Lets requests through that show the token.

    Args:
        application: what lies behind.
        token: what they have to show.
    """

    def __init__(self, application: Application, token: str) -> None:
        self._application = application
        self._shown = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the application's start and end."""
        if scope["type"] == "lifespan" or (scope["type"] == "http" and self._may(scope["headers"])):
            await self._application(scope, receive, send)
        elif scope["type"] == "http":
            headers = [(b"www-authenticate", b"Bearer"), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 401, "headers": headers})
            await send({"type": "http.response.body", "body": b""})

    def _may(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        return any(
            name.lower() == b"authorization" and hmac.compare_digest(value, self._shown) for name, value in headers
        )


def bound(port: int) -> socket.socket:
    """A socket of 127.0.0.1.

    Args:
        port: 0 for any that is free.

    Raises:
        ConfigError: it is taken.
    """
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        sock.close()
        raise ConfigError(f"Port {port} cannot be had ({error})", "Type: askance mcp --http") from None
    return sock


async def serve(application: Application, sock: socket.socket) -> None:
    """Serve until the process is told to end."""
    import uvicorn

    config = uvicorn.Config(
        application,
        access_log=False,
        log_level="error",
        limit_concurrency=MOST_REQUESTS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
    )
    await uvicorn.Server(config).serve(sockets=[sock])
