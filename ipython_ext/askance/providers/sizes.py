"""What a server says of sizes when it refuses a request for its length.

Enters: the error's body. Leaves: whether that is what it says, the limit it names, and the size it counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

SMALLEST_WINDOW = 256
"""Tokens below which a number is no model's window."""

MOST_WORDS = 2000
"""Characters of an error that are read."""

_TOO_LONG = re.compile(
    r"context.{0,20}(length|window|size|limit|overflow)|(?:too|is) long|too many (?:input |prompt )?tokens|"
    r"maximum.{0,30}tokens|maximum (?:prompt|input|sequence|model) length|exceeds? the (?:maximum|limit|model)|"
    r"tokens.{0,40}must be <=|request (?:entity )?too large|reduce the length|context_length|exceed_context|request_too_large",
    re.IGNORECASE,
)
_OUTPUT_ALONE = re.compile(r"(?:completion|output) tokens|max_tokens\W.{0,12}too large", re.IGNORECASE)
"""A limit on answers alone, which a smaller request does not meet."""

_WINDOW = re.compile(r"context", re.IGNORECASE)

_NUMBER = r"(?<![\w.,])(\d{1,3}(?:[,_]\d{3})+|\d{3,9})(?![\w.]\d|\w)"
_LIMITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # The clearest first: "209486 tokens > 200000 maximum", "must be <= 8193".
        rf"(?:>|<=)\D{{0,12}}?{_NUMBER}",
        rf"(?:max(?:imum)?|limit|limited|allowed|at most|up to|only|window|length|size|supports?)\b\D{{0,40}}?{_NUMBER}",
        rf"{_NUMBER}(?:[\s-]*tokens?)?[\s-]*(?:max|limit|allowed|context|window)",
    )
)
_NUMBERS = re.compile(_NUMBER)
_FIELDS_OF_LIMIT = ("n_ctx", "max_context_length", "context_length", "max_model_len")
_FIELDS_OF_COUNT = ("n_prompt_tokens", "prompt_tokens", "input_tokens")


class Sizes(NamedTuple):
    """Tokens, as a server's error tells them; None where it does not."""

    limit: int | None = None
    counted: int | None = None


def too_long(body: object, status: int = 400) -> Sizes | None:
    """The sizes in an error, None if it is about something else.

    Args:
        body: what the server said: JSON values, or text.
        status: the HTTP status, 200 for an error in the middle of a stream.
    """
    words = " ".join(_words(body))[:MOST_WORDS]
    if status != 413 and (not _TOO_LONG.search(words) or (_OUTPUT_ALONE.search(words) and not _WINDOW.search(words))):
        return None
    limit = _field(body, _FIELDS_OF_LIMIT) or _limit(words)
    counted = _field(body, _FIELDS_OF_COUNT) or max(
        (number for number in map(_whole, _NUMBERS.findall(words)) if limit is not None and number > limit),
        default=None,
    )
    return Sizes(limit, counted)


def _limit(words: str) -> int | None:
    for pattern in _LIMITS:
        for found in pattern.findall(words):
            if (number := _whole(found)) >= SMALLEST_WINDOW:
                return number
    return None


def _whole(number: str) -> int:
    return int(number.replace(",", "").replace("_", ""))


def _words(body: object, depth: int = 4) -> Iterator[str]:
    """The texts of an error; one may hold another's JSON, as gateways pass it on."""
    if isinstance(body, str):
        yield body[:MOST_WORDS]
    elif isinstance(body, Mapping) and depth:
        for name in ("message", "code", "type", "detail", "error"):
            yield from _words(body.get(name), depth - 1)
    elif isinstance(body, list) and depth:
        for one in body[:4]:
            yield from _words(one, depth - 1)


def _field(body: object, names: tuple[str, ...], depth: int = 3) -> int | None:
    if not isinstance(body, Mapping) or not depth:
        return None
    own = (body[name] for name in names if name in body)
    found = next((value for value in own if type(value) is int and SMALLEST_WINDOW <= value < 10**9), None)
    return found or _field(body.get("error"), names, depth - 1)
