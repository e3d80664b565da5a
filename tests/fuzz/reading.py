"""What an answer is, read once more in the plainest way: the judge of what askance made of a stream.

Enters: a `Stream` and its protocol. Leaves: the text that its valid events say before the first broken one, and whether
its end mark came. Shares nothing with the package.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass

from .damage import Stream

BROKEN_REASONS = ("abort", "error", "network_error", "insufficient_system_resource", "cancelled")
LARGEST = 4_000_000


class Broken(Exception):
    """From here on it is no answer."""


@dataclass
class Reading:
    """What a stream says.

    Attributes:
        text: all of it, halves of characters put together.
        complete: whether it reached its end.
    """

    text: str = ""
    complete: bool = False


def read(stream: Stream, protocol: str) -> Reading:
    """What a careful reader makes of a stream."""
    if stream.status != 200 or "html" in stream.headers.get("Content-Type", ""):
        return Reading()
    said: list[str] = []
    tell = {"openai": _chat, "openai-responses": _responses, "anthropic": _messages}[protocol]
    state = {"reason": ""}
    complete = False
    try:
        for data in _events(*_body(stream)):
            if data.startswith("[DONE]"):
                break
            event = _json(data)
            if type(event) is not dict or event.get("error") or event.get("type") == "error":
                raise Broken
            if tell(event, said, state):
                complete = True
                break
        else:
            if stream.breaks or _unzips_badly(stream):
                raise Broken
        if protocol == "openai" and state["reason"]:
            if state["reason"] in (*BROKEN_REASONS, "content_filter"):
                raise Broken
            complete = True
    except Broken:
        complete = False
    text = "".join(said)
    text = text if complete else re.sub("[\ud800-\udbff]\\Z", "", text)  # half a character, and no more to come
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Reading(text, complete)


def _body(stream: Stream) -> tuple[bytes, bool]:
    """The bytes that can be had, and whether more would follow that cannot."""
    if stream.headers.get("Content-Encoding") != "gzip":
        return b"".join(stream.parts), False
    unzip, found = zlib.decompressobj(16 + zlib.MAX_WBITS), []
    for part in stream.parts:
        try:
            found.append(unzip.decompress(part))
        except zlib.error:
            return b"".join(found), True
    return b"".join(found), False


def _unzips_badly(stream: Stream) -> bool:
    return _body(stream)[1]


def _events(body: bytes, broken: bool):
    """By the standard: lines in pairs of field and value, an event at each empty line."""
    lines = re.split(rb"\r\n|\n|\r", body.removeprefix(b"\xef\xbb\xbf"))
    data: list[bytes] = []
    for line in lines[:-1]:
        if len(line) > LARGEST:
            raise Broken
        field, _, value = line.partition(b":")
        if field == b"data" and line:
            data.append(value.removeprefix(b" "))
            if sum(map(len, data[-3:])) > LARGEST or len(data) > LARGEST // 8:
                raise Broken
        if not line:
            if any(data) or len(data) > 1:
                yield _utf8(b"\n".join(data))
            data = []
    if len(lines[-1]) > LARGEST or broken:
        raise Broken


def _utf8(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Broken from None


def _json(data: str):
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise Broken from None


def _dict(value, *, empty: bool = True) -> dict:
    """It has to be an object; nothing at all counts as an empty one."""
    if not value and empty:
        return {}
    if type(value) is not dict:
        raise Broken
    return value


def _string(value) -> str:
    if type(value) is not str:
        raise Broken
    return value


def _member(event: dict, name: str):
    if name not in event:
        raise Broken
    return event[name]


def _chat(event, said, state) -> bool:
    usage = _dict(event.get("usage"))
    _dict(usage.get("prompt_tokens_details"))
    choices = _member(event, "choices")
    if type(choices) is not list:
        raise Broken
    for choice in [_dict(one, empty=False) for one in choices]:
        delta = _dict(choice.get("delta"))
        if words := delta.get("content") or delta.get("refusal"):
            said.append(_string(words))
        if reason := choice.get("finish_reason"):
            state["reason"] = _string(reason)
        _calls(delta)
    return False


def _calls(delta) -> None:
    """Nobody offered a tool, so they are no part of the answer; but they have to be calls."""
    calls = delta.get("tool_calls") or []
    if type(calls) is not list:
        raise Broken
    for call in calls or ([{"function": delta["function_call"]}] if delta.get("function_call") else []):
        function = _dict(_dict(call, empty=False).get("function"))
        _string(call.get("id") or "")
        _string(function.get("name") or "")
        _arguments(function.get("arguments"))
        _place(call)


def _arguments(value) -> None:
    if value and type(value) not in (str, dict):
        raise Broken


def _place(event) -> None:
    if type(event.get("index")) not in (int, bool, type(None)):
        raise Broken


def _item(kind, item) -> None:
    """A call, which is not said to the user."""
    called = kind == "response.output_item.done" and type(item) is dict and item.get("type") == "function_call"
    if called and item.get("status") != "incomplete":
        _string(item.get("call_id") or item.get("id") or "")
        _string(item.get("name") or "")
        _arguments(item.get("arguments"))


def _responses(event, said, state) -> bool:
    kind = _member(event, "type")
    _item(kind, event.get("item"))
    if kind in ("response.output_text.delta", "response.refusal.delta"):
        said.append(_string(_member(event, "delta")))
    if kind not in ("response.completed", "response.incomplete", "response.failed"):
        return False
    response = _dict(_member(event, "response"), empty=False)
    usage = _dict(response.get("usage"))
    _dict(usage.get("input_tokens_details"))
    if kind == "response.incomplete":
        reason = _dict(response.get("incomplete_details")).get("reason")
        if reason != "max_output_tokens":
            raise Broken
    if kind == "response.failed":
        raise Broken
    return True


def _block(kind, event) -> None:
    """A call, or a thought, neither of which is said to the user."""
    block, delta = event.get("content_block"), event.get("delta")
    if kind == "content_block_start" and type(block) is dict and block.get("type") == "tool_use":
        _string(block.get("id") or "")
        _string(block.get("name") or "")
        _place(event)
        _dict(block.get("input"))
    if kind == "content_block_start" and type(block) is dict and block.get("type") in ("thinking", "redacted_thinking"):
        _place(event)
    if kind == "content_block_delta" and type(delta) is dict and delta.get("type") == "input_json_delta":
        _arguments(delta.get("partial_json"))
        _place(event)


def _messages(event, said, state) -> bool:
    kind = _member(event, "type")
    _block(kind, event)
    if kind == "message_start":
        _dict(_dict(_member(event, "message"), empty=False).get("usage"))
    if kind == "content_block_delta":
        delta = _dict(_member(event, "delta"), empty=False)
        if _member(delta, "type") == "text_delta":
            said.append(_string(_member(delta, "text")))
    if kind == "message_delta":
        if reason := _dict(_member(event, "delta"), empty=False).get("stop_reason"):
            state["reason"] = _string(reason)
        _dict(event.get("usage"))
    if kind == "message_stop":
        if state["reason"] == "refusal":
            raise Broken
        return True
    return False
