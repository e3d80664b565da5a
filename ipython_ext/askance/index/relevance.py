"""What connects each file of a project with a question, signal by signal. Decides nothing: weights are the ranker's.

Enters: a `Project`, a question, and what is open and was lately worked on. Leaves: path -> signal -> 0 to 1.

Every signal is here because it helped on repositories it was not fitted on; `tests/bench/fit_files.py` tells by how much.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from .kinds import kinds
from .pathwords import Paths, indexed, match_paths, named
from .project import Project
from .question import parse
from .textmatch import Scores, match_definitions, match_texts

MOST = 200
"""Files that are looked at closely."""

_FADING = 0.9
"""How much each later file among the recent ones counts less than the one before."""

_COMMITS = 5
"""Commits after which a file counts as less lately worked on, by a factor of the square root of 2."""

_FEW = 4
"""Different words up to which a question is short: then "definition" and "lately" count in full."""


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
        path -> its signals, those that are 0 left out. By its text: "similarity" with the whole question, "title" with its
        first line, "symbols" (definitions alone), "names" and "phrases" of the question that it holds, "definition" of
        one of them. By its path: "path" (its words), "named" (in the question, as a path or module), and `kinds`. By its
        past: "history" (messages of its commits), "lately" (it is recent, or its last commit is), "often" (its commits).
        By the session: "recency", "open", "beside" (in the folder of an open one), "near" (an import or two away).
        "definition" and "lately" count less in a long question.
    """
    asked = parse(question)
    paths = indexed(tuple(project.paths()))
    # The more words there are, the more they say by themselves, and the more names are there by the way.
    brief = math.sqrt(_FEW / max(_FEW, len(asked.words)))
    signals: dict[str, Scores] = {
        **match_texts(project, asked, len(paths.stems)),
        "definition": {path: score * brief for path, score in match_definitions(project, asked).items()},
        "path": match_paths(asked, paths),
        "named": named(asked, paths),
        **_past(project, recent, brief),
        **_around(project, paths, opened),
    }
    found: dict[str, dict[str, float]] = {}
    for signal, scores in signals.items():
        for path, score in scores.items():
            if score > 0 and path in paths.stems:
                found.setdefault(path, {})[signal] = score
    first = sorted(found, key=lambda path: (-sum(found[path].values()), path))[:most]
    return {path: found[path] | kinds(path, asked.words) for path in first}


def _past(project: Project, recent: Sequence[str], brief: float) -> dict[str, Scores]:
    history: Mapping[str, tuple[int, int]] = project.history()
    most = math.log1p(max((commits for commits, _ in history.values()), default=0))
    recency = {path: _FADING**place for place, path in enumerate(dict.fromkeys(recent))}
    latest = {path: (1 + place / _COMMITS) ** -0.5 for path, (_, place) in history.items()}
    latest.update((path, max(value, latest.get(path, 0.0))) for path, value in recency.items())
    return {
        "recency": recency,
        "lately": {path: value * brief for path, value in latest.items()},
        "often": {path: math.log1p(commits) / most for path, (commits, _) in history.items()},
    }


def _around(project: Project, paths: Paths, opened: Sequence[str]) -> dict[str, Scores]:
    folders = {_folder(path) for path in opened}
    near = project.neighbours(opened, 2) if opened else {}
    return {
        "open": {path: 1.0 if path == opened[0] else 0.5 for path in opened},
        "beside": {path: 1.0 for path in paths.stems if folders and _folder(path) in folders},
        "near": {path: 1 / distance for path, distance in near.items()},
    }


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
