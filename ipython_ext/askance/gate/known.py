"""Values that are known to be secret, searched for in a text: whole, cut off, broken over lines, put together from pieces.

Enters: (kind, value) pairs, then texts. Leaves: the stretches of a text that hold a known value.

The text is searched without its white space, quotes, signs of concatenation and escapes, so that one look finds a value
in one piece and in several; where it stands in the text itself is found out only then. Of a value of 16 characters and
more, its first 12 are enough.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .spans import KNOWN, Span

WHOLE = 14
"""Characters from which a value is found by a part of it."""

PART = 12
"""Characters of such a part."""

SHORTEST = 8
"""Characters a known value needs: shorter ones are everywhere."""

_JUNK = " \t\r\n\f\v\"'`\\+,&"
_JUNK_BYTES = _JUNK.encode()
_GAP = r"[\s\"'`\\+,&]{0,64}"
_SIGNS = frozenset(_JUNK)
_DROP = {ord(sign): None for sign in _JUNK}

_STEP = 8
"""Every how many characters of a value a part of it is looked for in long runs, for values whose beginning was cut off."""

_TRIVIAL = frozenset(
    "password production development staging postgres postgresql localhost default undefined disabled username changeme "
    "required optional anonymous database".split()
)


_RUN = re.compile(r"[A-Za-z0-9_+/-]{16,}")


class _Needle(NamedTuple):
    kind: str
    value: str
    """Without the characters that the searched text is searched without."""

    first: bytes
    """What is searched for: the value, or its beginning."""

    parts: tuple[str, ...]
    """What is searched for in runs of key characters alone: parts from its middle and end, and the value backwards."""


class Known:
    """The values of one moment, ready to be searched for."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """
        Args:
            pairs: (kind, value); trivial values are left out.
        """
        ordered = sorted(
            {value: kind for kind, value in pairs if telling(value)}.items(), key=lambda pair: -len(pair[0])
        )
        self._needles = [needle for value, kind in ordered for needle in _needles(kind, value)]
        self.foreign = any(not value.isascii() for value, _ in ordered)

    def __len__(self) -> int:
        return len(self._needles)

    def spans(self, text: str, runs: str) -> Iterator[Span]:
        """Where known values stand.

        Args:
            text: anything.
            runs: its long runs of key characters, one a line.
        """
        data = text.encode("utf-8", "replace")
        squeezed = data.translate(None, _JUNK_BYTES)
        for needle in self._needles:
            if needle.first in squeezed:
                yield from _places(text, needle, needle.value[: PART if len(needle.value) >= WHOLE else None])
            if runs:
                for part in needle.parts:
                    if part in runs:
                        yield from _around(text, needle, part)


def telling(value: str) -> bool:
    """Whether a value can be searched for: eight characters or more, no number, no common word."""
    return len(value) >= SHORTEST and not value.isdigit() and value.lower() not in _TRIVIAL and len(set(value)) > 2


def _needles(kind: str, value: str) -> Iterator[_Needle]:
    yield _needle(kind, value)
    if not _RUN.fullmatch(value):  # backwards, it is no run either
        yield _needle(kind, value[::-1])
    if len(value) < WHOLE + 2:  # encoded, it may be too short a run to be decoded
        raw = value.encode("utf-8", "replace")
        encoded = base64.b64encode(raw).decode().rstrip("=")
        yield from (_needle(kind, form) for form in {encoded, encoded.translate(str.maketrans("+/", "-_"))})


def _needle(kind: str, value: str) -> _Needle:
    bare = value.translate(_DROP)
    first = bare[:PART] if len(bare) >= WHOLE else bare
    parts = {bare[::-1]} if bare[::-1] != bare else set()
    if len(bare) >= WHOLE:
        parts.update(bare[at : at + PART] for at in (*range(_STEP, len(bare) - PART, _STEP), len(bare) - PART))
    return _Needle(kind, bare, first.encode("utf-8", "replace"), tuple(sorted(parts)))


def _places(text: str, needle: _Needle, first: str) -> Iterator[Span]:
    """Where a value's beginning stands, whatever is between its characters, each as far as the value goes on."""
    pattern = re.compile(_GAP.join(map(re.escape, first)))
    for match in pattern.finditer(text):
        end = _extended(text, match.end(), needle.value[len(first) :])
        yield Span(match.start(), end, needle.kind, KNOWN)


def _extended(text: str, end: int, rest: str) -> int:
    """How far a text goes on with the rest of a value, junk between passed over."""
    place, at = end, 0
    while at < len(rest) and place < len(text) and place - end < 128:
        if text[place] == rest[at]:
            at += 1
            place += 1
            end = place
        elif text[place] in _SIGNS:
            place += 1
        else:
            break
    return end


def _around(text: str, needle: _Needle, part: str) -> Iterator[Span]:
    """Where a part from within a value stands, with what of the value stands before and behind it."""
    value = needle.value if part in needle.value else needle.value[::-1]
    at = value.find(part)
    place = text.find(part)
    while place >= 0:
        start, end = place, place + len(part)
        while start > 0 and at - (place - start) > 0 and text[start - 1] == value[at - (place - start) - 1]:
            start -= 1
        end = _extended(text, end, value[at + len(part) :])
        yield Span(start, end, needle.kind, KNOWN)
        place = text.find(part, end)
