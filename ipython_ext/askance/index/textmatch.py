"""How well the text of files answers a question: BM25 of its telling words, and where its names and phrases stand.

Enters: a `Project` and a question. Leaves: for each signal, path -> 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from ..words import rareness
from .kinds import is_support
from .project import Project
from .question import Question

_FOUND = 400
"""Files that one full text search gives."""

_WORDS = 24
"""Words of a question that are searched for: in issues of hundreds of words, the telling ones find as much as all."""

_ENOUGH = 6
"""With so many words, those that most files hold are left out: they say nothing and cost the most."""

_LOOKED_UP = 120
"""Words of a question that are considered at all."""

Scores = Mapping[str, float]


def match_texts(project: Project, asked: Question, files: int) -> dict[str, Scores]:
    """The signals "similarity" (the whole question), "title" (its first line), "symbols", "history", "names" and "phrases".

    Args:
        project: the index.
        asked: the question.
        files: how many files there are.
    """
    names, phrases = _holders(project, asked.compounds, files), _holders(project, asked.phrases, files)
    some = list(asked.words)[:_LOOKED_UP]
    # Names of several words stand in no vocabulary, but it is known by now how many files hold them.
    several = {name.lower().strip("_"): len(holders) for name, holders in names.items() if holders}
    counts = {**project.holders(some), **{word: several[word] for word in some if word in several}}
    words, title = (_telling(found, counts, files) for found in (asked.words, asked.title))
    whole = project.search_columns(words, _FOUND)
    similar = _relative({path: scores["all"] for path, scores in whole.items()})
    return {
        "similarity": similar,
        "title": project.search(title, _FOUND) if title != words else similar,
        "symbols": _relative({path: scores["symbols"] for path, scores in whole.items()}),
        "history": _relative({path: scores.get("history", 0.0) for path, scores in whole.items()}),
        "names": _share(names, files),
        "phrases": _share(phrases, files),
    }


def match_definitions(project: Project, asked: Question) -> Scores:
    """1 for the only file that defines a name of the question; less where several do."""
    found: dict[str, float] = {}
    for paths in project.defining(asked.names).values():
        own = sum(not is_support(path) for path in paths) or len(paths)
        for path in paths:
            found[path] = max(found.get(path, 0.0), 1 / own)
    return found


def _holders(project: Project, names: Iterable[str], files: int) -> dict[str, Scores]:
    return {name: project.search([name], files) for name in names}


def _telling(words: Mapping[str, int], counts: Mapping[str, int], files: int) -> list[str]:
    """The words that say most about which file is meant: rare in the project, repeated in the question."""
    weights = {
        word: (1 + math.log(words[word])) * rareness(count, files) for word, count in counts.items() if word in words
    }
    order = sorted(weights, key=lambda word: (-weights[word], word))
    rare = [word for word in order if counts[word] <= files / 2]
    return (rare if len(rare) >= _ENOUGH else order)[:_WORDS]


def _share(holders: Mapping[str, Scores], files: int) -> Scores:
    """The share of these names that a file holds, the rarer the name the more it counts."""
    found: dict[str, float] = {}
    rarity = {name: rareness(len(paths), files) for name, paths in holders.items() if paths}
    for name, value in rarity.items():
        for path in holders[name]:
            found[path] = found.get(path, 0.0) + value
    return {path: value / sum(rarity.values()) for path, value in found.items()}


def _relative(scores: Scores) -> Scores:
    best = max(scores.values(), default=0.0)
    return {path: score / best for path, score in scores.items()} if best > 0 else {}
