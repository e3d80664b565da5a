"""Where words of the question are met: in names, in what is said of them, in earlier cells.

Enters: the question, texts, cells. Leaves: numbers by name; a name that is missing has 0.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from ..words import Bag, bag, matches, rareness
from .usage import usage

_WORD = re.compile(r"[^\W\d]\w*")
_ENGLISH = frozenset("I a an as be by do go he if in is it me my no of on or so to up us we".split())
"""These are no mention of a variable."""


def similarities(wanted: Bag, texts: Mapping[str, str]) -> dict[str, float]:
    """How well each name with its text answers the question, by BM25; the name counts three times, the best has 1."""
    scores = matches(wanted.counts, [bag(f"{name} {name} {name} {text}") for name, text in texts.items()])
    best = max(scores, default=0.0) or 1.0
    return {name: score / best for name, score in zip(texts, scores, strict=True) if score}


def named(question: str, names: Collection[str]) -> dict[str, float]:
    """The names that stand in the question: 1, or 0.8 where only the case of letters differs."""
    asked = {word for word in _WORD.findall(question) if word not in _ENGLISH}
    lower = {word.lower() for word in asked}
    found = {name: 0.8 for name in names if len(name) > 2 and name.lower() in lower}
    return {**found, **{name: 1.0 for name in asked if name in names}}


def words_met(wanted: Bag, names: Collection[str]) -> dict[str, float]:
    """How rare among the names the words are that each shares with the question, added up."""
    bags = [(name, bag(name).counts) for name in names]
    found: dict[str, float] = {}
    for word in wanted.counts:
        holders = [name for name, counts in bags if word in counts]
        for name in holders:
            found[name] = found.get(name, 0.0) + rareness(len(holders), len(bags))
    return found


def needed_by_cells_like(wanted: Bag, cells: Sequence[str]) -> dict[str, float]:
    """What the cells needed that are like the question: for each name the likeness of its best cell, 1 for the best of all."""
    scores = matches(wanted.counts, [bag(cell) for cell in cells])
    most = max(scores, default=0.0)
    best: dict[str, float] = {}
    for cell, score in zip(cells, scores, strict=True):
        if score:
            for name in usage(cell).needs:
                best[name] = max(best.get(name, 0.0), score / most)
    return best
