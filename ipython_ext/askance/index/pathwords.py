"""How well the path of a file alone answers a question, and which files a question names.

Enters: a question, and all paths of a project. Leaves: path -> 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..words import rareness, words
from .question import Question

_ENDINGS = (
    "ations",
    "ation",
    "izing",
    "ized",
    "izes",
    "izer",
    "ings",
    "ing",
    "ies",
    "ers",
    "ions",
    "ion",
    "ed",
    "er",
    "es",
    "s",
    "e",
    "y",
)
_STEM = 3
"""Letters that are left of a word at least."""

_K1, _B = 1.2, 0.75
"""BM25's usual constants (Robertson and Zaragoza 2009)."""


def stem(word: str) -> str:
    """A word without its ending, so that "lists", "listing" and "listed" are one; crude, and the same for both sides."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > _STEM and word[-1] == word[-2] else word


@dataclass(frozen=True)
class Paths:
    """All paths of a project, by their words and by their names.

    Attributes:
        stems: each path's different stems.
        holders: stem -> the paths that have it.
        modules: the last part of a path's module name -> the paths.
        mean: stems of a path, on average.
    """

    stems: Mapping[str, tuple[str, ...]]
    holders: Mapping[str, list[str]]
    modules: Mapping[str, list[str]]
    mean: float


@lru_cache(maxsize=2)
def indexed(paths: tuple[str, ...]) -> Paths:
    """These paths, taken apart once."""
    stems = {path: tuple(dict.fromkeys(map(stem, words(path.replace("/", " "))))) for path in paths}
    holders: dict[str, list[str]] = {}
    modules: dict[str, list[str]] = {}
    for path, found in stems.items():
        modules.setdefault(_module(path)[-1], []).append(path)
        for word in found:
            holders.setdefault(word, []).append(path)
    return Paths(stems, holders, modules, sum(map(len, stems.values())) / max(1, len(stems)))


def match_paths(question: Question, paths: Paths) -> dict[str, float]:
    """BM25 over the words of the paths themselves, divided by the best: a path says in a few words what a file is for."""
    scores: dict[str, float] = {}
    for word in dict.fromkeys(map(stem, question.words)):
        holders = paths.holders.get(word, ())
        rarity = rareness(len(holders), len(paths.stems))
        for path in holders:
            length = 1 - _B + _B * len(paths.stems[path]) / paths.mean
            scores[path] = scores.get(path, 0.0) + rarity * (_K1 + 1) / (1 + _K1 * length)
    best = max(scores.values(), default=1.0)
    return {path: score / best for path, score in scores.items()}


def named(question: Question, paths: Paths) -> dict[str, float]:
    """The files that the question names by path or as a module.

    1 for the only one; a share of 1 where several would do, and less the more it names: a traceback names twenty.
    """
    hits = [_longest(wanted.split("/"), paths.modules.get(_module(wanted)[-1], ())) for wanted in question.paths]
    hits += [_with_module(module.split("."), paths) for module in question.modules]
    meant = {tuple(found) for found in hits if found}
    scores: dict[str, float] = {}
    for found in meant:
        for path in found:
            scores[path] = max(scores.get(path, 0.0), 1 / len(found) / math.sqrt(len(meant)))
    return scores


def _with_module(parts: Sequence[str], paths: Paths) -> list[str]:
    """The paths of the longest beginning of a dotted name that is a module."""
    for count in range(len(parts), 0, -1):
        wanted = tuple(parts[:count])
        if found := [path for path in paths.modules.get(wanted[-1], ()) if _module(path)[-count:] == wanted]:
            return found
    return []


def _module(path: str) -> tuple[str, ...]:
    *folders, name = path.split("/")
    name = name.split(".")[0]
    return tuple(folders) if name in {"__init__", "index"} and folders else (*folders, name)


def _longest(wanted: Sequence[str], paths: Iterable[str]) -> list[str]:
    """The paths that agree with the longest end of what is wanted; its file name has to agree."""
    agreed: Mapping[str, int] = {path: _agreement(wanted, path.split("/")) for path in paths}
    most = max(agreed.values(), default=0)
    return [path for path, length in agreed.items() if length == most and most > 0]


def _agreement(wanted: Sequence[str], parts: Sequence[str]) -> int:
    length = 0
    while length < min(len(wanted), len(parts)) and wanted[-1 - length] == parts[-1 - length]:
        length += 1
    return length
