"""What a tier is.

Enters: a key, and answers kept under it. Leaves: the same, or nothing. To add a tier: one file beside this one, and one
line in `assemble.py`.
"""

from __future__ import annotations

from typing import Protocol

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
