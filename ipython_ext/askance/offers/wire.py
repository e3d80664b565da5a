"""How a kernel and whoever calls it speak: one line of JSON each, four in all.

    the caller's token -> the kernel's countersign -> a request -> its reply

Enters: messages and bytes. Leaves: the other, or an error for what is neither.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Message = Mapping[str, Any]

MOST_BYTES = 1_000_000
"""A longer line is none."""


def line(message: Message) -> bytes:
    """A message as it is written.

    Raises:
        ValueError: it is too long.
    """
    data = json.dumps(dict(message), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    if len(data) > MOST_BYTES:
        raise ValueError(f"a message of {len(data):,} bytes")
    return data


def message(data: bytes) -> Message:
    """The inverse of `line`.

    Raises:
        ValueError: it is no line of ours.
    """
    try:
        found = json.loads(data)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(found, dict) or not data.endswith(b"\n"):
        raise ValueError("no message")
    return found
