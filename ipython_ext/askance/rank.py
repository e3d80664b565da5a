"""Decides what matters for a question. Pure: the same candidates and question give the same order.

Enters: candidates and the ask. Leaves: the same candidates with scores, split into parts, best first.
Weights are data: a preset is one row of `PRESETS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .mentions import is_meant
from .records import Ask, Candidate
from .words import bm25

PRESETS: Mapping[str, Mapping[str, float]] = {
    # The famous recipe, kept for those who want it; it measures badly (shared ranking study: R@10 .66 against .84).
    "classic": {"mention": 2.0, "recency": 0.40, "similarity": 0.30, "near": 0.20, "open": 0.10},
    # Similarity-heavy weights of the same signals did best among the unfitted mixes of that study; `kind` lifts what
    # is almost always wanted, the last error first of all.
    "default": {"mention": 2.0, "similarity": 0.70, "recency": 0.15, "near": 0.10, "open": 0.05, "kind": 1.0},
}

KIND: Mapping[str, float] = {"error": 0.50, "variables": 0.10, "cells": 0.08, "environment": 0.06, "packages": 0.06}
"""A head start by source, for presets that weigh `kind`."""

FLOOR = 0.05
"""Below this score nothing connects a candidate with the question, and it stays here."""

WORDS: Mapping[str, str] = {
    "mention": "you mentioned it",
    "pin": "you pinned it",
    "similarity": "matches the question",
    "recency": "used lately",
    "near": "close to what is open",
    "open": "open in a tab",
    "kind": "usually helps",
}


@dataclass(frozen=True)
class Ranked:
    """A candidate with its score."""

    candidate: Candidate
    parts: Mapping[str, float]

    @property
    def score(self) -> float:
        """The sum of the parts."""
        return sum(self.parts.values())

    @property
    def wanted(self) -> bool:
        """Whether the user asked for it by name."""
        return "mention" in self.parts or "pin" in self.parts

    @property
    def why(self) -> str:
        """The two or three parts that mattered, in words."""
        parts = sorted(((value, part) for part, value in self.parts.items() if value >= FLOOR / 2), reverse=True)
        return ", ".join(WORDS.get(part, part) for _, part in parts[:3]) or "nothing connects it to the question"


def rank(candidates: Sequence[Candidate], ask: Ask, preset: str = "default") -> list[Ranked]:
    """Score every candidate and sort, best first; equal scores by id, so that the order never depends on timing.

    Args:
        candidates: what the sources offered.
        ask: the question.
        preset: a key of `PRESETS`; an unknown one means "default".
    """
    weights = PRESETS.get(preset, PRESETS["default"])
    own = [candidate for candidate in candidates if "similarity" not in candidate.signals]
    similar = dict(zip((candidate.id for candidate in own), _similarity(own, ask), strict=True))
    ranked = []
    for candidate in candidates:
        signals = {"similarity": similar.get(candidate.id, 0.0), **candidate.signals}
        signals["kind"] = KIND.get(candidate.source, 0.0)
        signals["mention"] = 1.0 if is_meant(candidate, ask.mentions) else 0.0
        parts = {part: weight * signals.get(part, 0.0) for part, weight in weights.items() if signals.get(part)}
        if candidate.id in ask.pins:
            parts["pin"] = weights["mention"]
        ranked.append(Ranked(candidate, parts))
    return sorted(ranked, key=lambda one: (-one.score, one.candidate.id))


def _similarity(candidates: Sequence[Candidate], ask: Ask) -> list[float]:
    """Compared within one source: a variable's three words and a cell's thirty lines are no rivals in BM25."""
    scores: dict[str, float] = {}
    for source in {candidate.source for candidate in candidates}:
        group = [candidate for candidate in candidates if candidate.source == source]
        texts = [f"{candidate.name} {candidate.text}" for candidate in group]
        scores.update(zip((candidate.id for candidate in group), bm25(ask.question, texts), strict=True))
    return [scores[candidate.id] for candidate in candidates]
