"""The answers kept under one key, as text that any tier can hold, and back.

Enters: entries, or text from a tier. Leaves: text with a digest at its head, or the entries; nothing of damaged text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from .entry import Entry, read, written

VARIANTS = 8
"""Answers kept of one question, for different states of the world: undoing an edit finds the old one again."""


class Kept:
    """Answers to one question, the newest first.

    The text: a digest in hex of all that follows, the key, then one line of JSON an answer. Damaged text holds nothing.
    """

    __slots__ = ("_entries", "text")

    def __init__(self, text: str, entries: tuple[Entry, ...] | None = None) -> None:
        """
        Args:
            text: as a tier holds it.
            entries: what it says, where that is known.
        """
        self.text = text
        self._entries = entries

    @classmethod
    def of(cls, key: str, entries: Sequence[Entry]) -> Kept:
        """The first `VARIANTS` entries, as text that belongs to `key`."""
        kept = tuple(entries[:VARIANTS])
        body = "\n".join([key, *map(written, kept)])
        return cls(f"{_digest(body)}\n{body}", kept)

    def entries(self, key: str) -> tuple[Entry, ...]:
        """The answers, newest first; none if the text is damaged, or was kept under another key."""
        if self._entries is None:
            self._entries = _opened(self.text, key)
        return self._entries


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("ascii")).hexdigest()


def _opened(text: str, key: str) -> tuple[Entry, ...]:
    digest, _, body = text.partition("\n")
    try:
        if digest != _digest(body):
            return ()
        named, *lines = body.split("\n")
        return tuple(map(read, lines)) if named == key else ()
    except ValueError:  # text that is not ASCII, too, which ours always is
        return ()
