"""A kernel's ear: a socket of this machine that answers who shows its token, and says nothing to anybody else.

Enters: connections. Leaves: one reply each. Runs on the event loop that starts it, while cells run too.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from ..cache.disk.forks import leave_in_children
from .wire import MOST_BYTES, Message, line, message

MOST_CONNECTIONS = 16
"""Connections at once; another is closed unheard."""

SECONDS = 5.0
"""Time that a caller has to show the token and say what it wants, and to take each reply."""

LONGEST_PATH = 100
"""Bytes of a Unix socket's path: systems take few more."""

Answer = Callable[[Message], Awaitable[Message]]


def bound(path: Path) -> tuple[socket.socket, str | int]:
    """A socket for callers of this machine, and its address: a Unix socket at `path` where there are any, else a port.

    Raises:
        OSError: there is none to be had.
    """
    if sys.platform != "win32" and len(os.fsencode(path)) <= LONGEST_PATH:
        unix = socket.socket(socket.AF_UNIX)
        try:
            unix.bind(str(path))
        except OSError:
            unix.close()  # some file systems have none
        else:
            path.chmod(0o600)
            return unix, str(path)
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    return port, port.getsockname()[1]


class Listening:
    """Answers callers, until it is closed."""

    def __init__(self, sock: socket.socket, token: str, countersign: str, answer: Answer) -> None:
        """
        Args:
            sock: bound; closed at the end.
            token: what a caller has to show.
            countersign: what it is shown in return.
            answer: gives the reply to a request; cancelled when the caller goes.
        """
        self._socket = sock
        self._token = token.encode()
        self._countersign = countersign
        self._answer = answer
        self._server: asyncio.Server | None = None
        self._calls: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, sock=self._socket, limit=MOST_BYTES)
        leave_in_children(self)

    async def close(self) -> None:
        """Listen no more; who still waits for a reply gets none."""
        if self._server is not None:
            self._server.close()
        calls = list(self._calls)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        self._socket.close()

    def leave(self) -> None:
        """Let go of the sockets in a forked child; the parent's stay open.

        They get another end and are not closed, as whoever holds their numbers will close these one day.
        """
        nothing = os.open(os.devnull, os.O_RDWR)
        open_ = [self._socket, *(writer.get_extra_info("socket") for writer in self._calls.values())]
        for one in open_:
            if one is not None and one.fileno() >= 0:
                os.dup2(nothing, one.fileno(), inheritable=False)
        os.close(nothing)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.current_task()
        if call is None or len(self._calls) >= MOST_CONNECTIONS:
            writer.close()
            return
        self._calls[call] = writer
        try:
            # Whoever sends what is no request, or goes, hears nothing.
            with suppress(OSError, EOFError, ValueError, asyncio.LimitOverrunError):
                await self._exchange(reader, writer)
        finally:
            del self._calls[call]
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(SECONDS):
            shown = message(await reader.readuntil()).get("token")
            if not isinstance(shown, str) or not hmac.compare_digest(shown.encode("utf-8", "replace"), self._token):
                return
            writer.write(line({"countersign": self._countersign}))
            await writer.drain()
            request = message(await reader.readuntil())
        reply = await self._reply(request, reader)
        if reply is not None:
            async with asyncio.timeout(SECONDS):
                writer.write(line(reply))
                await writer.drain()

    async def _reply(self, request: Message, reader: asyncio.StreamReader) -> Message | None:
        """The reply; None if the caller goes before it is there."""
        work = asyncio.ensure_future(self._answer(request))
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            return work.result() if work.done() else None
        finally:
            work.cancel()
            gone.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)
