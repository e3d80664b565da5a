"""A small model server on loopback whose every answer is scripted: exact words, exact pauses, exact faults.

Speaks OpenAI chat completions, OpenAI responses and Anthropic messages, streamed. Usable from synchronous tests and, by its address,
from a kernel under test:

    with ScriptedServer([Reply(["Hel", "lo"])]) as server:
        ... ask server.base_url (openai) or server.anthropic_url ...
        server.requests[0].json["messages"]
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self


@dataclass(frozen=True)
class Call:
    """A call for a tool, as a step of a reply.

    Attributes:
        name: of the tool.
        arguments: the pieces that they are sent in; numbers are seconds of silence.
        id: the call's name at the server.
        whole: whether it is all of the call; False where the answer's limit cuts it off.
    """

    name: str
    arguments: Sequence[str | float] = ("{}",)
    id: str = "call-1"
    whole: bool = True


@dataclass(frozen=True)
class Reply:
    """One answer.

    Attributes:
        steps: str: a piece of text; a `Call`; bytes: sent raw; int or float: seconds of silence.
        end: whether the end mark is sent after the steps.
        reason: OpenAI's finish reason, translated for Anthropic ("stop", "length", "content_filter"); "stop" after calls
            is what a server says then.
        usage: (input, output, cached) tokens, None for a server that does not count.
        status: anything but 200 sends `body` in place of a stream.
        body: what an error carries; with status 200 it is sent in place of a stream.
        headers: more headers.
        reset: break the connection after the steps, in the middle of the body.
        silent: seconds before the first byte of any kind.
        every: seconds from one step to the next, kept on the whole however long the sending takes.
        raw: send the steps' bytes and nothing around them.
    """

    steps: Sequence[str | bytes | float | Call] = ()
    end: bool = True
    reason: str = "stop"
    usage: tuple[int, int, int] | None = (10, 5, 4)
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False
    silent: float = 0.0
    every: float = 0.0
    raw: bool = False


def error(status: int, message: str, kind: str = "error", **headers: str) -> Reply:
    """An error as both protocols send it."""
    body = json.dumps({"type": "error", "error": {"type": kind, "message": message}}).encode()
    return Reply(status=status, body=body, headers={"Content-Type": "application/json", **headers})


@dataclass
class Request:
    """What a client sent, byte for byte, and what became of it.

    Attributes:
        first_text: when the first piece of text was sent, in seconds of `time.monotonic`; None before.
        last_text: when the last one was.
    """

    path: str
    headers: dict[str, str]
    body: bytes
    first_text: float | None = None
    last_text: float | None = None
    closed_early: threading.Event = field(default_factory=threading.Event)
    answered: threading.Event = field(default_factory=threading.Event)

    @property
    def json(self):
        """The body, parsed."""
        return json.loads(self.body)


class ScriptedServer:
    """Gives its replies in order, the last one again and again. A context manager; runs on a thread of its own."""

    def __init__(self, replies: Sequence[Reply], models: Sequence[str] = ("scripted-model",)) -> None:
        self.requests: list[Request] = []
        self.models = tuple(models)
        self.port = 0
        self._replies = list(replies)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scripted-server", daemon=True)

    @property
    def base_url(self) -> str:
        """The address as the openai SDK wants it."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def anthropic_url(self) -> str:
        """The address as the anthropic SDK wants it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def asked(self) -> list[Request]:
        """The requests for an answer, without those for a list of models."""
        return [request for request in self.requests if not request.path.endswith("/models")]

    @property
    def open(self) -> int:
        """How many connections are open."""
        return len(self._talks)

    def say(self, *replies: Reply) -> None:
        """What is answered from now on."""
        self._replies[:] = replies

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._talks: set[asyncio.Task] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        try:
            while request := await _read(reader):
                self.requests.append(request)
                if request.path.endswith("/models"):
                    listed = json.dumps({"object": "list", "data": [{"id": m, "object": "model"} for m in self.models]})
                    await _plain(writer, 200, listed.encode(), {"Content-Type": "application/json"})
                elif not await self._answer(request, self._next(), reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            pass
        finally:
            self._talks.discard(talk)
            writer.close()

    def _next(self) -> Reply:
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]

    async def _answer(self, request: Request, reply: Reply, reader, writer) -> bool:
        """Whether the connection may carry another request."""
        reply = reply(request) if callable(reply) else reply  # one that depends on what was asked
        await asyncio.sleep(reply.silent)
        if reply.status != HTTPStatus.OK or reply.body:
            await _plain(writer, reply.status, reply.body, reply.headers)
            request.answered.set()
            return True
        if request.json.get("stream") is not True:
            await self._whole(request, reply, writer)
            request.answered.set()
            return True
        shape = _shape(request.path)
        sending = asyncio.ensure_future(self._stream(request, reply, shape, writer))
        leaving = asyncio.ensure_future(reader.read(1))
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finished = sending.done()
        for task in (sending, leaving):
            task.cancel()
        sent, _ = await asyncio.gather(sending, leaving, return_exceptions=True)
        (request.answered if finished and sent is None else request.closed_early).set()
        return False

    @staticmethod
    async def _whole(request: Request, reply: Reply, writer) -> None:
        """For who does not want a stream: OpenAI's answer in one piece, when the stream would have ended."""
        begun, said = time.monotonic(), [step for step in reply.steps if isinstance(step, str)]
        await asyncio.sleep(len(said) * reply.every + sum(s for s in reply.steps if isinstance(s, int | float)))
        request.first_text, request.last_text = begun + reply.every, time.monotonic()
        choice = {"index": 0, "message": {"role": "assistant", "content": "".join(said)}, "finish_reason": reply.reason}
        usage = {"prompt_tokens": 1, "completion_tokens": len(said), "total_tokens": 1 + len(said)}
        whole = {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [choice],
            "usage": usage,
        }
        await _plain(writer, 200, json.dumps(whole).encode(), {"Content-Type": "application/json"})

    @staticmethod
    async def _stream(
        request: Request, reply: Reply, shape: Callable[[Reply], Iterator[bytes | float]], writer
    ) -> None:
        head = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked", **reply.headers}
        await _send(writer, _head(200, {**head, "Connection": "close"}))
        due = time.monotonic()
        for part in reply.steps if reply.raw else shape(reply):
            if isinstance(part, bytes):
                if isinstance(part, _TextEvent):
                    due += reply.every
                    await _sleep_until(due, reply.every)
                    request.last_text = time.monotonic()
                    request.first_text = request.first_text or request.last_text
                await _send(writer, b"%x\r\n%b\r\n" % (len(part), part))
            else:
                await asyncio.sleep(part)
        if reply.reset:
            writer.transport.abort()
        else:
            await _send(writer, b"0\r\n\r\n")


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(first.split(" ")[1], headers, body)


async def _plain(writer, status: int, body: bytes, headers: dict[str, str]) -> None:
    await _send(writer, _head(status, {**headers, "Content-Length": str(len(body))}) + body)


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase if status in set(HTTPStatus) else 'Odd'}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()


async def _send(writer, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


async def _sleep_until(due: float, every: float) -> None:
    if every:
        await asyncio.sleep(due - time.monotonic())


class _TextEvent(bytes):
    """An event with a piece of the answer in it."""


def _event(value: object, name: str = "") -> bytes:
    lead = f"event: {name}\n" if name else ""
    return f"{lead}data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def events(reply: Reply, protocol: str) -> list[bytes]:
    """The events of an answer without pauses, as the protocol has them."""
    path = {"openai": "/completions", "openai-responses": "/responses", "anthropic": "/messages"}[protocol]
    return [part for part in _shape(path)(reply) if isinstance(part, bytes)]


def stream_bytes(reply: Reply, protocol: str) -> bytes:
    """The same as the body of a response."""
    return b"".join(events(reply, protocol))


def _shape(path: str) -> Callable[[Reply], Iterator[bytes | float]]:
    """What answers at an address look like."""
    return _anthropic if "/messages" in path else _responses if path.endswith("/responses") else _openai


def _openai(reply: Reply) -> Iterator[bytes | float]:
    def chunk(delta: dict, reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return _event({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})

    calls = 0
    for step in reply.steps:
        if isinstance(step, Call):
            begun = {"id": step.id, "type": "function", "function": {"name": step.name, "arguments": ""}}
            yield chunk({"tool_calls": [{"index": calls, **begun}]})
            for piece in step.arguments:
                more = {"index": calls, "function": {"arguments": piece}}
                yield chunk({"tool_calls": [more]}) if isinstance(piece, str) else piece
            calls += 1
        else:
            yield _TextEvent(chunk({"content": step})) if isinstance(step, str) else step
    if not reply.end or reply.reset:
        return
    yield chunk({}, "tool_calls" if calls and reply.reason == "stop" else reply.reason)
    if reply.usage:
        given, made, cached = reply.usage
        usage = {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made}
        usage["prompt_tokens_details"] = {"cached_tokens": cached}
        yield _event(
            {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": usage}
        )
    yield b"data: [DONE]\n\n"


def _responses(reply: Reply) -> Iterator[bytes | float]:
    def event(kind: str, **more: object) -> bytes:
        return _event({"type": kind, "sequence_number": 1, **more}, kind)

    yield event("response.created", response={"id": "r1", "status": "in_progress", "error": None, "usage": None})
    place = {"item_id": "i1", "output_index": 0, "content_index": 0}
    yield event("response.content_part.added", **place, part={"type": "output_text", "text": "", "annotations": []})
    for number, step in enumerate(reply.steps):
        if isinstance(step, Call):
            last = number == len(reply.steps) - 1
            yield from _called(event, step, number + 1, ends=not last or (reply.end and not reply.reset))
            continue
        is_text = isinstance(step, str)
        yield _TextEvent(event("response.output_text.delta", **place, delta=step, logprobs=[])) if is_text else step
    if not reply.end or reply.reset:
        return
    yield event("response.output_text.done", **place, text="".join(s for s in reply.steps if isinstance(s, str)))
    whole = reply.reason == "stop"
    reason = {"length": "max_output_tokens"}.get(reply.reason, reply.reason)
    response = {"id": "r1", "status": "completed" if whole else "incomplete", "error": None}
    response["incomplete_details"] = None if whole else {"reason": reason}
    if reply.usage:
        given, made, cached = reply.usage
        details = {"input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0}}
        response["usage"] = {"input_tokens": given, **details, "output_tokens": made, "total_tokens": given + made}
    yield event("response.completed" if whole else "response.incomplete", response=response)


def _called(event: Callable[..., bytes], call: Call, place: int, *, ends: bool) -> Iterator[bytes | float]:
    """A call as responses have it: an item that grows, and comes once more when it is whole."""
    item = {"id": f"fc{place}", "type": "function_call", "call_id": call.id, "name": call.name, "arguments": ""}
    yield event("response.output_item.added", output_index=place, item={**item, "status": "in_progress"})
    for piece in call.arguments:
        growing = {"item_id": item["id"], "output_index": place, "delta": piece}
        yield event("response.function_call_arguments.delta", **growing) if isinstance(piece, str) else piece
    if not ends:
        return
    whole = "".join(piece for piece in call.arguments if isinstance(piece, str))
    status = "completed" if call.whole else "incomplete"
    yield event("response.function_call_arguments.done", item_id=item["id"], output_index=place, arguments=whole)
    yield event("response.output_item.done", output_index=place, item={**item, "arguments": whole, "status": status})


def _anthropic(reply: Reply) -> Iterator[bytes | float]:
    given, made, cached = reply.usage or (0, 0, 0)
    usage = {"input_tokens": given - cached, "cache_read_input_tokens": cached, "output_tokens": 0}
    message = {"id": "m1", "type": "message", "role": "assistant", "content": [], "model": "m", "stop_reason": None}
    yield _event(
        {"type": "message_start", "message": {**message, "stop_sequence": None, "usage": usage}}, "message_start"
    )
    block = {"type": "text", "text": ""}
    yield _event({"type": "content_block_start", "index": 0, "content_block": block}, "content_block_start")
    place, calling = 0, False
    for step in reply.steps:
        if isinstance(step, Call) or (calling and isinstance(step, str)):
            yield _event({"type": "content_block_stop", "index": place}, "content_block_stop")
            place, calling = place + 1, isinstance(step, Call)
            tool = {"type": "tool_use", "id": step.id, "name": step.name, "input": {}} if calling else block
            yield _event({"type": "content_block_start", "index": place, "content_block": tool}, "content_block_start")
        for piece in step.arguments if isinstance(step, Call) else [step]:
            told = (
                {"type": "input_json_delta", "partial_json": piece}
                if calling
                else {"type": "text_delta", "text": piece}
            )
            delta = {"type": "content_block_delta", "index": place, "delta": told}
            kind = bytes if calling else _TextEvent
            yield kind(_event(delta, "content_block_delta")) if isinstance(piece, str) else piece
    if not reply.end or reply.reset:
        return
    ends = {"stop": "tool_use" if any(isinstance(step, Call) for step in reply.steps) else "end_turn"}
    reason = {**ends, "length": "max_tokens", "content_filter": "refusal"}[reply.reason]
    yield _event({"type": "content_block_stop", "index": place}, "content_block_stop")
    ending = {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}}
    yield _event({**ending, "usage": {"output_tokens": made}}, "message_delta")
    yield _event({"type": "message_stop"}, "message_stop")
