"""Asks through the whole path of an ask, with a server that is a list of bytes: no socket, no waiting.

Enters: streams. Leaves: what became of each, and what was left behind.
"""

from __future__ import annotations

import asyncio
import random
import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
from scripted_server import Reply, stream_bytes

from askance.errors import AskanceError
from askance.providers import registry
from askance.records import Answer, TextDelta
from askance.settings import Settings
from askance.testing import session_for_tests

from .damage import Stream, damaged
from .reading import read

NOWHERE = "http://127.0.0.1:9"
GOOD = "A good answer."
AT_ONCE = 48
PATIENCE = 120.0
"""Seconds after which an ask counts as hung; each takes some milliseconds."""


@dataclass
class Outcome:
    """What became of a stream.

    Attributes:
        answer: what came back, None where it was an error.
        error: what was raised, None where nothing was.
        shown: the text of all its pieces.
        again: the answer to the same question asked once more, by a server that is well then.
        requests: how many requests both took.
    """

    number: int
    stream: Stream
    answer: Answer | None = None
    error: BaseException | None = None
    shown: str = ""
    again: Answer | None = None
    requests: int = 0


@dataclass
class Findings:
    """What all streams of a protocol led to.

    Attributes:
        outcomes: one for each stream.
        left: what was left behind: tasks, threads, connections.
    """

    protocol: str
    outcomes: list[Outcome] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)


class Body(httpx2.AsyncByteStream):
    """A body that arrives in pieces, and ends as it is told to."""

    def __init__(self, server: Server, stream: Stream) -> None:
        self._server = server
        self._stream = stream
        server.open += 1

    async def __aiter__(self):
        for place, part in enumerate(self._stream.parts):
            if place % 32 == 0:
                await asyncio.sleep(0)
            yield part
        if self._stream.breaks:
            raise getattr(httpx2, self._stream.breaks, OSError)("broken")

    async def aclose(self) -> None:
        self._server.open -= self._stream is not None
        self._stream = None


class Server:
    """Answers the first request about a case with its stream, every other one with a good answer."""

    def __init__(self, protocol: str, streams: Sequence[Stream]) -> None:
        self.streams = streams
        self.requests: Counter[int] = Counter()
        self.open = 0
        self._good = Stream((stream_bytes(Reply([GOOD]), protocol),))

    async def handle(self, request: httpx2.Request) -> httpx2.Response:
        """One request."""
        number = int(re.findall(rb"case-(\d+)", await request.aread())[-1])
        stream = self._good if self.requests[number] else self.streams[number]
        self.requests[number] += 1
        return httpx2.Response(stream.status, headers=stream.headers, stream=Body(self, stream), request=request)


def fuzzed(protocol: str, seed: str, number: int, monkeypatch: Any) -> Findings:
    """So many streams from a seed, each asked for, and asked for once more."""
    chance = random.Random(f"{protocol} {seed}")
    return asked(protocol, [damaged(chance, protocol) for _ in range(number)], monkeypatch)


def asked(protocol: str, streams: Sequence[Stream], monkeypatch: Any) -> Findings:
    """Ask for each of these streams."""
    server = Server(protocol, streams)

    async def handle(_transport: object, request: httpx2.Request) -> httpx2.Response:
        return await server.handle(request)

    monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", handle)
    environ = {"ANTHROPIC_API_KEY": "key-a", "ANTHROPIC_BASE_URL": NOWHERE}
    environ |= {"OPENAI_API_KEY": "key-o", "OPENAI_BASE_URL": f"{NOWHERE}/v1"}
    settings = Settings(
        gather_deadline=PATIENCE
    )  # a lookup is never late: it would count as an answer that is not kept
    session = session_for_tests(settings=settings)
    session.sender.make = lambda _name: registry.make(protocol, settings, environ, outgoing=session.outbox)
    try:
        return session.loop.run(_asked(session, server, protocol))
    finally:
        session.loop.run(session.close())
        session.loop.close()


async def _asked(session: Any, server: Server, protocol: str) -> Findings:
    findings = Findings(protocol)
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Outcome:
        async with limit:
            return await asyncio.wait_for(_one(session, server, number), PATIENCE)

    server.requests[0] = 1  # and not its stream
    await session.answer(session.make_ask("case-0, to warm up", thread="warm", max_output=1))
    server.requests.clear()
    tasks, threads = len(asyncio.all_tasks()), threading.active_count()
    findings.outcomes = list(await asyncio.gather(*map(one, range(len(server.streams)))))
    for _ in range(20):  # what the loop still has to put away
        await asyncio.sleep(0.005)
        if len(asyncio.all_tasks()) <= tasks:
            break
    left = {"tasks": len(asyncio.all_tasks()) - tasks, "connections": server.open}
    findings.left = {**left, "threads": max(0, threading.active_count() - threads - 1)}
    return findings


async def _one(session: Any, server: Server, number: int) -> Outcome:
    outcome, shown = Outcome(number, server.streams[number]), []
    # One in eight gathers context as well, which is most of what an ask costs.
    options = {"thread": f"t{number}", "context": "auto" if number % 8 == 0 else "none"}
    question = f"What of case-{number}?"
    try:
        outcome.answer = await session.answer(session.make_ask(question, **options), shown.append)
    except BaseException as error:
        if isinstance(error, asyncio.CancelledError):
            raise
        outcome.error = error
    outcome.shown = "".join(event.text for event in shown if isinstance(event, TextDelta))
    outcome.again = await session.answer(session.make_ask(question, **options))
    outcome.requests = server.requests[number]
    return outcome


def faults(findings: Findings) -> list[str]:
    """What is wrong, one line each; nothing if all is well."""
    wrong = [f"left behind: {count} {what}" for what, count in findings.left.items() if count > 0]
    for outcome in findings.outcomes:
        wrong += [f"{outcome.number} {outcome.stream.damage}: {line}" for line in _judged(outcome, findings.protocol)]
    return wrong


def _judged(outcome: Outcome, protocol: str) -> list[str]:
    expected = read(outcome.stream, protocol)
    complete = outcome.answer is not None and outcome.answer.complete
    text = outcome.answer.text if outcome.answer is not None else ""
    again = outcome.again
    assert again is not None
    kept = again.cached is not None
    checks = {
        f"foreign {outcome.error!r}": outcome.error is not None and not isinstance(outcome.error, AskanceError),
        "more than a line": "\n" in str(outcome.error or (outcome.answer and outcome.answer.notice) or ""),
        f"complete {complete}, not {expected.complete}": complete != expected.complete,
        f"text {text[-60:]!r}, not {expected.text[-60:]!r}": text != expected.text,
        "an error where text had come": outcome.error is not None and bool(expected.text),
        f"shown {outcome.shown[-60:]!r}, not {text[-60:]!r}": outcome.shown != text,
        "an incomplete answer was kept": kept and not expected.complete,
        "a whole answer was asked for again": not kept and expected.complete and bool(expected.text),
        "asked more than once": outcome.requests != (1 if kept else 2),
        "the next answer is not whole": not again.complete or (not kept and again.text != GOOD),
    }
    return [line for line, wrong in checks.items() if wrong]
