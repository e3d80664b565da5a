"""Secrets that the name beside them tells.

Enters: a text. Leaves: the stretches beside telling names, and passwords in addresses.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from . import harmless, look
from .names import FAIR, NONE, STEMS, Hint, hint
from .placeholders import PATTERN as PLACEHOLDER
from .spans import NAMED, Span
from .tables import Tables
from .values import values

_NAME = string.ascii_letters + string.digits + "_-"
_REST = re.compile(r"[A-Za-z0-9_\-]{0,100}")
LONGEST = 80
"""Characters of a name."""

_JOINED = re.compile(r"(?i)(.{0,60}?(?:secret|token|key|password|private|access))[-_]((?=.*\d)[A-Za-z0-9_-]{16,})")
"""A name and its value in one run: `vendor-secret-5f3a...`."""

_TAIL = re.compile(r"[A-Za-z0-9+/=_.-]{0,512}")
_WORD_BEFORE = re.compile(r"(?<![A-Za-z0-9_.-])([A-Za-z][A-Za-z0-9]{2,15}) $")


def named(text: str, lower: bytes) -> Iterator[Span]:
    """Every stretch beside a telling name.

    Args:
        text: anything.
        lower: it, a byte a character, in lower case.
    """
    done = 0
    tables = Tables()
    for place in _places(lower):
        if place < done:
            continue
        head = text[max(0, place - LONGEST) : place]
        start = place - len(head) + len(head.rstrip(_NAME))
        rest = _REST.match(text, place)
        end = done = rest.end() if rest is not None else place
        inside = _JOINED.fullmatch(text, start, end)
        if end - start > LONGEST or (inside is not None and look.random(inside[1], 16)):
            continue  # a stretch of a hash or of base64, no name
        if inside is not None and hint(inside[1]).strength >= FAIR and look.random(inside[2], 16):
            yield Span(inside.start(2), _TAIL.match(text, end).end(), hint(inside[1]).kind, NAMED)  # type: ignore[union-attr]
            continue
        found = hint((_two_words(text, start) if lower[start:end] == b"key" else "") + text[start:end])
        if found.strength != NONE and not PLACEHOLDER.match(text, start - 1 if start else 0):
            yield from _beside(text, start, end, found, tables)


def _two_words(text: str, start: int) -> str:
    """The word before a name of one word, where people write it with a space: `private key: ...`."""
    before = _WORD_BEFORE.search(text[max(0, start - 20) : start])
    return f"{before[1]}_" if before is not None else ""


def _beside(text: str, start: int, end: int, found: Hint, tables: Tables) -> Iterator[Span]:
    some = False
    for from_, to in values(text, start, end, found):
        some = True
        yield Span(from_, to, found.kind, NAMED)
    if not some:
        for from_, to in tables.below(text, start, end, found):
            yield Span(from_, to, found.kind, NAMED)


def _places(lower: bytes) -> list[int]:
    """Where stems of telling names stand, in order."""
    places: list[int] = []
    for stem in STEMS:
        place = lower.find(stem)
        while place >= 0:
            places.append(place)
            place = lower.find(stem, place + len(stem))
    places.sort()
    return places


_USER = re.compile(r"([^\s/:@'\"<>?#(){}\[\]\\]{0,128})(?::([^\s'\"<>`]{1,512}))?")
_HOST = re.compile(r"[A-Za-z0-9.\[_$%{<-]")
_PORT = re.compile(r"\d{0,5}(?:[/?#,]|$)")
_COMMON = frozenset(
    "password pass passwd pwd secret postgres root admin guest user test mysql rabbitmq minio changeme".split()
)


def addresses(text: str) -> Iterator[Span]:
    """Passwords in addresses: `scheme://user:password@host`, whatever signs the password has; keys in a user's place."""
    place = text.find("://")
    while place >= 0:
        place += 3
        yield from _login(text, place)
        place = text.find("://", place)


def _login(text: str, place: int) -> Iterator[Span]:
    parts = _USER.match(text, place)
    if parts is None:
        return
    user, rest = parts[1], parts[2]
    if rest is not None and "@" in rest:
        cut = rest.find("://")  # another address follows
        rest = rest[:cut] if cut >= 0 else rest
        at = _last_at(rest)
        if at > 0 and not _PORT.match(rest) and _is_password(rest[:at]):
            yield Span(parts.start(2), parts.start(2) + at, "PASSWORD", NAMED)
    elif rest is None and text[parts.end() : parts.end() + 1] == "@" and look.random(user, 16):
        yield Span(parts.start(1), parts.end(1), "KEY", NAMED)
    if rest is not None and "@" in rest and look.random(user, 20):
        yield Span(parts.start(1), parts.end(1), "KEY", NAMED)


def _last_at(rest: str) -> int:
    """Where the host begins: at the last `@` before the path, or at the last that a host can follow."""
    at = rest.rfind("@")
    while at > 0:
        if _HOST.match(rest, at + 1) and "/" not in rest[:at]:
            return at
        before = rest.rfind("@", 0, at)
        if before < 0:
            return at if _HOST.match(rest, at + 1) else -1
        at = before
    return at


def _is_password(word: str) -> bool:
    return len(word) >= 3 and not harmless.stand_in(word) and word.lower() not in _COMMON
