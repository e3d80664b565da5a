"""Earlier cells as context. Enters: the kernel's state. Leaves: one candidate per cell that ran, latest first."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial

from ..index.digest import digest
from ..records import Ask, Candidate, Cell, Level
from ..words import bag, matches
from .base import KernelState
from .lives import lives
from .recency import fade, user_cells

MOST = 200
"""Candidates of one ask."""

_OUTLINE_LINES = 3
_EXCERPT_LINES = 15
_ROOM = 20_000


class CellsSource:
    """Offers the source of cells; questions to us and set-up magics are left out.

    Args:
        state: the kernel, or a `StaticState`.
    """

    name = "cells"

    def __init__(self, state: KernelState) -> None:
        self._state = state

    async def collect(self, ask: Ask) -> list[Candidate]:
        """A candidate per cell, by its id; "cell[12]" names it by its number."""
        return await asyncio.to_thread(self._collect, ask)

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of the cell with the id `name`, None if it has not run."""
        cell = self._cell(name)
        return None if cell is None else _fingerprint(cell)

    def facts(self, name: str) -> Mapping[str, int | str]:
        """Its number, how many lines it has, whether it failed; none if it has not run."""
        cell = self._cell(name)
        if cell is None:
            return {}
        return {"number": cell.number, "lines": len(cell.source.splitlines()), "failed": int(cell.failed)}

    def named(self, names: Sequence[str]) -> list[str]:
        """The cells that "cell[12]" and the like mean."""
        meant = {name for name in names if name.startswith("cell[")}
        return [cell.id for cell in user_cells(self._state.cells()) if f"cell[{cell.number}]" in meant] if meant else []

    def _cell(self, name: str) -> Cell | None:
        """By its id; or, for answers that come from another kernel, by "#" and its fingerprint."""
        cells = self._state.cells()
        if name.startswith("#"):
            return next((cell for cell in reversed(user_cells(cells)) if _fingerprint(cell) == name[1:]), None)
        found = [cell for cell in cells if cell.id == name]
        return found[-1] if user_cells(found[-1:]) else None

    def _collect(self, ask: Ask) -> list[Candidate]:
        cells = user_cells(self._state.cells())
        similar = matches(bag(ask.question).counts, [bag(cell.source) for cell in cells])
        best = max(similar, default=0.0) or 1.0
        defines = _defines(cells)
        every = [
            _candidate(cell, age, similar[place] / best, defines[place])
            for age, (place, cell) in enumerate(reversed(list(enumerate(cells))))
        ]
        asking = (ask.cell or "").partition("#")[0]  # its second ask is "id#2"
        return [candidate for candidate in every[:MOST] if candidate.name != asking]


def _defines(cells: Sequence[Cell]) -> dict[int, list[str]]:
    """The variables that have their present value from each cell, by the cell's place."""
    found: dict[int, list[str]] = defaultdict(list)
    for name, life in lives(tuple(cell.source for cell in cells)).items():
        found[life.made].append(f"variables:{name}")
    return found


def _candidate(cell: Cell, age: int, similarity: float, defines: Sequence[str]) -> Candidate:
    return Candidate(
        source="cells",
        name=cell.id,
        render=partial(_render, cell),
        fingerprint=partial(_fingerprint, cell),
        signals={"recency": fade(age), "similarity": similarity, "open": float(age == 0)},
        defines=tuple(defines),
        aliases=(f"cell[{cell.number}]",),
        title=f"cell[{cell.number}]",
    )


def _fingerprint(cell: Cell) -> str:
    # Not its number: run again, an unchanged cell tells the model the same.
    return digest(cell.source, "failed" if cell.failed else "ran")


def _render(cell: Cell, level: Level) -> str:
    head = f"cell[{cell.number}]" + (" (failed)" if cell.failed else "")
    if level == "name":
        return head
    lines = cell.source[:_ROOM].strip("\n").split("\n")
    count = {"outline": _OUTLINE_LINES, "excerpt": _EXCERPT_LINES}.get(level, len(lines))
    more = len(lines) - count
    return "\n".join([f"# {head}", *lines[:count], *([f"# … {more} more lines"] if more > 0 else [])])
