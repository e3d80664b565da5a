"""The beginning of a text that is too long to be told.

Enters: a text, and room. Leaves: what fits, without half a key at its end: to the gate that looks like nothing, and to
others it may be worth something.
"""

from __future__ import annotations

import re

_LETTER = re.compile(r"[A-Za-z0-9_+=~%.@/!#$^&*-]")
_RUN = re.compile(rf"{_LETTER.pattern}{{6,}}\Z")
"""What may be the beginning of a key."""


def beginning(text: str, room: int) -> str:
    """At most `room` characters of a text.

    Args:
        text: any.
        room: in characters.
    """
    kept = text[:room]
    half = _RUN.search(kept) if len(text) > room and _LETTER.match(text[room]) else None
    if half is None:
        return kept
    # Of a path or an address the last part alone: the others are whole.
    start = half.start() if half[0][0] not in "/." else max(half.start(), kept.rfind("/") + 1)
    kinds = sum(any(map(kind, kept[start:])) for kind in (str.isdigit, str.islower, str.isupper))
    return kept[:start] if kinds > 1 else kept
