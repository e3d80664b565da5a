"""What stands between a client and a model in these tests: a server that keeps every byte, with TLS or without, and a proxy.

with Recorder() as server:                     # any protocol over HTTP/1.1, every answer the same
    ... ask server.url ...
    server.bodies, server.raw
with Proxy({"api.example:443": server.port}) as proxy:
    ... HTTPS_PROXY=proxy.url ...
    proxy.heads, proxy.raw
"""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Self

from scripted_server import Reply, stream_bytes

PATIENCE = 5.0


class _Listener:
    """Accepts connections on threads of its own until it is left."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._socket = socket.create_server((host, port))
        self.host = host
        self.port = self._socket.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._open: list[socket.socket] = []
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                talk, _ = self._socket.accept()
            except OSError:
                return
            talk.settimeout(PATIENCE)
            self._open.append(talk)
            thread = threading.Thread(target=self._guard, args=(talk,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _guard(self, talk: socket.socket) -> None:
        try:
            self._talk(talk)
        except (OSError, ValueError):
            pass
        finally:
            talk.close()

    def _talk(self, talk: socket.socket) -> None:
        raise NotImplementedError


def _head(talk: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = talk.recv(65536)
        if not more:
            raise OSError
        data += more
    return data


class Recorder(_Listener):
    """Answers every request alike, and keeps every byte it gets.

    Attributes:
        raw: all that came, after TLS where there is some.
        heads: the head of each request.
        bodies: the body of each request.
    """

    def __init__(
        self,
        answer: bytes | None = None,
        *,
        protocol: str = "openai",
        context: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.raw = b""
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self._context = context
        self._answer = answer if answer is not None else whole(stream_bytes(Reply(["yes"]), protocol))
        super().__init__(host, port)

    @property
    def url(self) -> str:
        """Its address, without a path."""
        return f"{'https' if self._context else 'http'}://{self.host}:{self.port}"

    def _talk(self, talk: socket.socket) -> None:
        if self._context is not None:
            talk = self._context.wrap_socket(talk, server_side=True)
            self._open.append(talk)
        while True:
            data = _head(talk)
            head, _, body = data.partition(b"\r\n\r\n")
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
            while len(body) < int(fields.get(b"content-length", 0)):
                body += talk.recv(65536)
            self.raw += head + b"\r\n\r\n" + body
            self.heads.append(head)
            self.bodies.append(body)
            talk.sendall(self._answer)


def whole(body: bytes, status: str = "200 OK", kind: str = "text/event-stream", **headers: str) -> bytes:
    """A response in one piece."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Proxy(_Listener):
    """Leads every host it is asked for to a port of this machine, and keeps what it sees.

    Args:
        leads: "host:port" as it is asked for -> the port here.
        login: "name:password" that it wants, "" for none.

    Attributes:
        heads: what it was asked, each head.
        raw: all that passed from the client, in either way.
    """

    def __init__(self, leads: Mapping[str, int], login: str = "") -> None:
        self.heads: list[str] = []
        self.raw = b""
        self._leads = leads
        self._login = base64.b64encode(login.encode()).decode()
        super().__init__()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    def _talk(self, talk: socket.socket) -> None:
        data = _head(talk)
        self.raw += data
        head = data.partition(b"\r\n\r\n")[0].decode("latin-1")
        self.heads.append(head)
        if self._login and f"Basic {self._login}" not in head:
            talk.sendall(whole(b"", "407 Proxy Authentication Required", "text/plain"))
            return
        method, target, _ = head.splitlines()[0].split(" ")
        if method == "CONNECT":
            there = socket.create_connection(("127.0.0.1", self._leads[target]), PATIENCE)
            talk.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            there = socket.create_connection(("127.0.0.1", self._leads[target.split("/")[2]]), PATIENCE)
            there.sendall(data)
        self._open.append(there)
        threading.Thread(target=_pour, args=(there, talk), daemon=True).start()
        while more := talk.recv(65536):
            self.raw += more
            there.sendall(more)


def _pour(source: socket.socket, sink: socket.socket) -> None:
    try:
        while more := source.recv(65536):
            sink.sendall(more)
    except OSError:
        pass
