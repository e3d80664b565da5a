"""The first tier: a kernel's own memory, least recently used out first, bounded in entries and in bytes.

Enters and leaves: JSON text by key.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class MemoryTier:
    """Holds answers until they are too many, too large, or too old."""

    name = "memory"

    def __init__(self, entries: int, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            entries: how many at most.
            limit: how many bytes at most.
            clock: seconds, monotonic.
        """
        self._entries = entries
        self._limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._held: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._bytes = 0

    def get(self, key: str) -> str | None:
        """The value, or None."""
        with self._lock:
            value, until = self._held.get(key, ("", 0.0))
            if until <= self._clock():
                self._drop(key)
                return None
            self._held.move_to_end(key)
            return value

    def set(self, key: str, value: str, ttl: float) -> None:
        """Keep `value` for `ttl` seconds; one that is larger than the whole tier is not kept."""
        with self._lock:
            self._drop(key)
            if len(value) > self._limit:
                return
            self._held[key] = (value, self._clock() + ttl)
            self._bytes += len(value)
            while len(self._held) > self._entries or self._bytes > self._limit:
                self._drop(next(iter(self._held)))

    def _drop(self, key: str) -> None:
        if key in self._held:
            self._bytes -= len(self._held.pop(key)[0])

    def delete(self, key: str) -> None:
        """Forget one value."""
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
