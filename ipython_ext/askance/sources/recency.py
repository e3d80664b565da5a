"""How long ago the cells last spoke of a name. Enters: cells. Leaves: ages in cells, and a signal from 0 to 1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ..records import Cell

_NAME = re.compile(r"[^\W\d]\w*")
_CELLS = 200
_HALF_LIFE = 3.0
"""Cells after which the signal has halved."""

_OURS = ("%%ask", "%%test", "%%doc", "%ask", "%ctx", "%fix", "%explain", "%threads", "%askcache")
_SETUP = ("%load_ext", "%reload_ext", "%config", "%unload_ext", *_OURS)


@lru_cache(maxsize=1024)
def names_in(source: str) -> frozenset[str]:
    """The identifiers of a cell's source, words in strings and comments included."""
    return frozenset(_NAME.findall(source[:20_000]))


def ages(cells: Sequence[Cell]) -> dict[str, int]:
    """For each name the recent cells use: how many cells ago, 0 for the last one."""
    found: dict[str, int] = {}
    for age, cell in enumerate(reversed(cells[-_CELLS:])):
        for name in names_in(cell.source):
            found.setdefault(name, age)
    return found


def signal(age: float) -> float:
    """1 for the last cell, halved every three cells."""
    return float(0.5 ** (age / _HALF_LIFE))


def user_cells(cells: Iterable[Cell]) -> list[Cell]:
    """The cells that say something about the work: no questions to us, no set-up magics, nothing empty."""
    return [cell for cell in cells if not _is_set_up(cell.source)]


def _is_set_up(source: str) -> bool:
    lines = [line.strip() for line in source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        return not source.strip()
    return (lines[0].startswith("%%") and lines[0].startswith(_OURS)) or all(line.startswith(_SETUP) for line in lines)
