"""Which cells count, and how much after a while. Enters: cells, ages. Leaves: the cells about the work, values 0 to 1."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ..records import Cell

MOST = 400
"""Cells looked at; of more, the latest."""

_HALF_LIFE = 3.0
_OURS = ("%%ask", "%%test", "%%doc", "%ask", "%ctx", "%fix", "%explain", "%threads", "%askcache")
_SETUP = ("%load_ext", "%reload_ext", "%config", "%unload_ext", *_OURS)


def fade(age: float, half_life: float = _HALF_LIFE) -> float:
    """1 now, halved after each half-life; both in cells."""
    return float(0.5 ** (age / half_life))


def user_cells(cells: Iterable[Cell]) -> list[Cell]:
    """The latest cells that say something about the work: no questions to us, no set-up magics, nothing empty."""
    return [cell for cell in cells if not _is_set_up(cell.source)][-MOST:]


def sources_of(cells: Iterable[Cell]) -> tuple[str, ...]:
    """The sources of those cells, oldest first."""
    return tuple(cell.source for cell in user_cells(cells))


@lru_cache(maxsize=2048)
def _is_set_up(source: str) -> bool:
    lines = [line.strip() for line in source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        return not source.strip()
    return (lines[0].startswith("%%") and lines[0].startswith(_OURS)) or all(line.startswith(_SETUP) for line in lines)
