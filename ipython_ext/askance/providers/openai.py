"""The door to the openai SDK: chat completions, streamed, for OpenAI's server and all that speak like it.

Enters: a `GatedPrompt`. Leaves: chunks. The SDK is imported on first use.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..errors import BrokenStream, ProviderError, UnknownModel
from ..records import Chunk, EndChunk, Prompt, TextChunk, Usage, UsageChunk
from .endpoint import Endpoint
from .faults import AGAIN
from .http import RETRIES, http_client, timeout
from .openai_calls import ChatCalls, messages_of, tools_of
from .streaming import StreamingProvider, count, listed, text

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OWN_HOSTS = ("openai.com", "openai.azure.com")
"""Hosts whose newer models reject `max_tokens`; elsewhere it is the older name that every server knows."""

BROKEN = ("abort", "cancelled", "error", "insufficient_system_resource", "network_error")
"""What servers (vLLM, SGLang, DeepSeek, Zhipu, OpenRouter) give for the reason of an end that is none."""

_REHEARSAL = b"""data: {"id": "", "object": "chat.completion.chunk", "created": 0, "model": "", "choices":\
 [{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}],\
 "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}}

data: [DONE]

"""


def _sdk() -> ModuleType:
    import openai

    return openai


class OpenAIProvider(StreamingProvider):
    """Chat completions at an endpoint; see `StreamingProvider`."""

    rehearsal = _REHEARSAL
    path = "/chat/completions"

    def _sdk(self) -> ModuleType:
        return _sdk()

    def _client(self, to: Endpoint) -> AsyncOpenAI:
        return _client(to)

    async def _body(self, client: Any, prompt: Prompt, to: Endpoint) -> dict[str, Any]:
        return _request(prompt, prompt.model or await first_listed(client, to), to)

    def _chunks(self, events: Any) -> AsyncIterator[Chunk]:
        return _chunks(events, self.name)


def _client(to: Endpoint) -> AsyncOpenAI:
    sdk = _sdk()
    client: AsyncOpenAI = sdk.AsyncOpenAI(
        api_key=to.key or "none",
        base_url=to.base_url,
        timeout=timeout(sdk, to),
        max_retries=RETRIES,
        default_headers=dict(to.headers),
        http_client=http_client(sdk, to),
    )
    client.organization = client.project = None  # else the SDK takes them from the process's own variables
    return client


def _request(prompt: Prompt, model: str, to: Endpoint) -> dict[str, Any]:
    system = [{"role": "system", "content": prompt.system}] if prompt.system else []
    room = "max_completion_tokens" if to.host.endswith(OWN_HOSTS) else "max_tokens"
    sampling = {} if prompt.temperature is None else {"temperature": prompt.temperature}
    return {
        "model": model,
        "messages": system + [told for message in prompt.messages for told in messages_of(message)],
        "stream": True,
        "stream_options": {"include_usage": True},
        room: prompt.max_output,
        **sampling,
        **({"response_format": _format(prompt.schema)} if prompt.schema else {}),
        **tools_of(prompt),
    }


def _format(schema: str) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": json.loads(schema), "strict": False}}


async def first_listed(client: AsyncOpenAI, to: Endpoint) -> str:
    """The model that a server has loaded.

    Raises:
        UnknownModel: it has none.
    """
    listed = (await client.models.list()).data
    if not listed:
        raise UnknownModel(f"{to.provider} has no model loaded", to.start)
    return listed[0].id


async def _chunks(events: Any, provider: str) -> AsyncIterator[Chunk]:
    reason, calls = "", ChatCalls()
    async for event in events:
        if counted := event.get("usage"):
            yield UsageChunk(tokens_of(counted))
        for choice in listed(event["choices"]):
            delta = choice.get("delta") or {}
            if said := delta.get("content") or delta.get("refusal"):
                yield TextChunk(text(said))
            if ended := choice.get("finish_reason"):
                reason = text(ended)
            for call in calls.feed(delta, finished=bool(ended) and reason not in (*BROKEN, "content_filter")):
                yield call
    if reason == "content_filter":
        raise ProviderError(f"{provider}'s content filter stopped the answer", "Ask in other words.")
    if not reason or reason in BROKEN:  # the SDK takes a stream that merely stops for a good one
        raise BrokenStream(f"the answer of {provider} broke off before its end", AGAIN)
    for call in calls.rest(cut=reason == "length"):
        yield call
    yield EndChunk("length" if reason == "length" else "tools" if calls.told else "stop")


def tokens_of(counted: Any) -> Usage:
    """What the server counted."""
    details = counted.get("prompt_tokens_details") or {}
    return Usage(
        input=count(counted.get("prompt_tokens")),
        output=count(counted.get("completion_tokens")),
        cached=count(details.get("cached_tokens")),
        written=count(details.get("cache_write_tokens")),
    )
