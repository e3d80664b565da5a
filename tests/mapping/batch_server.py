"""A server on loopback that plays both providers' batch endpoints, and answers single requests as well.

with BatchServer(lambda body: "an answer") as server:
    ... ask server.base_url (openai) or server.anthropic_url, with batch_api=True ...
    server.batches["batch_1"].bodies
    server.requests
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from scripted_server import Reply, stream_bytes


@dataclass
class Batch:
    """One batch as the server holds it.

    Attributes:
        bodies: custom id -> the request's body.
        polls: how often its state was asked for.
        state: as OpenAI names it.
    """

    id: str
    bodies: dict[str, dict]
    polls: int = 0
    state: str = "in_progress"


@dataclass(frozen=True)
class Seen:
    """A request, byte for byte."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class BatchServer:
    """Answers with `says(body)` what a request asks.

    Attributes:
        says: a request's body -> the model's words.
        polls: how often a batch's state is asked before it has ended.
        fate: (custom id, its place) -> "answered", "failed", "expired", "missing" or "garbage".
        ends: how a batch ends, as OpenAI names it: "completed", "expired", "failed", "cancelled".
        refuses: status and message of a refusal to take batches; None to take them.
        drops: break the connection in place of answering the creation of a batch.
        may_answer: the creation of a batch is answered when it is set.
        troubles: statuses with which the next looks at a batch are refused.
    """

    says: Callable[[dict], str]
    polls: int = 2
    fate: Callable[[str, int], str] = lambda _id, _place: "answered"
    ends: str = "completed"
    refuses: tuple[int, str] | None = None
    drops: bool = False
    batches: dict[str, Batch] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[Seen] = field(default_factory=list)
    created: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)
    troubles: list[int] = field(default_factory=list)
    polled: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def __enter__(self) -> Self:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        """The address without a path, as the anthropic SDK wants it."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def base_url(self) -> str:
        """The address as the openai SDK wants it."""
        return f"{self.url}/v1"

    def paths(self, method: str = "POST") -> list[str]:
        """Where requests of a method went, in order."""
        return [seen.path for seen in self.requests if seen.method == method]

    def asked_singly(self) -> int:
        """Requests that were no batches."""
        return sum(path in ("/v1/chat/completions", "/v1/messages") for path in self.paths())

    def begin(self, bodies: dict[str, dict]) -> Batch:
        """A new batch."""
        with self.lock:
            batch = Batch(f"batch_{len(self.batches) + 1}", bodies)
            self.batches[batch.id] = batch
        self.created.set()
        return batch

    def look(self, batch: Batch) -> None:
        """Its state is asked for: it goes on a step."""
        batch.polls += 1
        if batch.polls >= self.polls and batch.state == "in_progress":
            batch.state = self.ends
        self.polled.set()


def _handler(server: BatchServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._serve("GET", b"")

        def do_POST(self) -> None:
            self._serve("POST", self.rfile.read(int(self.headers.get("content-length", 0))))

        def _serve(self, method: str, body: bytes) -> None:
            seen = Seen(method, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            server.requests.append(seen)
            creates = method == "POST" and self.path in ("/v1/batches", "/v1/messages/batches")
            if creates and server.refuses is not None:
                status, said = server.refuses
                self._send(status, json.dumps({"error": {"message": said, "type": "error"}}).encode())
                return
            if method == "GET" and server.troubles and re.fullmatch(r".*/batches/[\w-]+", self.path):
                self._send(server.troubles.pop(0), b'{"error": {"message": "not now"}}')
                server.polled.set()
                return
            status, kind, answer = _answer(server, seen)
            if creates:
                server.may_answer.wait(10)
            if creates and server.drops:
                self.close_connection = True
                self.connection.close()
                return
            self._send(status, answer, kind)

        def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _answer(server: BatchServer, seen: Seen) -> tuple[int, str, bytes]:
    """Status, type and body."""
    path = seen.path
    if path in ("/v1/chat/completions", "/v1/messages"):
        protocol = "openai" if path.endswith("completions") else "anthropic"
        reply = Reply([server.says(json.loads(seen.body))], usage=(10, 5, 0))
        return 200, "text/event-stream", whole_stream(reply, protocol)
    if path == "/v1/files":
        name = f"file-{len(server.files) + 1}"
        server.files[name] = uploaded(seen)
        return 200, "application/json", json.dumps({"id": name, "object": "file"}).encode()
    if match := re.fullmatch(r"/v1/files/([\w-]+)/content", path):
        return 200, "application/octet-stream", server.files[match[1]]
    if path.startswith("/v1/messages/batches"):
        return _anthropic(server, seen)
    return _openai(server, seen)


def whole_stream(reply: Reply, protocol: str) -> bytes:
    """A streamed answer in one piece."""
    return stream_bytes(reply, protocol)


def uploaded(seen: Seen) -> bytes:
    """The file in a form."""
    boundary = seen.headers["content-type"].partition("boundary=")[2].encode()
    parts = [part.partition(b"\r\n\r\n") for part in seen.body.split(b"--" + boundary)]
    return next(content for head, _, content in parts if b'name="file"' in head).removesuffix(b"\r\n")


def _openai(server: BatchServer, seen: Seen) -> tuple[int, str, bytes]:
    if seen.path == "/v1/batches":
        file = json.loads(seen.body)["input_file_id"]
        lines = [json.loads(line) for line in server.files[file].split(b"\n")]
        batch = server.begin({line["custom_id"]: line["body"] for line in lines})
    else:
        batch = server.batches[seen.path.split("/")[3]]
        if seen.path.endswith("/cancel"):
            batch.state = "cancelled"
        else:
            server.look(batch)
    done = {"id": batch.id, "object": "batch", "status": batch.state, "input_file_id": "file-1"}
    done["request_counts"] = {"total": len(batch.bodies), "completed": 0, "failed": 0}
    if batch.state == "failed":
        done["errors"] = {"data": [{"code": "invalid", "message": "the file is not to the server's liking"}]}
    elif batch.state != "in_progress":
        done |= _files(server, batch)
    return 200, "application/json", json.dumps(done).encode()


def _files(server: BatchServer, batch: Batch) -> dict[str, str]:
    """Writes what an ended batch gave."""
    good, bad = [], []
    for place, (id_, body) in enumerate(batch.bodies.items()):
        fate = server.fate(id_, place)
        if fate == "answered":
            message = {"role": "assistant", "content": server.says(body)}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
            answer = {"status_code": 200, "body": {"choices": [choice], "usage": usage}}
            good.append(json.dumps({"id": "r", "custom_id": id_, "response": answer, "error": None}))
        elif fate == "failed":
            answer = {"status_code": 400, "body": {"error": {"message": "too long for this model"}}}
            bad.append(json.dumps({"id": "r", "custom_id": id_, "response": answer, "error": None}))
        elif fate == "expired":
            error = {"code": "batch_expired", "message": "This request could not be executed before the batch expired."}
            bad.append(json.dumps({"id": "r", "custom_id": id_, "response": None, "error": error}))
        elif fate == "garbage":
            good.append('{"custom_id": "' + id_ + '", "response": {"body": ["?"')
    good.reverse()  # in no order
    names = {}
    for name, lines in (("output_file_id", good), ("error_file_id", bad)):
        if lines:
            names[name] = f"file-{batch.id}-{name}"
            server.files[names[name]] = "\n".join(lines).encode()
    return names


def _anthropic(server: BatchServer, seen: Seen) -> tuple[int, str, bytes]:
    if seen.path == "/v1/messages/batches":
        requests = json.loads(seen.body)["requests"]
        batch = server.begin({request["custom_id"]: request["params"] for request in requests})
    else:
        batch = server.batches[seen.path.split("/")[4]]
    if seen.path.endswith("/results"):
        return 200, "application/x-jsonl", _results(server, batch)
    if seen.path.endswith("/cancel"):
        batch.state = "cancelled"
    elif seen.method == "GET":
        server.look(batch)
    ended = batch.state != "in_progress"
    counts = dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0)
    counts["succeeded" if ended else "processing"] = len(batch.bodies)
    state = {"id": batch.id, "type": "message_batch", "processing_status": "ended" if ended else "in_progress"}
    # An address elsewhere, to see that nobody goes there.
    state |= {"request_counts": counts, "results_url": "http://127.0.0.2:9/v1/results" if ended else None}
    return 200, "application/json", json.dumps(state).encode()


def _results(server: BatchServer, batch: Batch) -> bytes:
    lines = []
    for place, (id_, body) in enumerate(batch.bodies.items()):
        fate = server.fate(id_, place)
        if fate == "answered":
            content = [{"type": "text", "text": server.says(body)}]
            usage = {"input_tokens": 10, "output_tokens": 5}
            message = {"type": "message", "role": "assistant", "content": content, "stop_reason": "end_turn"}
            result = {"type": "succeeded", "message": message | {"usage": usage}}
        elif fate == "failed":
            error = {"type": "error", "error": {"type": "invalid_request_error", "message": "too long for this model"}}
            result = {"type": "errored", "error": error}
        elif fate == "expired":
            result = {"type": "expired"}
        else:
            result = None
        if result is not None:
            lines.append(json.dumps({"custom_id": id_, "result": result}))
        elif fate == "garbage":
            lines.append('{"custom_id": "' + id_ + '", "result": {"ty')
    return "\n".join(reversed(lines)).encode()
