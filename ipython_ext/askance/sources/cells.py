"""Earlier cells as context. Enters: the kernel's state. Leaves: one candidate per cell that ran, latest first."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from ..index.bare import code_names
from ..index.digest import digest
from ..records import Ask, Candidate, Cell, Level
from ..records.privacy import NAMES, SAMPLES
from ..words import bag, matches
from .base import KernelState, everything
from .hidden_cells import files_within, first_line
from .lives import lives
from .recency import fade, user_cells
from .usage import python_of

MOST = 200
"""Candidates of one ask."""

_OUTLINE_LINES = 3
_EXCERPT_LINES = 15
_ROOM = 20_000


class CellsSource:
    """Offers the source of cells; questions to us and set-up magics are left out.

    Args:
        state: the kernel, or a `StaticState`.
        may_name: whether a file may be told of that a cell calls so: one that holds what another holds is not told whole.
    """

    name = "cells"

    def __init__(self, state: KernelState, may_name: Callable[[str], bool] = everything) -> None:
        self._state = state
        self._may_name = may_name

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

    def numbered(self, number: int | None) -> str | None:
        """The id of the cell that ran last under a number, or of the last one that ran; None if there is none."""
        cells = user_cells(self._state.cells())
        return next((cell.id for cell in reversed(cells) if number in (None, cell.number)), None)

    def told(self, name: str, ask: Ask) -> str | None:
        """All that may be told of the cell with this id; None if it has not run."""
        cell = self._cell(name)
        return None if cell is None else self._render(cell, ask.privacy.of(self.name, cell.id), "full")

    def numbers(self, ask: Ask) -> list[int]:
        """The numbers of the cells that may be told of, oldest first."""
        return [cell.number for cell in user_cells(self._state.cells()) if not ask.withholds(self.name, cell.id)]

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
            self._candidate(cell, age, similar[place] / best, defines[place], ask)
            for age, (place, cell) in enumerate(reversed(list(enumerate(cells))))
        ]
        asking = (ask.cell or "").partition("#")[0]  # its second ask is "id#2"
        return [candidate for candidate in every[:MOST] if candidate.name != asking]

    def _candidate(self, cell: Cell, age: int, similarity: float, defines: Sequence[str], ask: Ask) -> Candidate:
        privacy = ask.privacy.of(self.name, cell.id)
        return Candidate(
            source=self.name,
            name=cell.id,
            render=partial(self._render, cell, privacy),
            fingerprint=partial(_fingerprint, cell),
            signals={"recency": fade(age), "similarity": similarity, "open": float(age == 0)},
            defines=tuple(defines),
            aliases=(f"cell[{cell.number}]",),
            title=f"cell[{cell.number}]",
            privacy=privacy,
        )

    def _render(self, cell: Cell, privacy: int, level: Level) -> str:
        head = f"cell[{cell.number}]" + (" (failed)" if cell.failed else "")
        if level == "name" or privacy == NAMES:
            return head
        if not all(map(self._may_name, files_within(cell.source))):
            said = first_line(cell.source) or _names(cell.source)
            return "\n".join([f"# {head}", *([said] if said else []), "# … the rest is as in a file that is left out"])
        if privacy < SAMPLES:
            said = _names(cell.source)
            return f"{head}\n{said}" if said else head
        lines = cell.source[:_ROOM].strip("\n").split("\n")
        count = {"outline": _OUTLINE_LINES, "excerpt": _EXCERPT_LINES}.get(level, len(lines))
        more = len(lines) - count
        return "\n".join([f"# {head}", *lines[:count], *([f"# … {more} more lines"] if more > 0 else [])])


def _names(source: str) -> str:
    """What a cell imports, defines and calls; of one in another language its magic."""
    first = source.lstrip().partition("\n")[0].split() or [""]
    language = [first[0]] if first[0].startswith("%%") else []
    said = code_names(python_of(source[:_ROOM]))
    return "\n".join([*language, *([said] if said else [])])


def _defines(cells: Sequence[Cell]) -> dict[int, list[str]]:
    """The variables that have their present value from each cell, by the cell's place."""
    found: dict[int, list[str]] = defaultdict(list)
    for name, life in lives(tuple(cell.source for cell in cells)).items():
        found[life.made].append(f"variables:{name}")
    return found


def _fingerprint(cell: Cell) -> str:
    # Not its number: run again, an unchanged cell tells the model the same.
    return digest(cell.source, "failed" if cell.failed else "ran")
