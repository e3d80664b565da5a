"""Runs `askance mcp`.

Enters: the environment, a port or none. Leaves: an exit status, once the client or the user has had enough.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec

from ..errors import MissingExtra
from ..offers.folder import folder_of_offers
from .kernels import Kernels

HINT = "waiting for a program that speaks MCP on standard input; to add it to Claude Code: claude mcp add askance -- askance mcp"


def run(environ: Mapping[str, str], port: int | None, say: Callable[[str], None], *, is_terminal: bool) -> int:
    """Serve until the client goes.

    Args:
        environ: the environment variables.
        port: of 127.0.0.1, 0 for any that is free; None for standard input and output.
        say: writes a line for the user.
        is_terminal: whether a person sits at the standard input.

    Raises:
        MissingExtra: the package `mcp` is not installed.
        ConfigError: the port is taken.
    """
    if find_spec("mcp") is None:
        raise MissingExtra("askance mcp", "mcp")
    from .server import Offered

    offered = Offered(Kernels(partial(folder_of_offers, environ)))
    if port is None:
        if is_terminal:
            say(HINT)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a thread waits for input, and nothing else would end it
        asyncio.run(offered.stdio())
        return 0
    from .web import Bearer, bound, serve

    token = secrets.token_urlsafe(32)
    with bound(port) as sock:
        own = sock.getsockname()[1]
        say(f"http://127.0.0.1:{own}/mcp")
        say(f"Authorization: Bearer {token}")
        asyncio.run(serve(Bearer(offered.web(own), token), sock))
    return 0
