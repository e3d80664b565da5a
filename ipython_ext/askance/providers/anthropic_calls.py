"""Tools as Anthropic's messages have them: blocks beside those of text.

Enters: a `Prompt`, or the events of an answer. Leaves: parts of a request, or calls.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..records import CallChunk, Message, Prompt
from .calls import Calls, Coming, arguments_of, told_kept, told_name, told_object
from .streaming import fields, text

_THOUGHT = "thinking"
"""What a model thought before it called for tools: servers that let it think want to read it again, unchanged."""

_THOUGHTS = ("thinking", "redacted_thinking")


def tools_of(prompt: Prompt) -> dict[str, Any]:
    """The parts of a request that are about tools; none if there are none."""
    if not prompt.tools:
        return {}
    tools = [
        {"name": tool.name, "description": tool.description, "input_schema": json.loads(tool.schema)}
        for tool in prompt.tools
    ]
    return {"tools": tools, **({} if prompt.may_call else {"tool_choice": {"type": "none"}})}


def content_of(message: Message) -> str | list[dict[str, Any]]:
    """A message's content: its words alone, if it has nothing else."""
    return blocks_of(message) if message.calls or message.results else message.content


def blocks_of(message: Message) -> list[dict[str, Any]]:
    """A message's content as blocks; there is always one."""
    results = [
        {"type": "tool_result", "tool_use_id": result.id, "content": result.text, "is_error": result.failed}
        for result in message.results
    ]
    thoughts = [block for call in message.calls for block in told_kept(call).get(_THOUGHT, ())]
    calls = [
        {"type": "tool_use", "id": call.id, "name": told_name(call), "input": told_object(call)}
        for call in message.calls
    ]
    around = bool(results or calls)
    words = [{"type": "text", "text": message.content}] if message.content.strip() or not around else []
    return [*results, *thoughts, *words, *calls]  # a server refuses text without words, and results behind them


class BlockCalls:
    """The calls of one answer, from its events."""

    def __init__(self) -> None:
        self._calls = Calls()
        self._open: dict[int | None, Coming] = {}
        self._thoughts: dict[int | None, dict[str, Any]] = {}

    @property
    def told(self) -> bool:
        """Whether any was given out."""
        return self._calls.told

    def rest(self, *, cut: bool) -> Iterator[CallChunk]:
        """All others, at the answer's end; see `Calls.rest`."""
        return self._calls.rest(cut=cut)

    def feed(self, kind: object, event: dict[str, Any]) -> Iterator[CallChunk]:
        """The calls that this event makes whole.

        Raises:
            TypeError, ValueError: it is about a call, and not made as such an event is.
        """
        block, delta = event.get("content_block"), event.get("delta")
        if kind == "content_block_start" and isinstance(block, dict):
            self._begin(event, block)
        elif kind == "content_block_delta" and isinstance(delta, dict):
            self._add(event, delta)
        elif kind == "content_block_stop":
            self._end(event.get("index"))
        yield from self._calls.ready()

    def _end(self, place: object) -> None:
        call = self._open.pop(place, None) if isinstance(place, int | None) else None
        if call is not None:
            call.over = True

    def _begin(self, event: dict[str, Any], block: dict[str, Any]) -> None:
        if block.get("type") in _THOUGHTS:
            self._thoughts[_place(event)] = dict(block)
        if block.get("type") != "tool_use":
            return
        call = self._calls.begin(text(block.get("id") or ""), text(block.get("name") or ""))
        self._open[_place(event)] = call
        if given := fields(block.get("input")):
            call.add(json.dumps(given))
        if self._thoughts:
            call.kept[_THOUGHT], self._thoughts = list(self._thoughts.values()), {}

    def _add(self, event: dict[str, Any], delta: dict[str, Any]) -> None:
        kind = delta.get("type")
        if kind == "input_json_delta":
            said, call = arguments_of(delta.get("partial_json")), self._open.get(_place(event))
            if call is not None:
                call.add(said)
        elif kind in ("thinking_delta", "signature_delta") and (thought := self._thoughts.get(_place(event))):
            field = kind.removesuffix("_delta")
            thought[field] = f"{thought.get(field) or ''}{delta.get(field) or ''}"


def _place(event: dict[str, Any]) -> int | None:
    place = event.get("index")
    if place is not None and not isinstance(place, int):
        raise TypeError
    return place
