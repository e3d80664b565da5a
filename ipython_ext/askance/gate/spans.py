"""Stretches of a text that hold something secret.

Enters: stretches that may overlap. Leaves: stretches that do not, each as wide as all that met in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """From `start` up to `end` of a text. Of two kinds that meet, the one of the lower rank names the whole."""

    start: int
    end: int
    kind: str
    rank: int

    def moved(self, by: int) -> Span:
        """The same, in a text that this one's text is a part of, from `by` on."""
        return Span(self.start + by, self.end + by, self.kind, self.rank)


KNOWN, FORMAT, NAMED, PERSONAL = range(4)
"""Ranks: what is known by its value, by its form, by the name beside it; and personal data."""


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order of their place, none meeting another."""
    done: list[Span] = []
    for span in sorted(spans):
        if done and span.start < done[-1].end:
            last = done[-1]
            kind, rank = (span.kind, span.rank) if span.rank < last.rank else (last.kind, last.rank)
            done[-1] = Span(last.start, max(last.end, span.end), kind, rank)
        elif span.end > span.start:
            done.append(span)
    return done


def without(spans: Iterable[Span], holes: Iterable[tuple[int, int]], least: int = 4) -> list[Span]:
    """Spans with holes cut out of them.

    Args:
        spans: in order.
        holes: (start, end), in order: what must stay as it is.
        least: characters a piece beside a hole needs to be kept.
    """
    holes = list(holes)
    kept: list[Span] = []
    first = 0
    for span in spans:
        while first < len(holes) and holes[first][1] <= span.start:
            first += 1
        start, number = span.start, first
        while number < len(holes) and holes[number][0] < span.end:
            from_, to = holes[number]
            if from_ - start >= least:
                kept.append(Span(start, from_, span.kind, span.rank))
            start = to
            number += 1
        if number == first or span.end - start >= least:
            kept.append(Span(start, span.end, span.kind, span.rank))
    return kept
