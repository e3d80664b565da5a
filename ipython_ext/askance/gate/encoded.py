"""What a long run of characters says once it is decoded.

Enters: a text and a run in it. Leaves: the readable texts that it holds as base64 or as hex digits, and where the run ends.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from . import look

_READABLE = re.compile(rb"(?:[\x09\x0a\x0d\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]{1,3}){8,}")
_HEADS = re.compile(r"[ACDI-Za-f]{4,}")
"""The first of every four characters of base64, where they encode ASCII: its upper six bits."""

_PADDING = re.compile(r"(?:={1,2}|(?:%3[dD]){1,2})?")
NEXT_LINE = re.compile(r"(?:\\{0,2}[nr]|[\"'\\+ \t]*\r?\n)[ \t>#|+*\"']*([A-Za-z0-9+/_-]{2,})(?=[=\\\"'\s,;)]|\Z)")
_URLSAFE = str.maketrans("-_", "+/")

_KEY_LINE = re.compile(
    r"(?:\\{0,2}[nr]|[\"'\\+ \t]*\r?\n)[ \t>#|+*\"']*([A-Za-z0-9_+/.=-]{2,})(?=[\\\"']|[ \t]*(?:[,;)\]}].*)?(?:\r?\n|\Z))"
)


def next_line(text: str, end: int, width: int, *, sure: bool) -> re.Match[str] | None:
    """The line that a key goes on in, which was broken at `end` after `width` characters; None if it does not look so.

    Args:
        text: anything.
        end: where the key ends in its line.
        width: characters of it there.
        sure: whether a whole line of it has come already, so that what follows is its rest.
    """
    following = _KEY_LINE.match(text, end)
    if following is None:
        return None
    piece = following[1]
    fits = len(piece) <= width + 8 and (sure or len(piece) == width or look.random(piece, 6) or not look.wordy(piece))
    return following if fits else None


WRAPPED_FROM = 40
"""Characters of a line that goes on in the next one (PEM has 64, MIME 76)."""


def likely(run: str) -> bool:
    """Whether a run can be base64 of a text, or hex digits: names in one case are neither."""
    return not (run.islower() or run.isupper()) or look.hexadecimal(run)


def whole(text: str, start: int, end: int) -> tuple[str, int]:
    """A run with the lines it goes on in, and where it ends, padding included."""
    pieces = [text[start:end]]
    while end - start >= WRAPPED_FROM:
        following = NEXT_LINE.match(text, end)
        if following is None or len(following[1]) > len(pieces[0]) + 4:
            break
        if look.hexadecimal(pieces[0]) and not look.hexadecimal(following[1]):
            break  # the next line is a word
        pieces.append(following[1])
        end = following.end()
    padding = _PADDING.match(text, end)
    return "".join(pieces), padding.end() if padding is not None else end


def readable(run: str, *, foreign: bool = False) -> Iterator[str]:
    """The texts of eight characters and more that a run holds.

    Args:
        run: characters of base64, base64url or hex, without white space.
        foreign: whether texts with many characters beyond ASCII count.
    """
    if len(run) >= 16 and look.hexadecimal(run):
        yield from _texts(bytes.fromhex(run[: len(run) // 2 * 2]))
        return
    for offset in range(4):
        if foreign or _HEADS.search(run[offset::4]):
            part = run[offset:].translate(_URLSAFE)
            yield from _texts(binascii.a2b_base64(part[: len(part) // 4 * 4] + _last(part)))


def _last(part: str) -> str:
    """What is left of a part that was cut off within four characters, filled up."""
    rest = len(part) % 4
    return part[-rest:] + "=" * (4 - rest) if rest > 1 else ""


def _texts(raw: bytes) -> Iterator[str]:
    if raw.count(0) * 3 > len(raw):  # UTF-16, as PowerShell encodes its commands
        raw = raw.replace(b"\0", b"")
    found = [match[0] for match in _READABLE.finditer(raw)]
    if sum(map(len, found)) * 2 >= len(raw) or any(len(one) >= 16 for one in found):
        yield from (one.decode("utf-8", "replace") for one in found)
