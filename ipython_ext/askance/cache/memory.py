"""The first tier: a kernel's own memory, least recently used out first, bounded in entries and in bytes.

Enters and leaves: what is kept, by key; what was read once needs no reading again.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from .kept import Kept


class MemoryTier:
    """Holds answers until they are too many, too large, or too old."""

    name = "memory"
    problem = ""

    def __init__(self, entries: int, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            entries: how many at most.
            limit: how many bytes at most, counted as the text that the other tiers would hold.
            clock: seconds, monotonic.
        """
        self.bounds = (entries, limit)
        self._clock = clock
        self._lock = threading.Lock()
        self._held: OrderedDict[str, tuple[Kept, float]] = OrderedDict()
        self._bytes = 0

    def get(self, key: str) -> Kept | None:
        """What is kept under the key, None if nothing is."""
        with self._lock:
            held = self._held.get(key)
            if held is None:
                return None
            if held[1] <= self._clock():
                self._drop(key)
                return None
            self._held.move_to_end(key)
            return held[0]

    def set(self, key: str, kept: Kept, ttl: float) -> None:
        """Keep it for `ttl` seconds; what is larger than the whole tier is not kept."""
        entries, limit = self.bounds
        with self._lock:
            self._drop(key)
            if len(kept.text) > limit:
                return
            self._held[key] = (kept, self._clock() + ttl)
            self._bytes += len(kept.text)
            while len(self._held) > entries or self._bytes > limit:
                self._drop(next(iter(self._held)))

    def _drop(self, key: str) -> None:
        if key in self._held:
            self._bytes -= len(self._held.pop(key)[0].text)

    def delete(self, key: str) -> None:
        """Forget one key."""
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._held.clear()
            self._bytes = 0

    def stats(self) -> dict[str, int]:
        """{"entries", "bytes"} held now."""
        with self._lock:
            return {"entries": len(self._held), "bytes": self._bytes}

    def close(self) -> None:
        """Nothing to give back."""
