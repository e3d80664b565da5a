"""The sixty secrets of the proof: 25 kinds and 5 encodings, and the same again in other contexts.

Enters: a number and a seed. Leaves: secrets, as they are and as they stand in a text, and a judge of what is left of them.
"""

from __future__ import annotations

import base64
import json
import random
import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from gate.fakes import STUDIED, distinctive, fake

COUNT = 60

_VARIANTS = (("openai_project", "github_fine"), ("openai", "github"))
"""Of two kinds that the study counts as one, each half has one."""

FORMLESS = ("aws_secret", "azure_storage", "twilio")
"""Kinds without a form of their own: they are known by value, from the file or the variable where they belong."""

ENCODINGS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(f"me:{text}".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "percent": lambda text: "".join(quote(letter, safe="") if not letter.isalnum() else letter for letter in text),
    "escaped": lambda text: "".join(
        f"\\u{ord(letter):04x}" if not place % 3 else letter for place, letter in enumerate(text)
    ),
    "cut": lambda text: text[: max(14, len(text) * 2 // 3)] + "...",
}


@dataclass(frozen=True)
class Placed:
    """A secret.

    Attributes:
        kind: of the fakes, or the name of the encoding of a value in no format.
        secret: what must not leave.
        text: as it stands in what is sent.
        other: whether it stands in the other context.
        known: whether the machine knows it by value.
    """

    kind: str
    secret: str
    text: str
    other: bool
    known: bool

    @property
    def whole(self) -> bool:
        """Whether the secret itself stands there."""
        return self.text == self.secret


def placed(number: int, seed: int) -> Placed:
    """One of the sixty; another seed gives other characters."""
    other, place = divmod(number % COUNT, COUNT // 2)
    kinds = [kind for kind in STUDIED if kind not in _VARIANTS[other]]
    assert len(kinds) + len(ENCODINGS) == COUNT // 2
    if place < len(kinds):
        secret = fake(kinds[place], seed)
        return Placed(kinds[place], secret, secret, bool(other), kinds[place] in FORMLESS)
    encoding = list(ENCODINGS)[place - len(kinds)]
    secret = _formless(random.Random(seed))
    return Placed(encoding, secret, ENCODINGS[encoding](secret), bool(other), known=True)


def _formless(rng: random.Random) -> str:
    letters = "".join(rng.choices(string.ascii_letters + string.digits, k=22))
    return f"{letters[:8]}@{letters[8:15]}/{letters[15:]}"


def pieces(one: Placed) -> set[str]:
    """What of a secret is of use to a stranger: any six of its random characters in a row, as they are or encoded; eight
    where they are but hex digits, which stand everywhere.
    """
    parts = distinctive(one.kind, one.secret) if one.kind not in ENCODINGS else [one.secret]
    found: set[str] = set()
    for part in parts:
        length = 8 if re.fullmatch(r"[0-9a-f]+|[0-9A-F]+|\d+", part) else 6
        found |= _grams(part, length)
        found |= _grams(part.encode().hex(), 2 * length) | _grams(part.encode().hex().upper(), 2 * length)
        found |= _grams(quote(part, safe=""), length + 4) | _grams(json.dumps(part)[1:-1], length)
        for lead in range(3):  # wherever it begins among bytes that are encoded three at a time
            inner = base64.b64encode(b"\0" * lead + part.encode()).decode().rstrip("=")
            found |= _grams(inner[4 if lead else 0 : -2], 10)
        for name in ("percent", "escaped"):
            found |= _grams(ENCODINGS[name](part), 12)
    return found


def remains(one: Placed, *texts: bytes) -> list[str]:
    """The pieces that stand in a text."""
    return sorted({piece for piece in pieces(one) if any(piece.encode() in text for text in texts)})


def _grams(text: str, length: int) -> set[str]:
    return {text[at : at + length] for at in range(len(text) - length + 1)} or {text}
