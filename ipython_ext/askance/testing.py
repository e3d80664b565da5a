"""For tests of code that uses askance, and for our own: a session that asks no server.

session = session_for_tests("The answer.")
assert session.ask("why?").text == "The answer."
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .cache.flights import Flights
from .cache.given import Given
from .cache.memory import MemoryTier
from .cache.tier import Shelf
from .cache.tiers import Cache
from .gate import Gate, known_secrets
from .loop import LoopThread
from .providers.base import Provider
from .providers.registry import Choice, Limits
from .providers.replay import ReplayProvider
from .recall import Keeping
from .records import Chunk
from .session import Session
from .settings import Settings
from .sources.base import Source
from .tools.base import Tool
from .tools.box import ToolBox

__all__ = ["FakeClock", "ReplayProvider", "session_for_tests"]


class FakeClock:
    """A clock that moves when told to; call it for the time in seconds."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """The present time, in seconds."""
        return self.now

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def session_for_tests(
    *script: str | Chunk | float | Exception,
    sources: Sequence[Source] = (),
    settings: Settings | None = None,
    environ: Mapping[str, str] | None = None,
    provider: Provider | None = None,
    then: Sequence[Sequence[str | Chunk | float | Exception]] = (),
    tools: Sequence[Tool] = (),
) -> Session:
    """A session whose model says what it is told to, each time it is asked.

    Args:
        script: what the model does: text, chunks, seconds of silence, errors.
        sources: where context comes from.
        settings: what the user set.
        environ: variables whose values the gate treats as it would the process's own.
        provider: used in place of a replayed script.
        then: scripts for the requests after the first.
        tools: what the model may call, where an ask has `tools=True`.
    """
    settings = settings or Settings()
    model = provider or ReplayProvider(script, then=then)
    memory = MemoryTier(settings.cache_entries, settings.cache_bytes)
    return Session(
        settings=settings,
        choice=Choice("local", "a test"),
        limits=lambda _name: Limits(window=8192, budget=4000, max_output=500, context=2400),
        provider=lambda _name: model,
        sources=sources,
        tools=ToolBox(lambda: tools),
        gate=Gate(lambda: known_secrets(environ or {})),
        keeping=Keeping(cache=Cache([Shelf(memory, settings.cache_seconds)]), flights=Flights(None), given=Given()),
        loop=LoopThread("askance-test"),
    )
