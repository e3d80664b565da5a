"""Sends a request, and receives its answer.

Enters: a request that passed the gate. Leaves: the pieces of its answer, each without secrets; the rest is kept in a
`Reception`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing

from .chunks import coalesce
from .errors import ProviderError
from .gate import Gate
from .gate.outbox import Asked, Outbox
from .prepared import Prepared
from .providers.base import Provider
from .providers.registry import parse
from .reception import Reception
from .records import Ask, Emit, GatedPrompt, TextDelta


class Sender:
    """Holds the providers; each is made when it is first needed.

    Args:
        make: provider name -> the provider; called once for each name.
        outbox: what the providers' requests pass on their way out.
        gate: makes what is shown of an answer.
        pace: least seconds between two pieces of an answer.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        make: Callable[[str], Provider],
        outbox: Outbox,
        gate: Gate,
        pace: Callable[[], float],
        clock: Callable[[], float],
    ) -> None:
        self.make = make
        self._outbox = outbox
        self._gate = gate
        self._pace = pace
        self._clock = clock
        self._providers: dict[str, Provider] = {}

    def provider(self, name: str) -> tuple[Provider, str]:
        """The provider that a model's full name asks for, and the model's name as its server knows it."""
        provider, model = parse(name)
        if provider not in self._providers:
            self._providers[provider] = self.make(provider)
        return self._providers[provider], model

    async def send(self, ask: Ask, reception: Reception, emit: Emit, prepared: Prepared) -> None:
        """Send, and receive until the answer ends, or is stopped, or breaks off.

        Args:
            ask: whom to ask, and for what it is noted what left.
            reception: takes what comes.
            emit: is told the text, piece by piece.
            prepared: the request.

        Raises:
            ProviderError: nothing came; the one line says why.
        """
        provider, _ = self.provider(ask.model)
        asked = Asked(id=ask.id, model=ask.model, ledger=prepared.ledger, redactions=prepared.redactions)
        with self._outbox.sending(asked):
            await self._receive(provider, prepared.request, reception, emit)

    async def _receive(self, provider: Provider, request: GatedPrompt, reception: Reception, emit: Emit) -> None:
        try:
            async with aclosing(provider.stream(request)) as chunks:  # type: ignore[type-var]
                async for piece in coalesce(reception.texts(chunks), self._clock, self._pace):
                    emit(TextDelta(self._gate.shown(piece)))
        except asyncio.CancelledError:
            reception.ended, reception.notice = "stopped", "Stopped."
        except ProviderError as error:
            if not reception.said:  # nothing of this request's answer
                raise
            reception.ended, reception.notice = "error", str(error)

    async def close(self) -> None:
        """Give back connections."""
        for provider in self._providers.values():
            await provider.close()
