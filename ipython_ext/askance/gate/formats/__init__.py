"""The published forms of secrets: what an issuer's keys begin with, and what they go on with.

Enters: a text and a place where a prefix may stand. Leaves: the kind and the end of the secret there.

One line of a table is one form: `KIND prefix [prefix ...] <set><least>`. The set says which characters follow the prefix
(a letters and digits, w also `_-`, v also `.`, b base64, h hex digits, l lower case and digits, u upper case and digits,
d digits), the number how many of them at least: fewer than a whole key has, for a key that was cut off must not leave
either. `=` after the number asks for exactly so many, where the prefix alone says little. All of them go, up to the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .. import look
from . import chat, cloud, code, data, models, payment, services, watching
from .whole import PATTERNS

SETS = {
    "a": "A-Za-z0-9",
    "w": r"A-Za-z0-9_\-",
    "v": r"A-Za-z0-9_\-.",
    "b": r"A-Za-z0-9+/_\-",
    "h": "0-9a-fA-F",
    "l": "a-z0-9",
    "u": "A-Z0-9",
    "d": "0-9",
}

_FORM = re.compile(r"([awvbhlud])(\d+)(=?)")


class Form(NamedTuple):
    """One form: its kind, its prefix, and the pattern of the whole secret, prefix included."""

    kind: str
    prefix: str
    pattern: re.Pattern[str]
    mixed: bool
    """Whether what follows may be letters and digits of both cases, so that a text of words alone is none."""


def _forms(tables: Iterable[str]) -> Iterator[Form]:
    for table in tables:
        for line in table.split("\n"):
            if line.strip():
                kind, *prefixes, tail = line.split()
                yield from (_form(kind, prefix, tail) for prefix in prefixes)


def _form(kind: str, prefix: str, tail: str) -> Form:
    parts = _FORM.fullmatch(tail)
    if parts is None:
        raise ValueError(f"{kind}: {tail} is no tail")
    letters, least, exactly = SETS[parts[1]], parts[2], parts[3]
    count = f"{{{least}}}(?![{letters}])" if exactly else f"{{{least},}}"
    padding = "={0,2}" if parts[1] == "b" else ""
    return Form(kind, prefix, re.compile(f"{re.escape(prefix)}[{letters}]{count}{padding}"), parts[1] in "awvb")


_ROOMS = (models, cloud, code, chat, payment, watching, data, services)

FORMS: tuple[Form, ...] = (
    *_forms(room.TABLE for room in _ROOMS),
    *(
        Form(kind, prefix, re.compile(re.escape(prefix) + tail), mixed=False)
        for kind, prefixes, tail in PATTERNS
        for prefix in prefixes
    ),
)


def _trie(prefixes: Iterable[str]) -> str:
    """A pattern of all prefixes that looks at each character of the text once."""
    first: dict[str, list[str]] = {}
    whole = False
    for prefix in prefixes:
        if prefix:
            first.setdefault(prefix[0], []).append(prefix[1:])
        else:
            whole = True
    branches = [re.escape(letter) + _trie(rest) for letter, rest in sorted(first.items())]
    if not branches:
        return ""
    inner = "|".join(branches)
    grouped = f"(?:{inner})" if len(branches) > 1 or whole else inner
    return grouped + ("?" if whole else "")


_ANCHORS = re.compile(rf"(?<![A-Za-z0-9])({_trie({form.prefix for form in FORMS})})")
_BY_PREFIX: dict[str, list[Form]] = {}
for _one in FORMS:
    _BY_PREFIX.setdefault(_one.prefix, []).append(_one)


def anchored(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """(start, end, kind) of every form whose prefix begins a word between two places.

    Args:
        text: anything.
        start: where to look first.
        end: where prefixes may begin no more.
    """
    if _ANCHORS.search(text, start, end) is None:
        return []
    found = (at(text, anchor.start(), anchor[1]) for anchor in _ANCHORS.finditer(text, start, end))
    return [one for one in found if one is not None]


def begins(text: str) -> bool:
    """Whether some form's prefix begins a word in it."""
    return _ANCHORS.search(text) is not None


def at(text: str, place: int, anchor: str) -> tuple[int, int, str] | None:
    """The longest form that stands at a place, by its prefix or a shorter one that it begins with.

    Args:
        text: anything.
        place: where a prefix begins.
        anchor: the longest prefix there.
    """
    best: tuple[int, int, str] | None = None
    for size in range(len(anchor), 0, -1):
        for form in _BY_PREFIX.get(anchor[:size], ()):
            match = form.pattern.match(text, place)
            if match is None or not _plausible(match[0][size:], mixed=form.mixed):
                continue
            if best is None or match.end() > best[1]:
                best = (place, match.end(), form.kind)
    return best


_WORD = re.compile(r"(?:[A-Z]?[a-z]{2,}|[A-Z]+)?\d*|[a-z]|(?:[A-Z]?[a-z]{2,})+")
_STAND_IN = re.compile(r"(?i)x{6}|\.{3}|your|placeholder|redact|changeme")


def _plausible(tail: str, *, mixed: bool) -> bool:
    """Whether it can be random: no stand-in, and no words alone (`sk-learn-contrib-tools`)."""
    if len(set(tail)) < 4 or _STAND_IN.search(tail[:40]):
        return False
    if not mixed:
        return True
    digits, pieces = look.digits(tail), re.split(r"[-_.]", tail)
    longest = max(map(len, pieces))
    if not digits and (tail.islower() or tail.isupper()):
        return longest >= 16  # no word is
    return digits > 2 or longest >= 12 or not all(map(_WORD.fullmatch, pieces))
