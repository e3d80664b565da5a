"""Words of questions, code and file names, cut alike so that they can be compared.

Enters: text. Leaves: lower-case words; camelCase and snake_case names give their parts and themselves; or a `Bag` of
the stems of those parts, for short texts where "plots" is to meet "plotting".
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_NAME = re.compile(r"[^\W\d_]+(?:[\w]*[^\W_])?|\d+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_COMMON = frozenset(
    "a an and are as at be but by can do does for from has have how i in is it its me my not of on or please so that "
    "the their them then there these this to was we what when where which while who why will with would you your".split()
)

_FILLERS = _COMMON | frozenset(
    "all also any each first get here if into let ll more new now one our re see so some such than using use used t "
    "two us using want were were has have had s".split()
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s")


@dataclass(frozen=True)
class Bag:
    """The stems of a text: how often each occurs, how many there are, and the length of that as a vector."""

    counts: Mapping[str, int]
    size: int
    length: float


@lru_cache(maxsize=8192)
def bag(text: str) -> Bag:
    """The stems of a text, common English words left out. Kept by text."""
    parts = (part.lower() for part in _PART.findall(text))
    counts = Counter(stem(part) for part in parts if part not in _FILLERS)
    return Bag(counts, sum(counts.values()), math.sqrt(sum(count * count for count in counts.values())))


def stem(word: str) -> str:
    """A word without its English ending, at least three letters of it."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def matches(wanted: Collection[str], bags: Sequence[Bag], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """How well each bag answers the wanted stems, by BM25 as in `bm25`, not divided by the best."""
    mean = sum(bag.size for bag in bags) / max(1, len(bags)) or 1.0
    scores = [0.0] * len(bags)
    for word in wanted:
        holders = [(place, bag) for place, bag in enumerate(bags) if word in bag.counts]
        rarity = rareness(len(holders), len(bags))
        for place, bag in holders:
            count = bag.counts[word]
            scores[place] += rarity * count * (k1 + 1) / (count + k1 * (1 - b + b * bag.size / mean))
    return scores


def rareness(holders: int, total: int) -> float:
    """What meeting a word is worth that `holders` of `total` texts have (the idf of BM25, never negative)."""
    return math.log(1 + (total - holders + 0.5) / (holders + 0.5))


def words(text: str) -> list[str]:
    """All words of `text`, in order, common English ones left out."""
    found: list[str] = []
    for name in _NAME.findall(text):
        whole = name.lower()
        parts = [part.lower() for part in _PART.findall(name)]
        found.extend(word for word in ([whole, *parts] if parts != [whole] else parts) if word not in _COMMON)
    return found


def bm25(query: str, texts: Sequence[str], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """How well each text answers the query, 0 to 1 (the best match of this set has 1).

    Args:
        query: the question.
        texts: what to compare it with.
        k1: saturation of repeated words.
        b: how much long texts are held back.

    The formula is Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with
    their usual constants, divided by the best score.
    """
    counts = [Counter(words(text)) for text in texts]
    bags = [Bag(count, sum(count.values()), 0.0) for count in counts]  # BM25 asks for no length as a vector
    scores = matches(dict.fromkeys(words(query)), bags, k1, b)
    best = max(scores, default=0.0)
    return [score / best if best else 0.0 for score in scores]
