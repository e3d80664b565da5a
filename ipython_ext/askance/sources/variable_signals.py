"""What speaks for a variable, and what against it: the signals that the ranker weighs.

Enters: the question, the variables with a few words on each, the earlier cells. Leaves: named numbers per variable.
Which of them help was measured on notebooks whose next cell is known; see `tests/bench/fit_variables.py`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping

from ..words import bag
from . import likeness
from .lives import Life, lives
from .recency import fade
from .together import together
from .usage import usage

_OLD = 10
"""Cells without a word of it, after which it hardly matters how many more there were."""

_LASTING = 20.0
_NEAR = 60
"""Cells over which use together is followed; it fades long before."""

_CANVASES = frozenset(("fig", "ax", "axes", "axs"))
"""By habit these are made anew in each cell that draws."""


def newest_first(names: Collection[str], cells: tuple[str, ...]) -> list[str]:
    """The names by their last use; those the cells don't speak of come last, the last assigned first."""
    known, unspoken = lives(cells), Life()
    used = {name: known.get(name, unspoken) for name in names}
    order = {name: number for number, name in enumerate(used)}
    return sorted(used, key=lambda name: (used[name].touched, used[name].place, order[name]), reverse=True)


def signals(question: str, variables: Mapping[str, str], cells: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """The signals of each variable; of those that are 0 only "similarity" is told.

    Args:
        question: the user's words.
        variables: name -> what it is, in a few words.
        cells: the sources of the cells that ran, oldest first.
    """
    known, wanted, unspoken = lives(cells), bag(question), Life()
    life = {name: known.get(name, unspoken) for name in variables}
    texts = {name: f"{text} {life[name].statement}" for name, text in variables.items()}
    named = likeness.named(question, variables.keys())
    told: dict[str, Mapping[str, float]] = {
        "similarity": likeness.similarities(wanted, texts),
        "named": named,
        "rare": likeness.words_met(wanted, variables.keys()),
        "alike": likeness.needed_by_cells_like(wanted, cells),
        "near": _near(named, variables.keys(), cells),
        "canvas": dict.fromkeys(_CANVASES, 1.0),
    }
    now: dict[str, dict[str, float]] = defaultdict(dict)
    for signal, values in told.items():
        for name, value in values.items():
            now[name][signal] = value
    silent = _past(unspoken, len(cells))
    past = {name: silent if one is unspoken else _past(one, len(cells)) for name, one in life.items()}
    return {name: {**one, **now[name]} if name in now else one for name, one in past.items()}


def _past(life: Life, now: int) -> dict[str, float]:
    """What its past says; a name that no cell speaks of counts as made just before the first."""
    age = now - 1 - life.touched
    # Without "similarity" the ranker would look for it.
    found = {"similarity": 0.0, "recency": fade(age), "lasting": fade(age, _LASTING)}
    if age == 0:
        found |= {"open": 1.0, "latest": life.place}
    if age >= _OLD:
        found["old"] = 1.0
    if life.needed:
        found["needed"] = math.log1p(len(life.needed))
    elif not life.own_reads:
        found["waiting"] = 1.0
    if life.kind == "loop":
        found["loop"] = 1.0
    if not life.callable and life.consumed >= max(life.made, life.changed, 0) and life.needed_since < 2:
        found["spent"] = 1.0
    return found


def _near(named: Mapping[str, float], names: Collection[str], cells: tuple[str, ...]) -> dict[str, float]:
    """How closely used together with what the question names and the last two cells speak of."""
    touched = [usage(cell).touched.keys() & names for cell in cells[-_NEAR:]]
    start = dict(named)
    last = touched[-1] if touched else set()
    for name in last | (touched[-2] if len(touched) > 1 else set()):
        start[name] = start.get(name, 0.0) + (1.0 if name in last else 0.5)
    return together(touched, start)
