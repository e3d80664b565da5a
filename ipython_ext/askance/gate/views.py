r"""A text as it reads once its disguises are taken off, with a way back.

Enters: a text. Leaves: windows of it in plain characters: escapes of JSON and Python (`\u0041`, `\x41`, `\/`), percent
signs, entities of HTML, characters of no width, full-width forms, and literals put together (`"abc" + "def"`). A window
is made only around a disguise, so a text without any costs one look.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

MARGIN = 256
"""Characters before and behind a disguise that belong to its window: a name before it, the rest of a key behind it."""

_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0020-\U000e007f\ufe00-\ufe0f"
_COMPAT = "\u2070-\u209f\u2460-\u24ff\uff01-\uff5e\U0001d400-\U0001d7ff\u2100-\u214f"

_KEY = "A-Za-z0-9+/_="
_BREAK = r"\\?\r?\n[ \t]*"
_JOINT = rf"(?<=[{_KEY}.-].)(?:[ \t]*[+.&][ \t]*(?:{_BREAK})?|[ \t]*{_BREAK}(?:[+.][ \t]*)?|[ \t]+)[rbfuRBFU]{{0,2}}[\"'](?=[{_KEY}-])"

_ESCAPES = r"\\?(?:u00[2-7][0-9A-Fa-f]|u\{[0-9A-Fa-f]{2}\}|x[2-7][0-9A-Fa-f]|/|[0-3][0-7]{2})"
_FOREIGN_ESCAPES = r"\\?(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|/|[0-3][0-7]{2})"
_COMMON = rf"""(?<=&)(?:\#(?:x[0-9A-Fa-f]{{2}}|\d{{2,3}})|quot|apos);
|(?<=\\)(?<=[{_KEY}-].)\r?\n[ \t]*(?=[{_KEY}-])"""

# Each begins with one set of characters, which is what a search is fast for.
_ASCII = re.compile(
    rf"""[\\%&](?:(?<=\\){_ESCAPES}|(?<=%)[2-7][0-9A-Fa-f](?:%[2-7][0-9A-Fa-f])*|{_COMMON})""".replace("\n|", "|")
)
_ALL = re.compile(
    rf"""[\\%&{_INVISIBLE}{_COMPAT}](?:(?<=[{_INVISIBLE}{_COMPAT}])[{_INVISIBLE}{_COMPAT}]*|(?<=\\){_FOREIGN_ESCAPES}
|(?<=%)[0-9A-Fa-f]{{2}}(?:%[0-9A-Fa-f]{{2}})*|{_COMMON})""".replace("\n|", "|")
)
_JOINTS = re.compile(rf"[\"']{_JOINT}")
_PRINTABLE = re.compile(r"=3D|=\r?\n(?=[A-Za-z0-9])")
"""The signs of quoted-printable mail."""

_NO_WIDTH = re.compile(f"[{_INVISIBLE}]+")
_UNSEEN = re.compile(f"[{_INVISIBLE}{_COMPAT}]")
_PLAIN = bytes(range(128))
_ENTITIES = {"&quot;": '"', "&apos;": "'"}


class View(NamedTuple):
    """A window of a text in plain characters."""

    text: str
    places: list[int]
    """Where in `text` each piece begins: plain stretches and what stands for disguises, by turns."""

    origins: list[int]
    """Where in the original it begins."""

    ends: list[int]
    """Where it ends there."""

    plain: list[bool]
    """Whether it stands there as it is."""

    def origin(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a stretch of the view stands in the original; nothing if no disguise touches it."""
        first = bisect_right(self.places, start) - 1
        last = max(first, bisect_right(self.places, max(start, end - 1)) - 1)
        touched = not all(self.plain[first : last + 1]) or self._meets(start, first, -1) or self._meets(end, last, 1)
        if not touched:
            return None
        from_ = self.origins[first] + (start - self.places[first] if self.plain[first] else 0)
        to = self.origins[last] + (end - self.places[last]) if self.plain[last] else self.ends[last]
        return from_, to

    def _meets(self, place: int, piece: int, step: int) -> bool:
        beside = piece + step
        if not 0 <= beside < len(self.places) or self.plain[beside]:
            return False
        return place == (self.places[piece] if step < 0 else self.places[beside])


def views(text: str, *, foreign: bool) -> Iterator[View]:
    """The windows of a text around its disguises.

    Args:
        text: anything.
        foreign: whether characters beyond ASCII may be part of what is searched for, and their escapes count.
    """
    odd = not text.isascii() and _UNSEEN.search(_beyond_ascii(text)) is not None
    pattern = _ALL if odd or foreign else _ASCII
    found = list(pattern.finditer(text)) if odd or "\\" in text or "%" in text or "&" in text else []
    if "=3D" in text:
        found = _ordered(found, list(_PRINTABLE.finditer(text)))
    found = _ordered(found, list(_JOINTS.finditer(text)))
    window: list[re.Match[str]] = []
    for match in found:
        if window and match.start() - window[-1].end() > 2 * MARGIN:
            yield _view(text, window)
            window = []
        window.append(match)
    if window:
        yield _view(text, window)


def _beyond_ascii(text: str) -> str:
    return text.encode("utf-8", "replace").translate(None, _PLAIN).decode("utf-8")


def _ordered(some: list[re.Match[str]], others: list[re.Match[str]]) -> list[re.Match[str]]:
    """Matches of two kinds in order of their place, none meeting another."""
    if not others:
        return some
    kept: list[re.Match[str]] = []
    for match in sorted((*some, *others), key=lambda match: match.start()):
        if not kept or match.start() >= kept[-1].end():
            kept.append(match)
    return kept


def _view(text: str, matches: list[re.Match[str]]) -> View:
    pieces: list[str] = []
    view = View("", [], [], [], [])
    size = 0
    last = max(0, matches[0].start() - MARGIN)
    stop = min(len(text), matches[-1].end() + MARGIN)
    for match in (*matches, None):
        start, end = match.span() if match is not None else (stop, stop)
        for piece, from_, to, plain in ((text[last:start], last, start, True), (_plain(match), start, end, False)):
            if piece or (not plain and to > from_):
                pieces.append(piece)
                view.places.append(size)
                view.origins.append(from_)
                view.ends.append(to)
                view.plain.append(plain)
                size += len(piece)
        last = end
    return view._replace(text="".join(pieces))


def _plain(match: re.Match[str] | None) -> str:
    """What a disguise stands for."""
    word = match[0] if match is not None else ""
    if word.startswith("%"):
        raw = unquote_to_bytes(word)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("latin-1")
    if word.startswith("\\"):
        return _unescaped(word.lstrip("\\"))
    if word.startswith("&#"):
        return chr(int(word[3:-1], 16) if word[2] in "xX" else int(word[2:-1]))
    if word.startswith("&"):
        return _ENTITIES[word]
    if word == "=3D":
        return "="
    return "" if word.isascii() else _compatible(word)


def _compatible(word: str) -> str:
    return unicodedata.normalize("NFKC", _NO_WIDTH.sub("", word))


def _unescaped(word: str) -> str:
    if word[:1] in "\r\n":
        return ""
    if word.startswith("u{"):
        return chr(int(word[2:-1], 16))
    if word[:1] in "ux":
        size = 4 if word[0] == "u" else 2
        return chr(int(word[1 : 1 + size], 16)) + word[1 + size :]
    return chr(int(word, 8)) if word.isdigit() else word
