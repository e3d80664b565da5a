"""Whole streams of all three protocols, and damage of every kind done to them, from a seed.

Enters: a seeded chance. Leaves: `Stream`s: what a server sends, in the pieces it sends it in, and how its connection ends.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scripted_server import Call, Reply, events

PROTOCOLS = ("openai", "openai-responses", "anthropic")

WORDS = (
    *("The ", "mean ", "of `df` ", "is 4.2.", "\n", "\n\n", "```python\n", "print(df)\n", "```\n", " ", "<b>", "&amp;"),
    *(
        "🐍",
        "naïve ",
        "漢字",
        "e\u0301",
        "👩\u200d👩\u200d👧",
        "\u2028",
        "\x00",
        "\\",
        '"',
        "data: x",
        "[DONE]",
        "\r\n",
        "<EMAIL_1>",
    ),
    *("\ud83d", "\udc0d", "a" * 400, "{", "}", "\u202e", "%%ask ", "\t- [ ] "),
)

ODD_VALUES: Sequence[Any] = (
    *(None, True, False, 0, -1, 1.5, 10**40, float("nan"), float("inf"), "", "x", "stop", "\ud800", "5"),
    *([], {}, [None], [[]], {"": None}, {"type": "text_delta"}, {"error": {"message": "boom"}}, ["stop"], -(10**9)),
)

CALLS = re.compile(rb"tool_calls|tool_use|input_json_delta|function_call")
"""Marks the events that are about calls."""

ARGUMENTS = (
    *('{"path": "a.py"}', '{"text": "{\\"}\\\\"}', "{}", "", '{"deep": [[{"a": [1, {}]}]]}'),
    *("null", '{"half": ', '{"half": "\ufdd0"}', "[1]", "}{", '{"n": NaN}'),
)
"""What models write for arguments; \ufdd0 stands for half a character."""

BREAKS = ("ReadError", "RemoteProtocolError", "ReadTimeout", "OSError")
"""How a connection may end: the names of httpx's exceptions, and one that is not its own."""


@dataclass(frozen=True)
class Stream:
    """What a server sends.

    Attributes:
        parts: the body's bytes, as they arrive.
        status: the HTTP status.
        headers: what stands before it.
        breaks: the name of what happens after the last part; "" for a clean end.
        damage: what was done to it, for people.
    """

    parts: tuple[bytes, ...]
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/event-stream"})
    breaks: str = ""
    damage: tuple[str, ...] = ()


def calling(chance: random.Random, number: int) -> list[Call]:
    """So many calls, each in pieces."""
    made = []
    for place in range(number):
        arguments = chance.choice(ARGUMENTS)
        cuts = sorted(chance.randrange(len(arguments) + 1) for _ in range(chance.randrange(4)))
        pieces = [arguments[a:b] for a, b in zip([0, *cuts], [*cuts, len(arguments)], strict=True)]
        made.append(Call(chance.choice(["read_file", "list_files", "run_python"]), pieces, f"call-{place}"))
    return made


def whole(chance: random.Random, protocol: str) -> tuple[str, list[bytes]]:
    """A good answer: its text, and its events."""
    steps = [chance.choice(WORDS) for _ in range(chance.randrange(0, 9))]
    usage = chance.choice([None, (10, 5, 4)])
    reply = Reply(steps, usage=usage, reason=chance.choice(["stop", "stop", "length"]))
    return "".join(steps), [escaped(event) for event in events(_plain(reply), protocol)]


def _plain(reply: Reply) -> Reply:
    """With halves of characters as JSON escapes: nobody can send them raw."""
    return replace(reply, steps=[_HALF.get(step, step) for step in reply.steps])


_HALF = dict(zip("\ud83d\udc0d", "\ufdd0\ufdd1", strict=True))


def escaped(event: bytes) -> bytes:
    """With halves of characters as JSON escapes."""
    return event.replace("\ufdd0".encode(), b"\\ud83d").replace("\ufdd1".encode(), b"\\udc0d")


def damaged(chance: random.Random, protocol: str) -> Stream:
    """A stream with up to three kinds of damage; one in twelve has none but odd pieces."""
    _, told = whole(chance, protocol)
    done = []
    for kind in chance.sample(EVENT_DAMAGE, chance.choice([0, 0, 1, 1, 1, 2, 3])):
        told = kind(chance, told, protocol) if told else told
        done.append(kind.__name__)
    body = b"".join(told)
    for other in chance.sample(BYTE_DAMAGE, chance.choice([0, 0, 0, 1, 1, 2]) if done else chance.choice([0, 1, 1, 2])):
        body = other(chance, body)
        done.append(other.__name__)
    stream = Stream((body,), damage=tuple(done))
    if chance.random() < 0.12:
        stream = chance.choice(SERVER_DAMAGE)(chance, stream)
    return replace(stream, parts=in_pieces(chance, b"".join(stream.parts)))


def in_pieces(chance: random.Random, body: bytes) -> tuple[bytes, ...]:
    """Of one size, of sizes at random, or whole; with empty ones between."""
    if len(body) > 20_000 or chance.random() < 0.2:
        size = 65_536
        return tuple(body[at : at + size] for at in range(0, len(body), size))
    most = chance.choice([1, 2, 3, 7, 40, 300])
    if chance.random() < 0.5:
        return tuple(body[at : at + most] for at in range(0, len(body), most))
    found, at = [], 0
    while at < len(body):
        size = chance.randrange(0, most + 1)
        found.append(body[at : at + size])
        at += size
    return tuple(found)


# Damage to events.


def drop(chance, told, protocol):
    at = chance.randrange(len(told))
    return told[:at] + told[at + 1 :]


def double(chance, told, protocol):
    at = chance.randrange(len(told))
    return [*told[:at], *[told[at]] * chance.choice([2, 2, 5]), *told[at + 1 :]]


def swap(chance, told, protocol):
    told = list(told)
    chance.shuffle(told)
    return told


def cut_off(chance, told, protocol):
    return told[: chance.randrange(len(told) + 1)]


def text_after_the_end(chance, told, protocol):
    return told + whole(chance, protocol)[1][: chance.randrange(1, 5)]


def another_protocol(chance, told, protocol):
    at = chance.randrange(len(told) + 1)
    other = whole(chance, chance.choice([name for name in PROTOCOLS if name != protocol]))[1]
    return told[:at] + chance.sample(other, min(len(other), chance.choice([1, 2, 9]))) + told[at:]


def odd_line(chance, told, protocol):
    at = chance.randrange(len(told) + 1)
    lines = [
        *(
            b": keep-alive\n\n",
            b"event: ping\n\n",
            b"retry: 3000\n\n",
            b"id: 7\n\n",
            b"data:\n\n",
            b"data: \n\n",
            b"\n\n\n",
        ),
        *(
            b"data: 42\n\n",
            b"data: null\n\n",
            b"data: []\n\n",
            b"data: {}\n\n",
            b'data: "text"\n\n',
            b"data: {broken\n\n",
        ),
        *(
            b"data: [DONE]\n\n",
            b"data: NaN\n\n",
            b"data\n\n",
            b"dat: {}\n\n",
            b"database: 1\n\n",
            b"data: \xff\xfe\n\n",
        ),
        *(
            b"data: " + b"9" * 5000 + b"\n\n",
            b"data: " + b"[" * 100_000 + b"\n\n",
            b'event: error\ndata: {"type": "error"}\n\n',
        ),
        *(b'data: {"error": "boom"}\n\n', b'event: error\ndata: {"error": {"message": "rate limit", "type": "x"}}\n\n'),
        *(
            b"<html><body>Bad gateway</body></html>\n",
            b'data: {"choices": [{"delta": \ndata: {"content": "two lines"}}]}\n\n',
        ),
        *(b'data: {"type": "ping"}\n\n', b'data: {"type": "response.queued"}\n\n', b"data: {}\ndata: {}\n\n"),
    ]
    return [*told[:at], chance.choice(lines), *told[at:]]


def tool_call(chance, told, protocol):
    """Nobody offered any tool: some or all of the events of calls, in a row or here and there."""
    calls = calling(chance, chance.choice([1, 1, 2]))
    told_of = events(Reply([*calls, ""], end=False), protocol)
    events_of = [escaped(event) for event in told_of if CALLS.search(event)]
    if chance.random() < 0.5:
        at = chance.randrange(len(told) + 1)
        return [*told[:at], *events_of, *told[at:]]
    told = list(told)
    for event in chance.sample(events_of, chance.randrange(1, len(events_of) + 1)):
        told.insert(chance.randrange(len(told) + 1), event)
    return told


def odd_value(chance, told, protocol):
    """One value of one event is another: null, of a wrong type, huge, no number, deep."""
    at = chance.randrange(len(told))
    name, found, data = told[at].partition(b"data: ")
    try:
        event = json.loads(data) if found else None
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict) or not event:
        return told
    _put(chance, event, chance.choice(ODD_VALUES) if chance.random() < 0.9 else _deep(chance.choice([5, 400, 5000])))
    try:
        text = json.dumps(event)
    except RecursionError:
        text = "[" * 5000 + "]" * 5000
    return [*told[:at], name + b"data: " + text.encode() + b"\n\n", *told[at + 1 :]]


def _put(chance, event, value):
    holder, place = event, chance.choice([*event])
    while isinstance(holder[place], (dict, list)) and holder[place] and chance.random() < 0.8:
        holder = holder[place]
        place = chance.choice([*holder]) if isinstance(holder, dict) else chance.randrange(len(holder))
    if isinstance(holder, dict) and chance.random() < 0.15:
        del holder[place]
    else:
        holder[place] = value


def _deep(levels):
    value: Any = "x"
    for _ in range(min(levels, 400)):
        value = [value]
    return value


EVENT_DAMAGE: Sequence[Callable[..., list[bytes]]] = (
    *(
        drop,
        double,
        swap,
        cut_off,
        text_after_the_end,
        another_protocol,
        odd_line,
        odd_line,
        tool_call,
        odd_value,
        odd_value,
    ),
)


# Damage to bytes.


def cut(chance, body):
    return body[: chance.randrange(len(body) + 1)]


def flip(chance, body):
    body = bytearray(body)
    for _ in range(chance.choice([1, 1, 3, 20])):
        if body:
            body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)


def insert(chance, body):
    at = chance.randrange(len(body) + 1)
    junk = (b"\n\n", b"\r", b"\xff", b"\xf0\x9f", b'"', b"data: ", b"\x00", b"\xef\xbb\xbf", chance.randbytes(9), b"}{")
    return body[:at] + chance.choice(junk) + body[at:]


def take_out(chance, body):
    at, size = chance.randrange(len(body) + 1), chance.randrange(1, 40)
    return body[:at] + body[at + size :]


def crlf(chance, body):
    return body.replace(b"\n", b"\r\n")


def cr(chance, body):
    return body.replace(b"\n", b"\r")


def mixed_ends(chance, body):
    return b"".join(line + chance.choice([b"\n", b"\r", b"\r\n"]) for line in body.split(b"\n"))


def no_ends(chance, body):
    return body.replace(b"\n", b"")


def no_last_end(chance, body):
    return body.rstrip(b"\n") + chance.choice([b"", b"\n"])


def mark_first(chance, body):
    return b"\xef\xbb\xbf" + body


BYTE_DAMAGE = (cut, flip, insert, take_out, crlf, cr, mixed_ends, no_ends, no_last_end, mark_first)


# Damage by the server, or by what stands before it.


def page(chance, stream):
    body = b"<!doctype html><title>Log in</title>" + chance.choice([b"", b"\ndata: {}\n\n"])
    kind = chance.choice(["text/html", "text/html; charset=utf-8", "text/event-stream"])
    return replace(stream, parts=(body,), headers={"Content-Type": kind}, damage=("page",))


def error_with_200(chance, stream):
    body = json.dumps({"error": {"message": "quota exceeded", "type": "insufficient_quota"}}).encode()
    kind = chance.choice(["application/json", "text/event-stream"])
    return replace(stream, parts=(body,), headers={"Content-Type": kind}, damage=("error_with_200",))


def refused(chance, stream):
    status = chance.choice([400, 401, 404, 422, 429, 500, 503, 418])
    body = chance.choice(
        [b"", b"{", b"null", b"[1]", b'{"error": null}', b'{"error": {"message": 5}}', b"\xff", b"<p>"]
    )
    return replace(stream, parts=(body,), status=status, headers={"x-should-retry": "false"}, damage=("refused",))


def nothing(chance, stream):
    return replace(stream, parts=(), damage=("nothing",))


def broken(chance, stream):
    return replace(stream, breaks=chance.choice(BREAKS), damage=(*stream.damage, "broken"))


def zipped(chance, stream):
    body = gzip.compress(b"".join(stream.parts), 1)
    body = chance.choice([body, body, flip(chance, body), cut(chance, body), b"garbage", b"\x1f\x8b" + body])
    headers = {**stream.headers, "Content-Encoding": "gzip"}
    return replace(stream, parts=(body,), headers=headers, damage=(*stream.damage, "zipped"))


def endless(chance, stream):
    line = chance.choice([b"x", b"data: ", b"data: x\n", b": x"])
    body = b"".join(stream.parts) + line * (5_000_000 // len(line))
    return replace(stream, parts=(body,), damage=(*stream.damage, "endless"))


SERVER_DAMAGE = (*(page, error_with_200, refused, nothing, broken, broken, zipped) * 6, endless)
