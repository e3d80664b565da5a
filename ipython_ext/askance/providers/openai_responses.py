"""OpenAI's responses, streamed: the other protocol behind the openai SDK's door.

Enters: a `GatedPrompt`. Leaves: chunks. Nothing is kept at the server: every request is whole.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from ..errors import BrokenStream, ProviderError
from ..records import Chunk, EndChunk, Prompt, TextChunk, Usage, UsageChunk
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
        "input": [{"role": message.role, "content": message.content} for message in prompt.messages],
        "stream": True,
        "store": False,
        "max_output_tokens": max(LEAST_OUTPUT, prompt.max_output),
        **({"instructions": prompt.system} if prompt.system else {}),
        **({} if prompt.temperature is None else {"temperature": prompt.temperature}),
        **({"text": {"format": _format(prompt.schema)}} if prompt.schema else {}),
    }


def _format(schema: str) -> dict[str, Any]:
    return {"type": "json_schema", "name": "answer", "schema": json.loads(schema), "strict": False}


async def _chunks(events: Any, provider: str) -> AsyncIterator[Chunk]:
    async for event in events:
        kind = event["type"]
        if kind in _TEXT:
            yield TextChunk(text(event["delta"]))
        elif kind in _ENDS:
            response = event["response"]
            if counted := response.get("usage"):
                yield UsageChunk(_usage(counted))
            yield _end(kind, response, provider)
            return
    raise BrokenStream(f"the answer of {provider} broke off before its end", AGAIN)


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
