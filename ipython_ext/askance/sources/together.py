"""Which names are used together: relevance spreads from some names to those in the same cells.

Enters: what the cells touch, and names to start from. Leaves: a value for each name, the best has 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

_STEPS = (0.5, 0.25)
"""What the first and the second step of the spread count."""

_FADING = 0.9
"""A cell counts this much for each later cell."""


def together(cells: Sequence[Collection[str]], start: Mapping[str, float]) -> dict[str, float]:
    """Spread `start` over cells.

    Args:
        cells: the names each cell touches, oldest first.
        start: name -> how relevant it is by itself.
    """
    total: dict[str, float] = defaultdict(float, start)
    current: Mapping[str, float] = start
    for step in _STEPS:
        spread: dict[str, float] = defaultdict(float)
        for age, names in enumerate(reversed(cells)):
            held = sum(current.get(name, 0.0) for name in names)
            if held <= 0 or len(names) < 2:
                continue
            weight = _FADING**age / (len(names) - 1)
            for name in names:
                spread[name] += weight * (held - current.get(name, 0.0))
        most = max(spread.values(), default=0.0) or 1.0
        current = {name: step * value / most for name, value in spread.items()}
        for name, value in current.items():
            total[name] += value
    most = max(total.values(), default=0.0) or 1.0
    return {name: value / most for name, value in total.items()}
