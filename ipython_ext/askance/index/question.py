"""What a question says that can be looked up in a project.

Enters: the question's text. Leaves: its words, and the names, modules and paths that it holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from ..words import words

MOST_NAMES = 24
"""Names that are looked up; a question that pastes a whole file has hundreds."""

MOST_PHRASES = 12
"""Pairs of words that are looked up."""

_WORD = re.compile(r"[^\W_]+")
_NOISE = re.compile(r"https?://\S+|(?<!\w)#\d+|\b[0-9a-f]{10,40}\b|^[\w-]+-by: .*$|^(?:Date|Author): .*$", re.MULTILINE)
_PATH = re.compile(
    r"(?<![\w./\\-])[\w./\\-]*\w\.(?:pyx?|pyi|ipynb|tsx?|jsx?|mjs|rs|go|java|cpp|hpp|[ch]|jl|md|rst|toml|cfg|ya?ml|html|css)\b"
)
_DOTTED = re.compile(r"\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_COMPOUND = re.compile(r"\b(?:[A-Za-z]\w*_\w+|_+[A-Za-z]\w+|[A-Z]?[a-z0-9]+(?:[A-Z]\w*)+|[A-Z]{2,}[a-z]\w*)\b")
_QUOTED = re.compile(r"(?<!`)`++([A-Za-z_][\w.]*)(?:\(\))?`+")
_CALLED = re.compile(r"\b([A-Za-z_]\w+)\(")


@dataclass(frozen=True)
class Question:
    """A question, taken apart.

    Attributes:
        words: all of its words, in order, with how often each stands there.
        title: those of its first line.
        names: what looks like a name in code, as written: with a capital or "_" inside, with dots around, in backticks
            or called.
        compounds: those of them that have parts, as in `snake_case` and `CamelCase`: no common words.
        phrases: pairs of neighbouring words of the first line, joined by "_".
        modules: dotted names, as written.
        paths: file names, with "/".
    """

    words: Mapping[str, int]
    title: Mapping[str, int]
    names: tuple[str, ...]
    compounds: tuple[str, ...]
    phrases: tuple[str, ...]
    modules: tuple[str, ...]
    paths: tuple[str, ...]


def parse(text: str) -> Question:
    """Take a question apart; addresses, numbers of issues, hashes and signatures in it are no words."""
    clean = _NOISE.sub(" ", text)
    first = next((line for line in clean.splitlines() if line.strip()), "")
    dotted = list(dict.fromkeys(_DOTTED.findall(_PATH.sub(" ", clean))))
    compounds = [name for name in dict.fromkeys(_COMPOUND.findall(clean)) if len(name) > 2]
    pieces = [piece for name in (*_QUOTED.findall(clean), *dotted) for piece in name.split(".")]
    names = dict.fromkeys(name for name in (*compounds, *pieces, *_CALLED.findall(clean)) if len(name) > 2)
    return Question(
        words=Counter(words(clean)),
        title=Counter(words(first)),
        names=tuple(names)[: 2 * MOST_NAMES],
        compounds=tuple(compounds[:MOST_NAMES]),
        phrases=tuple(_pairs(first)),
        modules=tuple(dotted[:MOST_NAMES]),
        paths=tuple(dict.fromkeys(found.replace("\\", "/").lstrip("./") for found in _PATH.findall(clean))),
    )


def _pairs(line: str) -> list[str]:
    """Neighbouring words; a common word between two keeps them apart."""
    found = [(word, bool(words(word))) for word in _WORD.findall(line)]
    pairs = [f"{one}_{two}".lower() for (one, tells), (two, also) in pairwise(found) if tells and also]
    return list(dict.fromkeys(pairs))[:MOST_PHRASES]
