"""OpenAI's responses, streamed: the other protocol behind the openai SDK's door.

Enters: a `GatedPrompt`. Leaves: chunks. Nothing is kept at the server: every request is whole.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from ..errors import BrokenStream, ProviderError
from ..records import CallChunk, Chunk, EndChunk, Message, Prompt, TextChunk, Usage, UsageChunk
from .calls import Calls, arguments_of, told_name, told_text
from .endpoint import Endpoint
from .faults import AGAIN, ErrorEvent
from .openai import OpenAIProvider, first_listed
from .streaming import count, text

LEAST_OUTPUT = 16
"""Tokens of answer below which OpenAI's server refuses a request."""

_TEXT = ("response.output_text.delta", "response.refusal.delta")
_ENDS = ("response.completed", "response.incomplete", "response.failed")

_REHEARSAL = b"""event: response.output_text.delta
data: {"type": "response.output_text.delta", "item_id": "", "output_index": 0, "content_index": 0, "delta": ""}

event: response.completed
data: {"type": "response.completed", "response": {"status": "completed", "usage": {"input_tokens": 0,\
 "output_tokens": 0}}}

"""


class ResponsesProvider(OpenAIProvider):
    """Responses at an endpoint; see `StreamingProvider`."""

    rehearsal = _REHEARSAL
    path = "/responses"

    async def _body(self, client: Any, prompt: Prompt, to: Endpoint) -> dict[str, Any]:
        return _request(prompt, prompt.model or await first_listed(client, to))

    def _chunks(self, events: Any) -> AsyncIterator[Chunk]:
        return _chunks(events, self.name)


def _request(prompt: Prompt, model: str) -> dict[str, Any]:
    return {
        "model": model,
        "input": [item for message in prompt.messages for item in _items(message)],
        "stream": True,
        "store": False,
        "max_output_tokens": max(LEAST_OUTPUT, prompt.max_output),
        **({"instructions": prompt.system} if prompt.system else {}),
        **({} if prompt.temperature is None else {"temperature": prompt.temperature}),
        **({"text": {"format": _format(prompt.schema)}} if prompt.schema else {}),
        **_tools(prompt),
    }


def _items(message: Message) -> Iterator[dict[str, Any]]:
    """A message of ours as theirs: each call and each result is an item of its own."""
    for result in message.results:
        yield {"type": "function_call_output", "call_id": result.id, "output": result.text}
    if message.content or not (message.calls or message.results):
        yield {"role": message.role, "content": message.content}
    for call in message.calls:
        yield {"type": "function_call", "call_id": call.id, "name": told_name(call), "arguments": told_text(call)}


def _tools(prompt: Prompt) -> dict[str, Any]:
    if not prompt.tools:
        return {}
    told = [{"name": tool.name, "description": tool.description} for tool in prompt.tools]
    schemas = [{"parameters": json.loads(tool.schema), "strict": False} for tool in prompt.tools]
    tools = [{"type": "function", **one, **schema} for one, schema in zip(told, schemas, strict=True)]
    return {"tools": tools, **({} if prompt.may_call else {"tool_choice": "none"})}


def _format(schema: str) -> dict[str, Any]:
    return {"type": "json_schema", "name": "answer", "schema": json.loads(schema), "strict": False}


async def _chunks(events: Any, provider: str) -> AsyncIterator[Chunk]:
    calls = Calls()
    async for event in events:
        kind = event["type"]
        if kind == "response.output_item.done":
            for call in _called(event.get("item"), calls):
                yield call
        if kind in _TEXT:
            yield TextChunk(text(event["delta"]))
        elif kind in _ENDS:
            response = event["response"]
            if counted := response.get("usage"):
                yield UsageChunk(_usage(counted))
            end = _end(kind, response, provider)
            for call in calls.rest(cut=end.reason == "length"):
                yield call
            yield EndChunk("tools") if calls.told and end.reason == "stop" else end
            return
    raise BrokenStream(f"the answer of {provider} broke off before its end", AGAIN)


def _called(item: object, calls: Calls) -> Iterator[CallChunk]:
    """The calls that this item makes whole; it comes when all of it has been said."""
    if isinstance(item, dict) and item.get("type") == "function_call" and item.get("status") != "incomplete":
        call = calls.begin(text(item.get("call_id") or item.get("id") or ""), text(item.get("name") or ""))
        call.add(arguments_of(item.get("arguments")))
        call.over = True
    yield from calls.ready()


def _end(kind: str, response: Any, provider: str) -> EndChunk:
    if kind == "response.completed":
        return EndChunk("stop")
    if kind == "response.failed":
        raise ErrorEvent(response.get("error"))
    reason = (response.get("incomplete_details") or {}).get("reason")
    if reason == "content_filter":
        raise ProviderError(f"{provider}'s content filter stopped the answer", "Ask in other words.")
    if reason != "max_output_tokens":
        raise BrokenStream(f"{provider} left the answer incomplete", AGAIN)
    return EndChunk("length")


def _usage(counted: Any) -> Usage:
    details = counted.get("input_tokens_details") or {}
    return Usage(
        input=count(counted.get("input_tokens")),
        output=count(counted.get("output_tokens")),
        cached=count(details.get("cached_tokens")),
        written=count(details.get("cache_write_tokens")),
    )
