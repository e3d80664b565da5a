"""Tools as chat completions have them, and as the many servers have them that speak nearly like it.

Enters: a `Prompt`, or the pieces of an answer. Leaves: parts of a request, or calls.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..records import CallChunk, Message, Prompt
from .calls import Calls, Coming, arguments_of, told_kept, told_name, told_text
from .streaming import fields, listed, text

_LEGACY = -1
"""Where the one call stands that older servers know, in place of a number."""

_SIGNED = "extra_content"
"""Gemini signs its thoughts in it, and refuses a call that comes back without."""

_THOUGHT = "reasoning_content"
"""What DeepSeek and Kimi thought before they called for tools, which they want to read again."""


def tools_of(prompt: Prompt) -> dict[str, Any]:
    """The parts of a request that are about tools; none if there are none."""
    if not prompt.tools:
        return {}
    functions = [
        {"name": tool.name, "description": tool.description, "parameters": json.loads(tool.schema)}
        for tool in prompt.tools
    ]
    tools = [{"type": "function", "function": function} for function in functions]
    return {"tools": tools, **({} if prompt.may_call else {"tool_choice": "none"})}


def messages_of(message: Message) -> Iterator[dict[str, Any]]:
    """A message of ours as theirs: each result is one of its own."""
    for result in message.results:
        yield {"role": "tool", "tool_call_id": result.id, "content": result.text}
    if not message.calls:
        if message.content or not message.results:
            yield {"role": message.role, "content": message.content}
        return
    thoughts = {k: v for call in message.calls for k, v in told_kept(call).items() if k == _THOUGHT}
    yield {
        "role": message.role,
        "content": message.content or None,
        **thoughts,
        "tool_calls": [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": told_name(call), "arguments": told_text(call)},
                **{k: v for k, v in told_kept(call).items() if k == _SIGNED},
            }
            for call in message.calls
        ],
    }


class ChatCalls:
    """The calls of one answer, from its deltas.

    By the book, a delta's entry has the number of its call, and the first one also has its id and its name. Servers leave
    out either, repeat both, make up an id for every piece, give all calls the same number, or send a call whole.
    """

    def __init__(self) -> None:
        self._calls = Calls()
        self._places: dict[int, Coming] = {}
        self._ids: dict[str, Coming] = {}
        self._last: Coming | None = None
        self._thought: list[str] = []

    @property
    def told(self) -> bool:
        """Whether any was given out."""
        return self._calls.told

    def rest(self, *, cut: bool) -> Iterator[CallChunk]:
        """All others, at the answer's end; see `Calls.rest`."""
        return self._calls.rest(cut=cut)

    def feed(self, delta: Any, *, finished: bool = False) -> Iterator[CallChunk]:
        """The calls that this delta makes whole.

        Args:
            delta: what the server added to its answer.
            finished: whether it said that this was all.

        Raises:
            TypeError, ValueError, AttributeError: it is not made as a delta is.
        """
        if isinstance(thought := delta.get(_THOUGHT), str):
            self._thought.append(thought)
        entries = listed(delta.get("tool_calls") or [])
        if not entries and (legacy := delta.get("function_call")):
            entries = [{"index": _LEGACY, "function": legacy}]
        met: list[Coming] = []
        for entry in entries:
            self._take(entry, met)
        yield from self._calls.ready(finished=finished)

    def _take(self, entry: Any, met: list[Coming]) -> None:
        function = fields(entry.get("function"))
        id_, name = text(entry.get("id") or ""), text(function.get("name") or "")
        arguments = arguments_of(function.get("arguments"))
        place = _place(entry.get("index"))
        call = self._of(place, id_)
        if call is None or (place is None and name and call in met) or _another(call, id_, name, arguments):
            call = self._begun()
        if place is not None:
            self._places[place] = call
        met.append(call)
        self._last, call.id = call, call.id or id_
        if call.id:
            self._ids[call.id] = call
        call.named(name)
        call.add(arguments)
        if isinstance(entry.get(_SIGNED), dict):
            call.kept[_SIGNED] = entry[_SIGNED]

    def _of(self, place: int | None, id_: str) -> Coming | None:
        if place is not None:
            return self._places.get(place)
        return self._ids.get(id_, self._last)

    def _begun(self) -> Coming:
        call = self._calls.begin()
        if self._thought:
            call.kept[_THOUGHT], self._thought = "".join(self._thought), []
        return call


def _place(index: object) -> int | None:
    if not isinstance(index, int | None):
        raise TypeError
    return index


def _another(call: Coming, id_: str, name: str, arguments: str) -> bool:
    """Whether an entry begins a call, though it stands where one stood before."""
    if not name or (id_ and id_ == call.id):
        return False
    if id_ and call.id:
        return True
    return call.whole and (name, arguments.strip()) not in ((call.name, ""), (call.name, call.arguments.strip()))
