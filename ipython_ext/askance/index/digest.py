"""One hash for everything whose change matters. Enters: text or bytes. Leaves: 16 hex digits, the same in every process."""

from __future__ import annotations

from hashlib import blake2b


def digest(*parts: str | bytes) -> str:
    """16 hex digits of blake2b over the parts and their borders.

    Args:
        parts: in an order that matters; lone surrogates are allowed in text.
    """
    encoded = [part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in parts]
    hashed = blake2b(repr([len(part) for part in encoded]).encode(), digest_size=8)  # the borders
    for part in encoded:
        hashed.update(part)
    return hashed.hexdigest()
