"""How random a piece of text looks: what tells a key from a name.

Enters: a value. Leaves: yes or no. In random characters upper case, lower case and digits take turns; in words they do not.
"""

from __future__ import annotations

import re

_CLASS = bytes(
    1 if 48 <= code <= 57 else 2 if 97 <= code <= 122 else 3 if 65 <= code <= 90 else 0 for code in range(256)
)
_SIGNS = bytes(code for code in range(256) if not _CLASS[code])
_RUNS = re.compile(rb"\x01+|\x02+|\x03+")
_DIGITS = b"0123456789"

LONGEST = 256
"""Characters of a value that are looked at."""

_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_PATH = re.compile(r"\W?[A-Za-z_]+(?:[.:/_-][A-Za-z_]+)*\d{0,2}\W?")
_WORDY = re.compile(r"[A-Za-z]+(?:[-_. ][A-Za-z]+)*\d{0,2}")


def turns(value: str) -> tuple[int, int, int]:
    """(letters and digits, how often the class of one is not that of the one before, kinds of class present)."""
    classes = value[:LONGEST].encode("latin-1", "replace").translate(_CLASS, _SIGNS)
    return len(classes), len(_RUNS.findall(classes)) - 1, len(set(classes))


def digits(value: str) -> int:
    """How many digits of ASCII stand in it."""
    raw = value.encode("latin-1", "replace")
    return len(raw) - len(raw.translate(None, _DIGITS))


def random(value: str, least: int = 16) -> bool:
    """Whether a value looks drawn at random: digits among letters, or both cases in turn.

    In random text of 62 characters about 64 % of neighbours differ in class, of hex digits 47 %, in names under 20 %.

    Args:
        value: without quotes.
        least: letters and digits it needs.
    """
    size, changes, kinds = turns(value)
    if size < least or kinds < 2 or (_WORDY.fullmatch(value) and kinds < 3):
        return False
    count = digits(value[:LONGEST])
    if count >= 4 and size >= 20 and value.isalnum() and count < size:
        return True  # no word is that long and has digits
    if not count:
        return changes >= 0.36 * (size - 1) and size >= 20
    return changes >= 0.24 * (size - 1) and 2 <= count < size


def mixed(value: str, share: float = 0.42) -> bool:
    """Whether upper case, lower case and digits stand in it, in turn: no hash, no id, no path.

    Args:
        value: without quotes.
        share: of neighbours that differ in class.
    """
    size, changes, kinds = turns(value)
    return kinds == 3 and changes >= share * (size - 1)


def wordy(value: str) -> bool:
    """Whether it is words: letters, joined by signs, perhaps numbered."""
    return _WORDY.fullmatch(value) is not None


def named(value: str) -> bool:
    """Whether it is words, or a dotted name, a path or a type made of them: `core.magics:Magics`, `boolean?`."""
    return wordy(value) or _PATH.fullmatch(value) is not None


def hexadecimal(value: str) -> bool:
    """Whether it is hex digits alone, of one case."""
    return _HEX.fullmatch(value) is not None


_COUNTED = re.compile(r"(?:[A-Za-z]+|\d+)(?:[-_.:/](?:[A-Za-z]+|\d+))*")
_NUMBER = re.compile(r"[-+]?[\d_.,:eExX/%*+-]+[a-zA-Z]{0,3}")


def counted(value: str) -> bool:
    """Whether it is words and numbers, joined by signs: `user:1234`, `chapter-3.2`."""
    return _COUNTED.fullmatch(value) is not None


def number(value: str) -> bool:
    """Whether it is a number, a date or a time, perhaps with a unit."""
    return _NUMBER.fullmatch(value) is not None
