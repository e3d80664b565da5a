"""The parts of camelCase names, so that full text search finds a name by each of them.

Enters: text. Leaves: words. snake_case needs nothing: the tokenizer of the full text takes it apart.
"""

from __future__ import annotations

import re
from functools import lru_cache

_KINDS = bytes(85 if chr(c).isupper() else 108 if chr(c).isalnum() else 46 for c in range(128)) + b"l" * 128
"""Every byte as U (capital), l (small letter, digit, or a byte of other scripts) or "." (anything else)."""

_BORDER = re.compile(rb"(?<=[^A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][^A-Z])")


def parts(text: str) -> str:
    """The parts of every camelCase name: "a balanceSheet of HTTPServer" gives "balance Sheet HTTP Server".

    Looks for borders with `translate` and `find`: a regular expression over the whole text takes several times as long.
    """
    data = text.encode("utf-8", "replace")
    kinds = data.translate(_KINDS) + b"."
    mixed, capitals = _spans(kinds, b"lU"), _spans(kinds, b"UUl")
    names = [data[start:end] for start, end in mixed]
    names += [data[start:end] for start, end in capitals if kinds.find(b"lU", start, end) < 0]
    return b" ".join(map(_cut, names)).decode("utf-8", "replace")


def _spans(kinds: bytes, border: bytes) -> list[tuple[int, int]]:
    """Where the names are that hold a border."""
    spans = []
    find, rfind = kinds.find, kinds.rfind
    at = find(border)
    while at >= 0:
        end = find(b".", at)
        spans.append((rfind(b".", 0, at) + 1, end))
        at = find(border, end)
    return spans


@lru_cache(50_000)
def _cut(name: bytes) -> bytes:
    return _BORDER.sub(b" ", name)
