"""The door to the anthropic SDK: messages, streamed, for Anthropic's server and all that speak like it.

Enters: a `GatedPrompt`. Leaves: chunks. The SDK is imported on first use.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..errors import BrokenStream, ProviderError
from ..records import Chunk, EndChunk, Prompt, TextChunk, Usage, UsageChunk
from .anthropic_calls import BlockCalls, blocks_of, content_of, tools_of
from .endpoint import Endpoint
from .faults import AGAIN
from .http import RETRIES, http_client, timeout
from .streaming import StreamingProvider, count, text

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

_REHEARSAL = b"""event: message_start
data: {"type": "message_start", "message": {"id": "", "type": "message", "role": "assistant", "content": [],\
 "model": "", "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 0, "output_tokens": 0}}}

event: content_block_start
data: {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}

event: content_block_delta
data: {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": ""}}

event: message_delta
data: {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": null},\
 "usage": {"output_tokens": 0}}

event: message_stop
data: {"type": "message_stop"}

"""


def _sdk() -> ModuleType:
    import anthropic

    return anthropic


class AnthropicProvider(StreamingProvider):
    """Messages at an endpoint; see `StreamingProvider`."""

    rehearsal = _REHEARSAL
    path = "/v1/messages"

    def _sdk(self) -> ModuleType:
        return _sdk()

    def _client(self, to: Endpoint) -> AsyncAnthropic:
        return _client(to)

    async def _body(self, client: Any, prompt: Prompt, to: Endpoint) -> dict[str, Any]:  # noqa: ARG002  openai's wants it
        return _request(prompt)

    def _chunks(self, events: Any) -> AsyncIterator[Chunk]:
        return _chunks(events, self.name)


def _client(to: Endpoint) -> AsyncAnthropic:
    sdk = _sdk()
    credential = {"auth_token" if to.bearer else "api_key": to.key or "none"}
    client: AsyncAnthropic = sdk.AsyncAnthropic(
        base_url=to.base_url,
        timeout=timeout(sdk, to),
        max_retries=RETRIES,
        http_client=http_client(sdk, to),
        open_telemetry=False,  # else it tells whoever listens in this process what is asked
        **credential,
    )
    return client


_KEPT = {"cache_control": {"type": "ephemeral"}}
"""Marks the end of what the server is to keep: a follow-up begins with it."""


def _request(prompt: Prompt) -> dict[str, Any]:
    earlier = [{"role": message.role, "content": content_of(message)} for message in prompt.messages[:-1]]
    last = prompt.messages[-1]
    *blocks, end = blocks_of(last)
    system = [{"type": "text", "text": prompt.system, **_KEPT}]
    return {
        "model": prompt.model,
        "messages": [*earlier, {"role": last.role, "content": [*blocks, {**end, **_KEPT}]}],
        "max_tokens": prompt.max_output,
        "stream": True,
        **({"system": system} if prompt.system else {}),
        **({} if prompt.temperature is None else {"temperature": prompt.temperature}),
        **tools_of(prompt),
    }


async def _chunks(events: Any, provider: str) -> AsyncIterator[Chunk]:
    usage, reason, calls = Usage(), "", BlockCalls()
    async for event in events:
        kind = event["type"]
        for call in calls.feed(kind, event):
            yield call
        if kind == "message_start":
            usage = tokens_of(event["message"].get("usage") or {}, usage)
            yield UsageChunk(usage)
        elif kind == "content_block_delta" and event["delta"]["type"] == "text_delta":
            yield TextChunk(text(event["delta"]["text"]))
        elif kind == "message_delta":
            reason = text(event["delta"].get("stop_reason") or reason)
            usage = tokens_of(event.get("usage") or {}, usage)
            yield UsageChunk(usage)
        elif kind == "message_stop":
            end = _end(reason, provider)
            for call in calls.rest(cut=end.reason == "length"):
                yield call
            yield EndChunk("tools") if calls.told and end.reason == "stop" else end
            return
    # The SDK takes a stream that merely stops for a good one.
    raise BrokenStream(f"the answer of {provider} broke off before its end", AGAIN)


def _end(reason: str, provider: str) -> EndChunk:
    if reason == "refusal":
        raise ProviderError(f"{provider}'s safety filter stopped the answer", "Ask in other words.")
    return EndChunk("length" if reason in ("max_tokens", "model_context_window_exceeded") else "stop")


def tokens_of(counted: Any, before: Usage) -> Usage:
    """Anthropic counts cached input apart; ours is the whole input, of which some was cached."""
    read, written = count(counted.get("cache_read_input_tokens")), count(counted.get("cache_creation_input_tokens"))
    whole = count(counted.get("input_tokens")) + read + written
    return Usage(
        input=whole or before.input,
        output=count(counted.get("output_tokens")),
        cached=read or before.cached,
        written=written or before.written,
    )
