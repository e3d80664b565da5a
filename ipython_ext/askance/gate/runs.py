"""Long runs of the characters that keys are made of.

Enters: a text as bytes, one for each character. Leaves: where its runs of 16 and more are. Everything else of a text holds
no key, so what is expensive is done to runs alone. (A regular expression for the same takes ten times as long.)
"""

from __future__ import annotations

import string
from collections.abc import Iterator

LEAST = 16

_KEY = (string.ascii_letters + string.digits + "_+/-").encode()
_MAP = bytes(0x78 if code in _KEY else 0x20 for code in range(256))
_NEEDLE = b"x" * LEAST


def narrow(text: str) -> bytes:
    """One byte for each character: what Latin-1 lacks becomes a question mark."""
    return text.encode("latin-1", "replace")


def runs(data: bytes) -> Iterator[tuple[int, int]]:
    """(start, end) of each run, in order.

    Args:
        data: of `narrow`.
    """
    map_ = data.translate(_MAP)
    end, size = 0, len(map_)
    while (start := map_.find(_NEEDLE, end)) >= 0:
        end = map_.find(b" ", start + LEAST)
        if end < 0:
            end = size
        yield start, end
