"""Decides what matters for a question. Pure: the same candidates and question give the same order.

Enters: candidates and the ask. Leaves: the same candidates with scores, split into parts, best first.
Weights are data: `CLASSIC` here, and for the default preset one small table per source in `weights/`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from .mentions import is_meant
from .records import Ask, Candidate
from .words import bm25, words

PRESETS = ("default", "classic")

CLASSIC: Mapping[str, float] = {"mention": 2.0, "recency": 0.40, "similarity": 0.30, "near": 0.20, "open": 0.10}
"""The famous recipe, kept for those who want it. It measures badly: see the ranking benchmarks."""

FLOOR = 0.04
"""Below this score nothing connects a candidate with the question, and it stays here."""

WORDS: Mapping[str, str] = {
    "mention": "you mentioned it",
    "pin": "you pinned it",
    "similarity": "matches the question",
    "recency": "worked with lately",
    "lasting": "worked with lately",
    "old": "around for long",
    "latest": "at the end of the last cell",
    "needed": "used often",
    "waiting": "made and not used since",
    "named": "named in the question",
    "rare": "its name matches the question",
    "alike": "used in cells like the question",
    "near": "close to what is open",
    "open": "open in a tab",
    "defines": "made what matters here",
    "title": "matches the question",
    "symbols": "defines what the question is about",
    "definition": "defines a name of the question",
    "names": "holds names of the question",
    "phrases": "holds phrases of the question",
    "path": "its path matches the question",
    "history": "its commits speak of this",
    "lately": "worked on lately",
    "often": "changes often",
    "beside": "beside an open file",
}
"""What the parts of a score mean, for people; sources that bring signals of their own add to it."""

_GIVEN = frozenset(("bias", "mention", "pin"))
"""Parts that a candidate did not earn by what it is."""

_TOLD = 0.1
"""A part of less than this is not worth a word."""


@dataclass(frozen=True)
class Table:
    """How one source's signals add up.

    Attributes:
        weights: signal -> what one unit of it adds.
        bias: where the sum starts.
        odds: whether the sum is log-odds; else it is the score itself.
        rivals: the share of the best candidate's sum that all of this source lose: beside a strong one a weak one is
            hardly right, and where nothing says much the little counts. Their order stays.
    """

    weights: Mapping[str, float]
    bias: float = 0.0
    odds: bool = True
    rivals: float = 0.0


@dataclass(slots=True)
class Ranked:
    """A candidate with its score.

    Attributes:
        candidate: what is ranked.
        parts: what each signal adds.
        odds: whether that is to the log-odds.
        sum: what the parts add up to.
        score: from log-odds the chance that it helps, 0 to 1; else the sum.
        wanted: whether the user asked for it by name.
    """

    candidate: Candidate
    parts: Mapping[str, float] = field(default_factory=dict)
    odds: bool = False
    sum: float = field(init=False)
    score: float = field(init=False)
    wanted: bool = field(init=False)

    def __post_init__(self) -> None:
        self.sum = sum(self.parts.values())
        self.score = 1 / (1 + math.exp(-max(-50.0, min(50.0, self.sum)))) if self.odds else self.sum
        self.wanted = "mention" in self.parts or "pin" in self.parts

    @property
    def why(self) -> str:
        """The two or three parts that mattered, in words."""
        parts = sorted(((value, part) for part, value in self.parts.items() if value >= _TOLD / 2), reverse=True)
        said = ", ".join(list(dict.fromkeys(WORDS.get(part, part) for _, part in parts))[:3])
        if self.score >= FLOOR:
            return said or "usually helps"
        return f"too little: {said}" if said else "nothing connects it to the question"


@cache
def table(source: str, preset: str) -> Table:
    """The weights for a source; an unknown preset is the default one, an unknown source has the table "others"."""
    if preset == "classic":
        return Table(CLASSIC, odds=False)
    folder = files(__package__) / "weights"
    file = folder / f"{source}.json"
    data = json.loads((file if file.is_file() else folder / "others.json").read_text("utf-8"))
    return Table(data["weights"], data["bias"], rivals=data.get("rivals", 0.0))


def rank(candidates: Sequence[Candidate], ask: Ask, preset: str = "default") -> list[Ranked]:
    """Score every candidate and sort, best first; equal scores by id, so that the order never depends on timing.

    Args:
        candidates: what the sources offered.
        ask: the question.
        preset: one of `PRESETS`.
    """
    similar = _similarities(candidates, ask)
    plain = [_scored(one, ask, preset, similar, {}) for one in candidates if not one.defines]
    plain = _among_rivals(plain, preset)
    scores = {one.candidate.id: one.score for one in plain}
    makers = [_scored(one, ask, preset, similar, scores) for one in candidates if one.defines]
    return sorted([*plain, *makers], key=lambda one: (-one.sum, one.candidate.id))


def _scored(
    candidate: Candidate, ask: Ask, preset: str, similar: Mapping[str, float], scores: Mapping[str, float]
) -> Ranked:
    weights = table(candidate.source, preset)
    parts = {"bias": weights.bias} if weights.bias else {}
    for signals in (candidate.signals, _of_the_ask(candidate, ask, similar, scores)):
        for signal, value in signals.items():
            weight = weights.weights.get("mention" if signal == "pin" else signal)
            if weight and value:
                parts[signal] = weight * value
    return Ranked(candidate, parts, weights.odds)


def _of_the_ask(
    candidate: Candidate, ask: Ask, similar: Mapping[str, float], scores: Mapping[str, float]
) -> dict[str, float]:
    """The signals that a source cannot know."""
    signals = {}
    if candidate.id in similar:
        signals["similarity"] = similar[candidate.id]
    if ask.mentions and is_meant(candidate, ask.mentions):
        signals["mention"] = 1.0
    if candidate.id in ask.pins:
        signals["pin"] = 1.0
    if candidate.defines:
        signals["defines"] = max(scores.get(made, 0.0) for made in candidate.defines)
    return signals


def _among_rivals(ranked: Sequence[Ranked], preset: str) -> list[Ranked]:
    best: dict[str, float] = {}
    for one in ranked:
        earned = sum(value for part, value in one.parts.items() if part not in _GIVEN)
        best[one.candidate.source] = max(best.get(one.candidate.source, 0.0), earned)
    lost = {source: -table(source, preset).rivals * most for source, most in best.items()}
    return [
        Ranked(one.candidate, {**one.parts, "rivals": lost[one.candidate.source]}, one.odds)
        if lost[one.candidate.source]
        else one
        for one in ranked
    ]


def _similarities(candidates: Sequence[Candidate], ask: Ask) -> dict[str, float]:
    """BM25 within one source (a variable's three words and a cell's thirty lines are no rivals), times coverage.

    The best of a source has 1 in BM25 however little it says; that it holds half of the question's words is enough.
    """
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if "similarity" not in candidate.signals:
            groups.setdefault(candidate.source, []).append(candidate)
    wanted = set(words(ask.question))
    scores: dict[str, float] = {}
    for group in groups.values():
        texts = [f"{candidate.name} {candidate.text}" for candidate in group]
        for candidate, text, score in zip(group, texts, bm25(ask.question, texts), strict=True):
            if score:
                scores[candidate.id] = score * min(1.0, 2 * len(wanted.intersection(words(text))) / len(wanted))
    return scores
