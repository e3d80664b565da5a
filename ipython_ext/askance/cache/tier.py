"""What a tier is.

Enters: a key, and answers kept under it. Leaves: the same, or nothing. To add a tier: one file beside this one, and one
line in `assemble.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from .entry import Entry
from .kept import Kept


class Tier(Protocol):
    """Keeps the answers to a question by its key, for a time.

    Never raises for a fault of its own: a fault is a miss, and told in `problem`. May be called from any thread.

    Attributes:
        name: as people read it ("memory", "disk", "redis").
    """

    name: str

    @property
    def problem(self) -> str:
        """One line on why it does not work now, and what to do; "" while it does."""
        ...

    def get(self, key: str) -> Kept | None:
        """What is kept under the key, None if nothing is."""
        ...

    def set(self, key: str, kept: Kept, ttl: float) -> None:
        """Keep it in place of what was there, for `ttl` seconds (inf: as long as there is room)."""
        ...

    def delete(self, key: str) -> None:
        """Forget one key."""
        ...

    def clear(self) -> None:
        """Forget all."""
        ...

    def stats(self) -> dict[str, int]:
        """{"entries", "bytes"} held now."""
        ...

    def close(self) -> None:
        """Give back what it holds; it may be used no more."""
        ...


def siblings(tiers: Iterable[Tier], key: str) -> Sequence[Entry]:
    """All answers that some tier keeps under a key, the newest first. May block."""
    kept = [tier.get(key) for tier in tiers]
    entries = [entry for one in kept if one is not None for entry in one.entries(key)]
    return sorted({(one.text, one.created): one for one in entries}.values(), key=lambda one: -one.created)


class Shelf(NamedTuple):
    """A tier, and how many seconds an answer counts there, from when the model gave it."""

    tier: Tier
    ttl: float
