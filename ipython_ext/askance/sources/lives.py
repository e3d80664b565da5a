"""The life of each name over the cells: when it was made, needed, changed, used up.

Enters: the sources of cells, oldest first. Leaves: a `Life` for each name that the cells still know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .acts import Kind
from .usage import Made, Usage, usage

NEVER = -1


@dataclass
class Life:
    """What the cells did with one name; cells are counted from 0, `NEVER` if it did not happen.

    Attributes:
        touched: the last cell that spoke of it.
        place: where in that cell it last did, up to 1 (the last statement).
        made: the last cell that gave it a value.
        kind: as what.
        statement: the text of that statement.
        changed: the last cell that changed its object in place.
        needed: the cells that read a value of it from before.
        own_reads: cells that read a value they had given it themselves.
        consumed: the last cell that made another value of it, since it was made.
    """

    touched: int = NEVER
    place: float = 0.0
    made: int = NEVER
    kind: Kind | None = None
    statement: str = ""
    changed: int = NEVER
    needed: list[int] = field(default_factory=list)
    own_reads: int = 0
    consumed: int = NEVER

    @property
    def needed_since(self) -> int:
        """Cells that needed it since it was made."""
        return sum(cell > self.made for cell in self.needed[-3:])

    @property
    def callable(self) -> bool:
        """Whether it is a function or class that a cell wrote."""
        return self.kind in ("function", "class")


@lru_cache(maxsize=8)
def lives(sources: tuple[str, ...]) -> Mapping[str, Life]:
    """Follow every name through the cells, oldest first. Kept for the same cells: not to be changed."""
    found: dict[str, Life] = {}
    for cell, source in enumerate(sources):
        _follow(found, cell, usage(source))
    return found


def makes(name: str, sources: tuple[str, ...]) -> bool:
    """Whether the name has its value from one of these cells."""
    life = lives(sources).get(name)
    return life is not None and life.made != NEVER


def _follow(found: dict[str, Life], cell: int, did: Usage) -> None:
    for name, place in did.touched.items():
        life = found.setdefault(name, Life())
        life.touched, life.place = cell, place
        if name in did.needs:
            life.needed.append(cell)
        life.own_reads += name in did.own
        if name in did.changed:
            life.changed = cell
    for name, made in did.made.items():
        _make(found[name], cell, made)
    _consume(found, cell, did.made)
    for name in did.deleted:
        found.pop(name, None)


def _make(life: Life, cell: int, made: Made) -> None:
    life.made, life.kind, life.statement, life.consumed = cell, made.kind, made.statement, NEVER


def _consume(found: dict[str, Life], cell: int, made: Mapping[str, Made]) -> None:
    for name, how in made.items():
        if how.kind in ("value", "loop"):
            for source in how.sources:
                if source != name and source in found:
                    found[source].consumed = cell
