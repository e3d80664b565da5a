"""A model server on loopback that answers `ask.map`: to each row a function of its value, so that a swap is seen.

Speaks OpenAI chat completions and Anthropic messages, streamed. Faults are asked for by the number of the request.

    with RowServer(answer=lambda value: f"<{value}>", faults={0: Fault(status=429)}) as server: ...
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

ROWS = re.compile(r"<rows-([a-z]{8})>\n(.*)</rows-\1>", re.S)


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request.

    Attributes:
        status: of an error in place of an answer; 0 for an answer.
        headers: of the response.
        after: lines of the answer after which the connection breaks; None for all of them.
        half: whether half of the next line is sent before it breaks.
        change: makes other lines of an answer's lines.
        reason: the finish reason.
        message: of the error.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    after: int | None = None
    half: bool = False
    change: Callable[[list[str]], list[str]] = lambda lines: lines
    reason: str = "stop"
    message: str = "slow down"


@dataclass
class Seen:
    """A request, as it came.

    Attributes:
        time: when it came, in seconds of `time.monotonic`.
        rows: (id, value) of its rows; the id is "" where it was one alone.
        body: all of it.
        wrong: what its rows say was wrong, by value.
    """

    time: float
    rows: list[tuple[str, Any]]
    body: dict
    path: str
    wrong: list[str] = field(default_factory=list)


class _Quiet(ThreadingHTTPServer):
    """Clients that go away, as interrupted jobs do, are no news."""

    def handle_error(self, request, client_address) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class RowServer:
    """A context manager; each request is served on a thread of its own.

    Args:
        answer: value -> answer, both as plain JSON.
        faults: number of the request (from 0) -> what goes wrong with it; or a function of the number and what was seen.
        first: seconds before the first byte of an answer.
        each: seconds for each row of it.
        headers: of every answer.
        usage: tokens (given, made) of an answer, as a function of the request; None to count none.
    """

    def __init__(
        self,
        answer: Callable[[Any], Any] = lambda value: f"<{value}>",
        faults: Mapping[int, Fault] | Callable[[int, Seen], Fault | None] | None = None,
        *,
        first: float = 0.0,
        each: float = 0.0,
        headers: Callable[[int], Mapping[str, str]] = lambda number: {},
        usage: Callable[[Seen], tuple[int, int]] | None = lambda seen: (100 + 20 * len(seen.rows), 20 * len(seen.rows)),
    ) -> None:
        self.answer, self.first, self.each, self.headers, self.usage = answer, first, each, headers, usage
        self.faults = faults if callable(faults) else lambda number, seen: (faults or {}).get(number)
        self.seen: list[Seen] = []
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()
        self._server = _Quiet(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def values(self) -> list[Any]:
        """Every value that was asked about, in order, as often as it was."""
        return [value for seen in self.seen for _, value in seen.rows]

    @property
    def busy(self) -> int:
        """Requests that are being answered."""
        return self._now

    def arrived(self, seen: Seen) -> int:
        """A request's number."""
        with self._lock:
            self.seen.append(seen)
            self._now += 1
            self.most = max(self.most, self._now)
            return len(self.seen) - 1

    def left(self) -> None:
        """A request has been answered."""
        with self._lock:
            self._now -= 1

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="row server", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def rows_of(content: str) -> list[tuple[str, Any, str]]:
    """(id, value, what was wrong) of the rows in a message."""
    text = ROWS.search(content)[2]
    if not text.startswith('{"id":"'):
        return [("", text.removesuffix("\n"), "")]
    rows = [json.loads(line) for line in text.splitlines() if line]
    return [(row["id"], row["row"], row.get("wrong", "")) for row in rows]


def _handler(server: RowServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            content = body["messages"][-1]["content"]
            content = content if isinstance(content, str) else content[0]["text"]
            rows = rows_of(content)
            wrong = [why for _, _, why in rows if why]
            seen = Seen(time.monotonic(), [(id_, value) for id_, value, _ in rows], body, self.path, wrong)
            number = server.arrived(seen)
            try:
                fault = server.faults(number, seen) or Fault()
                if fault.status:
                    self._error(fault)
                else:
                    self._stream(seen, fault, {**server.headers(number), **fault.headers})
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                server.left()

        def _error(self, fault: Fault) -> None:
            said = {"type": "error", "error": {"type": "error", "message": fault.message}}
            self._whole(fault.status, json.dumps(said).encode(), fault.headers)

        def _whole(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _stream(self, seen: Seen, fault: Fault, headers: Mapping[str, str]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.close_connection = True
            time.sleep(server.first)
            shape = _anthropic if "messages" in self.path else _openai
            begin, say, end = shape(server.usage(seen) if server.usage else None, fault.reason)
            self._send(begin)
            lines = fault.change(_lines(server, seen))
            for place, line in enumerate(lines):
                if place == fault.after:
                    if fault.half:
                        self._send(say(line[: len(line) // 2]))
                    self.connection.close()
                    return
                time.sleep(server.each)
                middle = len(line) // 2  # a row comes in pieces
                self._send(say(line[:middle]))
                self._send(say(line[middle:]))
            if fault.after is not None and fault.after >= len(lines):
                return
            self._send(end)

        def _send(self, data: bytes) -> None:
            if data:
                self.wfile.write(data)
                self.wfile.flush()

    return Handler


def _lines(server: RowServer, seen: Seen) -> list[str]:
    if seen.rows[0][0] == "":
        answer = server.answer(seen.rows[0][1])
        return [answer if isinstance(answer, str) else json.dumps(answer)]
    return [json.dumps({"id": id_, "answer": server.answer(value)}) + "\n" for id_, value in seen.rows]


def _event(value: object, name: str = "") -> bytes:
    return f"{f'event: {name}' + chr(10) if name else ''}data: {json.dumps(value)}\n\n".encode()


def _openai(usage: tuple[int, int] | None, reason: str):
    def chunk(delta: dict, ended: str | None = None, **more: object) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": ended}
        head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        return _event({**head, "choices": [choice], **more})

    counted = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)} if usage else None
    end = chunk({}, reason, **({"usage": counted} if counted else {})) + b"data: [DONE]\n\n"
    return b"", lambda text: chunk({"content": text}), end


def _anthropic(usage: tuple[int, int] | None, reason: str):
    given, made = usage or (0, 0)
    message = {"id": "m", "type": "message", "role": "assistant", "content": [], "model": "m", "stop_reason": None}
    counted = {"input_tokens": given, "output_tokens": 0}
    begin = _event({"type": "message_start", "message": {**message, "usage": counted}}, "message_start")
    ended = {"stop_reason": {"stop": "end_turn", "length": "max_tokens"}[reason], "stop_sequence": None}
    end = _event({"type": "message_delta", "delta": ended, "usage": {"output_tokens": made}}, "message_delta")

    def say(text: str) -> bytes:
        delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
        return _event(delta, "content_block_delta")

    return begin, say, end + _event({"type": "message_stop"}, "message_stop")
