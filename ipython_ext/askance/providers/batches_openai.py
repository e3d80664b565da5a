"""OpenAI's batch endpoint: a file of requests is uploaded, a batch is made of it, its answers come as two files.

Enters: gated prompts by id. Leaves: see `batches.BatchProvider`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from .batches import Batching, Reply, State, identity, words
from .endpoint import Endpoint
from .openai import BROKEN, OpenAIProvider, tokens_of
from .streaming import count

_DAYS = 86_400
_INPUT = {"anchor": "created_at", "seconds": 3 * _DAYS}
_OUTPUT = {"anchor": "created_at", "seconds": 30 * _DAYS}
"""How long the server keeps what was asked and what it answered; by itself it would keep them for good."""

_ENDS = ("completed", "failed", "expired", "cancelled")
_UNDONE = ("batch_expired", "batch_cancelled")


class OpenAIBatches(Batching, OpenAIProvider):
    """Batches of chat completions."""

    async def _upload(self, client: Any, bodies: Mapping[str, dict[str, Any]], to: Endpoint) -> str:
        heads = {"method": "POST", "url": "/v1/chat/completions"}
        lines = [json.dumps({"custom_id": id_, **heads, "body": body}) for id_, body in bodies.items()]
        file = ("rows.jsonl", "\n".join(lines).encode(), "application/jsonl")
        own = {"expires_after": _INPUT} if self._is_own(to) else {}
        uploaded = await client.files.create(file=file, purpose="batch", **own)
        return identity(uploaded.id)

    async def _create(self, client: Any, ready: Any) -> Any:
        own = {"output_expires_after": _OUTPUT} if self._is_own(self._find()) else {}
        body = {"input_file_id": ready, "endpoint": "/v1/chat/completions", "completion_window": "24h", **own}
        return await client.post("/batches", body=body, cast_to=object, options={"max_retries": 0})

    @staticmethod
    def _is_own(to: Endpoint) -> bool:
        return to.host.endswith("openai.com")

    async def status(self, batch: str) -> State:
        """See `batches.BatchProvider.status`."""
        with self._asking() as (client, _):
            return _state(await self._retrieved(client, batch))

    async def results(self, batch: str) -> AsyncIterator[Reply]:
        """See `batches.BatchProvider.results`."""
        with self._asking() as (client, to):
            found = await self._retrieved(client, batch)
            for name in ("output_file_id", "error_file_id"):
                if not found.get(name):
                    continue
                async for line in self._lines(client, f"/files/{identity(found[name])}/content", to):
                    if (reply := _reply(line)) is not None:
                        yield reply

    async def cancel(self, batch: str) -> None:
        """See `batches.BatchProvider.cancel`."""
        with self._asking() as (client, _):
            await client.post(f"/batches/{identity(batch)}/cancel", cast_to=object)

    async def _retrieved(self, client: Any, batch: str) -> dict[str, Any]:
        found = await client.get(f"/batches/{identity(batch)}", cast_to=object)
        return found if isinstance(found, dict) else {}


def _state(batch: dict[str, Any]) -> State:
    counts = batch.get("request_counts")
    numbers = counts if isinstance(counts, dict) else {}
    said = batch.get("status")
    failed = said == "failed"
    return State(
        ended=said in _ENDS,
        total=count(numbers.get("total")),
        answered=count(numbers.get("completed")),
        failed=count(numbers.get("failed")),
        problem=_problem(batch) if failed else "",
    )


def _problem(batch: dict[str, Any]) -> str:
    errors = batch.get("errors")
    listed = errors.get("data") if isinstance(errors, dict) else None
    return words(listed[0] if isinstance(listed, list) and listed else None) or "it does not say why"


def _reply(line: dict[str, Any]) -> Reply | None:
    id_, error, response = line.get("custom_id"), line.get("error"), line.get("response")
    if not isinstance(id_, str):
        return None
    if error:
        undone = isinstance(error, dict) and error.get("code") in _UNDONE
        return Reply(id=id_, error=words(error) or "the server failed", undone=undone)
    body = response.get("body") if isinstance(response, dict) else None
    try:
        choice = body["choices"][0]  # type: ignore[index]  # whatever is wrong with it is caught
        text, usage = choice["message"].get("content"), tokens_of(body.get("usage") or {})  # type: ignore[union-attr]
        reason = choice.get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError):
        return Reply(id=id_, error=words(body) or "the server sent no answer")
    if not isinstance(text, str) or reason == "content_filter" or reason in BROKEN:
        return Reply(id=id_, error="the server stopped the answer", usage=usage)
    return Reply(id=id_, text=text, cut=reason == "length", usage=usage)
