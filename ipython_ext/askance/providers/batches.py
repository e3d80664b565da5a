"""Providers' own batch endpoints: many requests handed over at once, answered within a day, for less.

Enters: gated prompts, each with an id. Leaves: the batch's id; later how far it is, and its answers. What both servers
are asked in the same way is here; what each does in its own way is in the file named after it.
"""

from __future__ import annotations

import asyncio
import json
import re
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any, Protocol

from ..errors import ConfigError, ProviderError
from ..records import GatedPrompt, Prompt, Usage
from .base import Provider
from .endpoint import Endpoint
from .faults import mapped
from .http import refuse_page
from .sse import Lines
from .streaming import StreamingProvider
from .unlogged import unlogged

PRICE = 0.5
"""What a request costs in a batch, as a share of its standard price, at OpenAI and at Anthropic alike.
Source: https://developers.openai.com/api/docs/guides/batch and
https://platform.claude.com/docs/en/build-with-claude/batch-processing, as of 2026-11-24.
"""

MOST_REQUESTS = 50_000
"""In a batch: OpenAI's limit; Anthropic takes twice as many (same pages)."""

MOST_BYTES = 32_000_000
"""Of a batch's requests; both servers take more than 200 MB, but all of it is looked at before it leaves."""

CLASSES: Mapping[str, str] = {
    "openai": "askance.providers.batches_openai:OpenAIBatches",
    "anthropic": "askance.providers.batches_anthropic:AnthropicBatches",
}
"""Provider -> what speaks to its batch endpoint, imported on first use."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")


@dataclass(frozen=True, kw_only=True)
class State:
    """How far a batch is.

    Attributes:
        ended: whether there is nothing more to wait for.
        total: requests in it.
        answered: requests that have an answer.
        failed: requests that will have none.
        problem: why there are no results at all, in the server's words; "" if there are.
    """

    ended: bool
    total: int = 0
    answered: int = 0
    failed: int = 0
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What became of one request of a batch.

    Attributes:
        id: the request's.
        text: the answer.
        cut: whether it breaks off since the model's room for it ended.
        usage: its tokens.
        error: why there is no answer, one line; "" if there is.
        undone: whether the server never came to it: the batch expired or was cancelled before.
    """

    id: str
    text: str = field(default="", repr=False)
    cut: bool = False
    usage: Usage = field(default_factory=Usage)
    error: str = ""
    undone: bool = False


class BatchProvider(Protocol):
    """Talks to one kind of batch endpoint. Every fault is one of `errors.ProviderError`."""

    name: str

    async def submit(self, requests: Mapping[str, GatedPrompt], begun: Callable[[str], None]) -> str:
        """Hand requests over.

        Args:
            requests: by their ids: up to 64 letters and digits each; `MOST_REQUESTS` and `MOST_BYTES` at most.
            begun: called with the batch's id as soon as there is one, also where the caller is cancelled at that moment:
                what will be paid for is never lost.

        Returns:
            The batch's id.
        """
        ...

    async def status(self, batch: str) -> State:
        """How far it is."""
        ...

    def results(self, batch: str) -> AsyncIterator[Reply]:
        """The answers of a batch that has ended, in any order. Lines that make no sense are left out."""
        ...

    async def cancel(self, batch: str) -> None:
        """Stop it; what was answered before can still be fetched, and is paid for."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


def batches(provider: Provider) -> BatchProvider:
    """The batch endpoint of a provider's server.

    Raises:
        ConfigError: it has none.
    """
    if provider.name not in CLASSES or not isinstance(provider, StreamingProvider):
        known = " and ".join(f"{name}:..." for name in CLASSES)
        raise ConfigError(
            f"{provider.name} has no batch endpoint", f"Leave batch_api out, or name a model of one that has: {known}."
        )
    module, _, name = CLASSES[provider.name].partition(":")
    found: Callable[..., BatchProvider] = getattr(import_module(module), name)
    return found(provider.name, provider.find)


class Batching(StreamingProvider):
    """What is the same for both; comes before the SDK's door among the classes a batch endpoint inherits from."""

    def __init__(self, name: str, find: Callable[[], Endpoint]) -> None:
        super().__init__(name, lambda: replace(find(), batches=True))

    @contextmanager
    def _asking(self, model: str = "") -> Iterator[tuple[Any, Endpoint]]:
        to = self._find()
        to.require_key()
        with unlogged(), mapped(self._sdk(), to, model):
            yield self._clients.get(to), to

    async def submit(self, requests: Mapping[str, GatedPrompt], begun: Callable[[str], None]) -> str:
        """See `BatchProvider.submit`."""
        model = next(iter(requests.values())).prompt.model
        with self._asking(model) as (client, to):
            bodies = {id_: await self._whole(client, gated.prompt, to) for id_, gated in requests.items()}
            ready = await self._upload(client, bodies, to)

            async def create() -> str:
                batch = identity(await self._create(client, ready))
                begun(batch)
                return batch

            batch: str = await _unbroken(create())
            return batch

    async def _whole(self, client: Any, prompt: Prompt, to: Endpoint) -> dict[str, Any]:
        """What is sent for one request; nothing of a batch is streamed."""
        body = await self._body(client, prompt, to)
        return {name: value for name, value in body.items() if name not in ("stream", "stream_options")}

    @abstractmethod
    async def _upload(self, client: Any, bodies: Mapping[str, dict[str, Any]], to: Endpoint) -> Any:
        """Bring the requests to the server where that is a step of its own; what `_create` takes."""

    @abstractmethod
    async def _create(self, client: Any, ready: Any) -> Any:
        """Begin the batch: once, without trying again, since it is paid for."""

    async def _lines(self, client: Any, path: str, to: Endpoint) -> AsyncIterator[dict[str, Any]]:
        """The objects of a file of JSON lines; other lines are left out."""
        kind = self._sdk().AsyncStream[object]
        options = {"headers": {"Accept": "application/binary"}}
        async with await client.get(path, cast_to=object, stream=True, stream_cls=kind, options=options) as stream:
            refuse_page(stream.response, to)
            lines = Lines()
            async for part in stream.response.aiter_bytes():
                for line in lines.feed(part):
                    if (found := _object(line)) is not None:
                        yield found
            for line in lines.feed(b"\n"):  # the last one need not have an end
                if (found := _object(line)) is not None:
                    yield found


def identity(answer: object) -> str:
    """The id of what a server made, fit to stand in a path.

    Raises:
        ProviderError: there is none.
    """
    found = answer.get("id") if isinstance(answer, dict) else answer
    if not isinstance(found, str) or _ID.fullmatch(found) is None:
        raise ProviderError("the server sent something that is not a batch", "Check the server's address.")
    return found


def words(said: object) -> str:
    """A server's own words on what went wrong: one line, and short."""
    if isinstance(said, dict):
        inner = said.get("error")
        said = (
            said.get("message") or said.get("code") or (words(inner) if inner is not said else "") or said.get("type")
        )
    return " ".join(said.split())[:200] if isinstance(said, str) else ""


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


async def _unbroken(work: Any) -> Any:
    """Let it come to its end, and only then be cancelled."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise
