"""What calls gave that only read: while nothing of what they read has changed, the same call gives the same.

Enters: the call's name in the ledger, the ask's levels, the fingerprint of what it rests on. Leaves: its result, or None.
In memory alone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST = 256
MOST_CHARACTERS = 4_000_000
"""What is remembered."""

Key = tuple[str, str, str]
"""(name of the result, privacy and rules of the ask, fingerprint)."""


class Memo:
    """The latest results. Thread-safe."""

    def __init__(self, most: int = MOST, most_characters: int = MOST_CHARACTERS) -> None:
        """
        Args:
            most: results remembered.
            most_characters: their characters.
        """
        self._most = most
        self._most_characters = most_characters
        self._lock = threading.Lock()
        self._known: OrderedDict[Key, str] = OrderedDict()
        self._size = 0

    def get(self, key: Key) -> str | None:
        """The result, None if it is not known."""
        with self._lock:
            if key not in self._known:
                return None
            self._known.move_to_end(key)
            return self._known[key]

    def put(self, key: Key, text: str) -> None:
        """Remember a result, unless it is larger than all that may be remembered."""
        if len(text) > self._most_characters:
            return
        with self._lock:
            self._size += len(text) - len(self._known.pop(key, ""))
            self._known[key] = text
            while len(self._known) > self._most or self._size > self._most_characters:
                self._size -= len(self._known.popitem(last=False)[1])
