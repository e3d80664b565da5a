"""Forms that need a pattern of their own: tokens in several parts, and private keys.

Enters: a text. Leaves: where they stand, from the first character to the last, or to where they were cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PATTERNS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("JWT", ("eyJ", "ewog"), r"[\w-]{8,}(?:\.[\w-]{4,}){1,4}"),
    ("ATLASSIAN_TOKEN", ("ATATT3", "ATCTT3", "ATSTT3"), r"[\w+/-]{16,}(?:=[0-9A-F]{1,8})?"),
    ("TEAMS_WEBHOOK", ("webhook.office.com/webhookb2/", "outlook.office.com/webhook/"), r"[^\s\"'<>`)\]]{16,}"),
    ("TELEGRAM_TOKEN", ("bot",), r"\d{8,10}:[\w-]{30,}"),
)
"""Kind, prefixes, what follows them."""

_PARTS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
_HASH = re.compile(
    r"\$(?:(?:2[abxy]\$\d\d|[1568y]|apr1|[56]\$rounds=\d{1,9})\$[./A-Za-z0-9$]{22,400}|argon2(?:id?|d)\$[\w=,$+/.-]{30,400}"
    r"|krb5\w{2,6}\$\d\d\$[^\s]{32,4000}|pbkdf2[\w:-]{0,20}\$\d{1,9}\$[\w+/.$=]{24,400})"
)
_BRAINTREE = re.compile(r"access_token\$(?:production|sandbox)\$[0-9a-z]{8,20}(?:\$[0-9a-f]{8,64})?")
_CLAIMS = re.compile(r"\.[\w-]{6,}(?:\.[\w-]*){0,3}")


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of every JSON Web Token, however short (two parts of it begin with `{"`), of every
    hash of a password, and of other tokens whose parts `$` joins.
    """
    if "$" in text:
        yield from ((match.start(), match.end(), "PASSWORD_HASH") for match in _HASH.finditer(text))
        yield from ((match.start(), match.end(), "BRAINTREE_TOKEN") for match in _BRAINTREE.finditer(text))
    place = text.find(".eyJ")
    while place >= 0:
        head = text[max(0, place - 2000) : place]
        start = place - len(head) + len(head.rstrip(_PARTS))
        claims = _CLAIMS.match(text, place)
        if text[start : start + 2] in ("ey", "ew") and claims is not None:
            yield start, claims.end(), "JWT"
        place = text.find(".eyJ", place + 4)


_HEAD = re.compile(r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?(?: \(\w+\))? ?-{4,5}")
_FOOT = re.compile(r"-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_PIECE = re.compile(
    r"(?:\\{1,2}[nrt]|[\s\"'`+,>#|*\\]){0,60}"
    r"(?:[A-Za-z0-9+/_-]{16,}={0,2}|[A-Za-z0-9+/]{1,15}={1,2}(?![A-Za-z0-9])|[A-Z][A-Za-z-]{3,20}: [^\n\\]{1,200})"
)
_REST = re.compile(r"(?:\\{1,2}[nrt]|[\s\"'`+,>#|*\\]){0,60}[A-Za-z0-9+/]{1,15}={0,2}(?=\\{0,2}[nr\"']|[\s\"'`]|\Z)")
_CODE = re.compile(r"[(\[{;]|\w \w+ \w")
_PUTTY = re.compile(r"Private-Lines: \d+\s+((?:[A-Za-z0-9+/=]{4,}\s+)+)(?:Private-MAC: [0-9a-f]+)?")

LONGEST = 16_384
"""Characters of a private key (RSA of 16,384 bits has 12,800)."""


def private_keys(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of every private key in the text, its first and last line included.

    One that has no last line goes as far as it looks like a key.
    """
    done = 0
    place = text.find("BEGIN ")
    while place >= 0:
        head = _HEAD.match(text, max(done, place - 6)) or _HEAD.match(text, max(done, place - 5))
        if head is not None:
            done = _end(text, head.end())
            if done > head.end():
                yield head.start(), done, "PRIVATE_KEY"
        place = text.find("BEGIN ", max(done, place + 6))
    if "Private-Lines:" in text:
        for match in _PUTTY.finditer(text):
            yield match.start(1), match.end(), "PRIVATE_KEY"


def _end(text: str, start: int) -> int:
    """Where a key ends whose first line ends at `start`; `start` itself if none follows."""
    dash = text.find("-----END", start, start + LONGEST)
    foot = _FOOT.match(text, dash) if dash >= 0 else None
    if foot is not None and not _CODE.search(text, start, dash):
        return foot.end() if dash > start + 2 else start
    end = start
    while end - start < LONGEST:
        piece = _PIECE.match(text, end)
        if piece is None:
            break
        end = piece.end()
    rest = _REST.match(text, end) if end > start else None
    end = rest.end() if rest is not None else end
    foot = _FOOT.match(text, dash) if start <= dash <= end + 4 else None
    return foot.end() if foot is not None else end
