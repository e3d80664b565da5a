"""How large a text is, in tokens (provisional)."""

from __future__ import annotations


def estimate(text: str) -> int:
    """About how many tokens `text` takes."""
    return (len(text.encode("utf-8", "replace")) + 2) // 3
