"""The tiers as one cache: looks from the fastest to the slowest, and brings what it finds up.

Enters: keys, and a way to ask for present fingerprints. Leaves: hits, and misses that say why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .entry import VARIANTS, Entry, World, pack, unpack


class Tier(Protocol):
    """Keeps JSON text by key for a time. Never raises for faults of its own: a fault is a miss."""

    name: str

    def get(self, key: str) -> str | None:
        """The value, or None."""
        ...

    def set(self, key: str, value: str, ttl: float) -> None:
        """Keep `value` for `ttl` seconds."""
        ...

    def delete(self, key: str) -> None:
        """Forget one value."""
        ...

    def clear(self) -> None:
        """Forget all."""
        ...

    def stats(self) -> dict[str, int]:
        """{"entries", "bytes"}."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


@dataclass(frozen=True)
class Hit:
    """An entry that holds, and the tier it came from."""

    entry: Entry
    tier: str


@dataclass(frozen=True)
class Miss:
    """Nothing that holds; `why` in words."""

    why: str


class Cache:
    """All tiers together."""

    def __init__(self, tiers: Sequence[Tier], ttl: float) -> None:
        """
        Args:
            tiers: the fastest first.
            ttl: seconds an answer lives.
        """
        self._tiers = tiers
        self._ttl = ttl
        self._hits = dict.fromkeys((tier.name for tier in tiers), 0)
        self._misses = 0
        self._writes: set[asyncio.Task[None]] = set()
        self.last_miss = ""

    def warm(self) -> None:
        """Open every tier now, so that the first lookup does not. Blocking; counts as no lookup."""
        for tier in self._tiers:
            tier.get("")

    def lookup(self, key: str, now: World) -> Hit | Miss:
        """The newest entry of this question that still holds.

        Args:
            key: from `question_key`.
            now: the present state of things.
        """
        why = "not asked before"
        for place, tier in enumerate(self._tiers):
            value = tier.get(key)
            if value is None:
                continue
            for entry in _readable(value):
                why = entry.changed(now)
                if not why:
                    for faster in self._tiers[:place]:
                        faster.set(key, value, self._ttl)
                    self._hits[tier.name] += 1
                    return Hit(entry, tier.name)
        self._misses += 1
        self.last_miss = why
        return Miss(why)

    def store(self, key: str, entry: Entry) -> None:
        """Keep an entry in every tier, beside the question's other answers. Blocking: not for the ask's own path."""
        for tier in self._tiers:
            value = tier.get(key)
            others = [other for other in _readable(value or "[]") if other.ledger != entry.ledger]
            tier.set(key, pack([entry, *others][:VARIANTS]), self._ttl)

    def store_soon(self, key: str, entry: Entry) -> None:
        """`store` on another thread, off the answer's path; `flush` waits for it."""
        write = asyncio.get_running_loop().create_task(asyncio.to_thread(self.store, key, entry))
        self._writes.add(write)
        write.add_done_callback(self._writes.discard)

    async def flush(self) -> None:
        """Wait for what `store_soon` began."""
        await asyncio.gather(*self._writes, return_exceptions=True)

    def clear(self) -> None:
        """Forget every answer."""
        for tier in self._tiers:
            tier.clear()

    def stats(self) -> dict[str, object]:
        """Hits by tier, misses, why the last one missed, and what each tier holds."""
        return {
            "hits": dict(self._hits),
            "misses": self._misses,
            "last_miss": self.last_miss,
            "tiers": {tier.name: tier.stats() for tier in self._tiers},
            "problems": [problem for tier in self._tiers if (problem := getattr(tier, "problem", ""))],
        }

    def close(self) -> None:
        """Give back what the tiers hold."""
        for tier in self._tiers:
            tier.close()


def _readable(value: str) -> list[Entry]:
    try:
        return unpack(value)
    except ValueError:
        return []
