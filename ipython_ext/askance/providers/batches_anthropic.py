"""Anthropic's batch endpoint: message batches, created in one request, with their results as one file.

Enters: gated prompts by id. Leaves: see `batches.BatchProvider`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from ..records import Usage
from .anthropic import AnthropicProvider, tokens_of
from .batches import Batching, Reply, State, identity, words
from .endpoint import Endpoint
from .streaming import count

_PATH = "/v1/messages/batches"
_FAILED = ("errored", "canceled", "expired")
CUT = ("max_tokens", "model_context_window_exceeded")
"""Reasons of an end that the answer's room is to blame for."""


class AnthropicBatches(Batching, AnthropicProvider):
    """Batches of messages."""

    async def _upload(self, client: Any, bodies: Mapping[str, dict[str, Any]], to: Endpoint) -> Any:  # noqa: ARG002
        return [{"custom_id": id_, "params": body} for id_, body in bodies.items()]

    async def _create(self, client: Any, ready: Any) -> Any:
        return await client.post(_PATH, body={"requests": ready}, cast_to=object, options={"max_retries": 0})

    async def status(self, batch: str) -> State:
        """See `batches.BatchProvider.status`."""
        with self._asking() as (client, _):
            return _state(await client.get(f"{_PATH}/{identity(batch)}", cast_to=object))

    async def results(self, batch: str) -> AsyncIterator[Reply]:
        """See `batches.BatchProvider.results`. The address is ours, not the one that the server names."""
        with self._asking() as (client, to):
            async for line in self._lines(client, f"{_PATH}/{identity(batch)}/results", to):
                if (reply := _reply(line)) is not None:
                    yield reply

    async def cancel(self, batch: str) -> None:
        """See `batches.BatchProvider.cancel`."""
        with self._asking() as (client, _):
            await client.post(f"{_PATH}/{identity(batch)}/cancel", cast_to=object)


def _state(batch: Any) -> State:
    found = batch if isinstance(batch, dict) else {}
    counts = found.get("request_counts")
    numbers = {name: count(one) for name, one in counts.items()} if isinstance(counts, dict) else {}
    return State(
        ended=found.get("processing_status") == "ended",
        total=sum(numbers.values()),
        answered=numbers.get("succeeded", 0),
        failed=sum(numbers.get(name, 0) for name in _FAILED),
        problem="its results are archived" if found.get("archived_at") else "",
    )


def _reply(line: dict[str, Any]) -> Reply | None:
    id_, result = line.get("custom_id"), line.get("result")
    if not isinstance(id_, str) or not isinstance(result, dict):
        return None
    kind, message = result.get("type"), result.get("message")
    if kind in ("canceled", "expired"):
        return Reply(id=id_, error=f"the batch {'expired' if kind == 'expired' else 'was cancelled'}", undone=True)
    if kind != "succeeded" or not isinstance(message, dict):
        return Reply(id=id_, error=words(result.get("error")) or "the server sent no answer")
    counted, content = message.get("usage"), message.get("content")
    usage = tokens_of(counted if isinstance(counted, dict) else {}, Usage())
    blocks = [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []
    text = "".join(one["text"] for one in blocks if isinstance(one.get("text"), str) and one.get("type") == "text")
    reason = message.get("stop_reason")
    if reason == "refusal" or not text:
        return Reply(id=id_, error="the server stopped the answer", usage=usage)
    return Reply(id=id_, text=text, cut=reason in CUT, usage=usage)
