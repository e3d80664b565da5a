"""Words of questions, code and file names, cut alike so that they can be compared.

Enters: text. Leaves: lower-case words; camelCase and snake_case names give their parts and themselves.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

_NAME = re.compile(r"[^\W\d_]+(?:[\w]*[^\W_])?|\d+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_COMMON = frozenset(
    "a an and are as at be but by can do does for from has have how i in is it its me my not of on or please so that "
    "the their them then there these this to was we what when where which while who why will with would you your".split()
)


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
    wanted = set(words(query))
    counts = [Counter(words(text)) for text in texts]
    sizes = [sum(count.values()) for count in counts]
    mean = (sum(sizes) / len(sizes)) if sizes else 0.0
    holders = {word: sum(word in count for count in counts) for word in wanted}
    scores = []
    for count, size in zip(counts, sizes, strict=True):
        score = 0.0
        for word in wanted & count.keys():
            rarity = math.log(1 + (len(texts) - holders[word] + 0.5) / (holders[word] + 0.5))
            score += rarity * count[word] * (k1 + 1) / (count[word] + k1 * (1 - b + b * size / (mean or 1)))
        scores.append(score)
    best = max(scores, default=0.0)
    return [score / best if best else 0.0 for score in scores]
