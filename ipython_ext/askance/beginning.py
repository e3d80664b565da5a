"""The beginning of a text that is too long to be told.

Enters: a text, and room. Leaves: what fits, and at its end no half of a key: to the gate that looks like nothing, and to
others it may be worth something. A key as long as keys are is taken whole, so that the gate sees what it is; a longer run
is left out.
"""

from __future__ import annotations

import re

MORE = 200
"""Characters beyond the room that the rest of a key may take."""

_LETTER = r"[A-Za-z0-9_+=~%.@/!#$^&*:-]"
_HALF = re.compile(rf"{_LETTER}{{6,}}\Z")
_REST = re.compile(rf"{_LETTER}{{0,{MORE + 1}}}")
"""What may be the beginning of a key, and the rest of it."""


def beginning(text: str, room: int) -> str:
    """About `room` characters of a text.

    Args:
        text: any.
        room: in characters; at most `MORE` go beyond it.
    """
    kept = text[:room]
    rest = _REST.match(text, room)
    half = _HALF.search(kept) if rest is not None and rest[0] else None
    if half is None or rest is None:
        return kept
    # Of a path or an address the last part alone: the others are whole.
    start = max(half.start(), kept.rfind("/") + 1) if half[0][0] in "/." or "://" in half[0] else half.start()
    run = text[start : rest.end()]
    if sum(any(map(kind, run)) for kind in (str.isdigit, str.islower, str.isupper)) < 2:  # noqa: PLR2004  in one case: words
        return kept
    return text[: rest.end()] if len(rest[0]) <= MORE else text[:start]
