"""What connects each file of a project with a question, signal by signal. Decides nothing: weights are the ranker's.

Enters: a `Project`, a question, and what is open and was lately worked on. Leaves: path -> signal -> 0 to 1.

Every signal is here because it helped on repositories it was not fitted on; `tests/bench/fit_files.py` tells by how much.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from .kinds import is_support, kinds
from .pathwords import Paths, indexed, match_paths, named
from .project import Project
from .question import Question, parse

MOST = 200
"""Files that are looked at closely."""

_FOUND = 400
"""Files that one full text search gives."""

_WORDS = 24
"""Words of a question that are searched for: in issues of hundreds of words, the telling ones find as much as all."""

_LOOKED_UP = 120
"""Words of a question that are considered at all."""

_FADING = 0.9
"""How much each later file among the recent ones counts less than the one before."""

_COMMITS = 5
"""Commits after which a file counts as less lately worked on, by a factor of the square root of 2."""

Scores = Mapping[str, float]


def relevance(
    project: Project, question: str, opened: Sequence[str] = (), recent: Sequence[str] = (), most: int = MOST
) -> dict[str, dict[str, float]]:
    """The signals of the files that any signal speaks for, at most `most`, the strongest sum first.

    Args:
        project: the index, up to date.
        question: the user's words.
        opened: paths of open tabs, the active one first.
        recent: paths of files lately worked on, the latest first.
        most: how many.

    Returns:
        path -> its signals: "similarity", "title", "symbols", "history" (BM25 of the whole question, of its first line, on
        definitions, on messages of commits), "path" (its own words), "names" (it holds them), "defines", "named" (by path
        or module), "recency" (its place in `recent`), "lately" (that, or its last commit), "often" (its commits), "open",
        "beside" (in the folder of an open one), "near" (an import or two away), and those of `kinds`. Those that are 0
        are left out.
    """
    asked = parse(question)
    paths = indexed(tuple(project.paths()))
    holding = {name: project.search([name], len(paths.stems)) for name in asked.compounds}
    signals: dict[str, Scores] = {
        **_texts(project, asked, len(paths.stems), {name.lower().strip("_"): len(holding[name]) for name in holding}),
        "path": match_paths(asked, paths),
        "names": _holding(holding, len(paths.stems)),
        "phrases": _holding(
            {pair: project.search([pair], len(paths.stems)) for pair in asked.phrases}, len(paths.stems)
        ),
        "defines": _defining(project, asked),
        "named": named(asked, paths),
        **_session(project, paths, opened, recent),
    }
    found: dict[str, dict[str, float]] = {}
    for signal, scores in signals.items():
        for path, score in scores.items():
            if score > 0 and path in paths.stems:
                found.setdefault(path, {})[signal] = score
    first = sorted(found, key=lambda path: (-sum(found[path].values()), path))[:most]
    return {path: found[path] | kinds(path, asked.words) for path in first}


def _texts(project: Project, asked: Question, files: int, names: Mapping[str, int]) -> dict[str, Scores]:
    words, title = (_telling(project, found, files, names) for found in (asked.words, asked.title))
    whole = project.search_columns(words, _FOUND)
    first = project.search_columns(title, _FOUND) if title != words else whole
    return {
        "similarity": _relative({path: scores["all"] for path, scores in whole.items()}),
        "title": _relative({path: scores["all"] for path, scores in first.items()}),
        "symbols": _relative({path: scores["symbols"] for path, scores in whole.items()}),
        "history": _relative({path: scores.get("history", 0.0) for path, scores in whole.items()}),
    }


def _telling(project: Project, words: Mapping[str, int], files: int, names: Mapping[str, int]) -> list[str]:
    """The words that say most about which file is meant: rare in the project, repeated in the question.

    Names of several words stand in no vocabulary, so `names` tells how many files hold them.
    """
    some = list(words)[:_LOOKED_UP]
    holders = {**project.holders(some), **{word: names[word] for word in some if names.get(word)}}
    weights = {word: (1 + math.log(words[word])) * _rarity(count, files) for word, count in holders.items()}
    return sorted(holders, key=lambda word: (-weights[word], word))[:_WORDS]


def _rarity(holders: int, files: int) -> float:
    """BM25's inverse document frequency (Robertson and Zaragoza 2009), never negative."""
    return math.log(1 + (files - holders + 0.5) / (holders + 0.5))


def _relative(scores: Scores) -> Scores:
    best = max(scores.values(), default=0.0)
    return {path: score / best for path, score in scores.items()} if best > 0 else {}


def _holding(holding: Mapping[str, Scores], files: int) -> Scores:
    """The share of the question's compound names that a file holds, the rarer the name the more it counts."""
    found: dict[str, float] = {}
    rarity = {name: _rarity(len(holders), files) for name, holders in holding.items() if holders}
    for name, value in rarity.items():
        for path in holding[name]:
            found[path] = found.get(path, 0.0) + value
    return {path: share / sum(rarity.values()) for path, share in found.items()}


def _defining(project: Project, asked: Question) -> Scores:
    """1 for the only file that defines a name of the question; less where several do."""
    found: dict[str, float] = {}
    for paths in project.defining(asked.names).values():
        own = sum(not is_support(path) for path in paths) or len(paths)
        for path in paths:
            found[path] = max(found.get(path, 0.0), 1 / own)
    return found


def _session(project: Project, paths: Paths, opened: Sequence[str], recent: Sequence[str]) -> dict[str, Scores]:
    folders = {_folder(path) for path in opened}
    near = project.neighbours(opened, 2) if opened else {}
    recency = {path: _FADING**place for place, path in enumerate(dict.fromkeys(recent))}
    history = project.history()
    most = math.log1p(max((commits for commits, _ in history.values()), default=0))
    committed = {path: (1 + place / _COMMITS) ** -0.5 for path, (_, place) in history.items()}
    return {
        "recency": recency,
        "lately": {path: max(recency.get(path, 0.0), committed.get(path, 0.0)) for path in {**recency, **committed}},
        "often": {path: math.log1p(commits) / most for path, (commits, _) in history.items()},
        "open": {path: 1.0 if path == opened[0] else 0.5 for path in opened},
        "beside": {path: 1.0 for path in paths.stems if _folder(path) in folders},
        "near": {path: 1 / distance for path, distance in near.items()},
    }


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
