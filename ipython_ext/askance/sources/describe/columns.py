"""What the fingerprint of a table's columns covers, whatever library keeps them: all values as far as that may cost, of the
other columns those at fixed places.

Enters: arrays of numpy and pyarrow. Leaves: a `Plan`, and the parts it makes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from . import array_parts, arrow_parts
from .looked import COLUMN, Looked, Purse, places
from .numpy_ import is_plain
from .table import STATISTICS_COLUMNS

_SAMPLED = 1500
"""Values looked at of those columns together that are not looked at whole and of which nothing is told."""


class Masked(NamedTuple):
    """Values, and which of them are missing: there, the value may be anything."""

    data: Any
    mask: Any

    def __len__(self) -> int:
        return len(self.data)

    @property
    def known(self) -> Any:
        """The values, and 0 for the missing ones."""
        np = sys.modules["numpy"]
        return np.where(self.mask, np.zeros((), self.data.dtype), self.data)


class Plan(NamedTuple):
    """What a fingerprint looks at.

    Attributes:
        leaves: arrays, each with the places to look at, None for all of it.
        looked: how many values that is, where it is not all; else empty.
    """

    leaves: list[tuple[Any, Sequence[int] | None]]
    looked: list[Looked]

    def parts(self) -> Iterator[str | bytes | Looked]:
        """The parts of a fingerprint."""
        for leaf, chosen in self.leaves:
            yield from _whole(leaf) if chosen is None else _sample(leaf, chosen)
        yield from self.looked


def plan(columns: Sequence[Sequence[Any]], rows: int, told: Sequence[int]) -> Plan:
    """What to look at in the columns of one table.

    Args:
        columns: of each the arrays that keep its values; the first columns are those that anything is told of.
        rows: how many there are.
        told: those of which anything is told where not all are looked at.
    """
    purse, looked = Purse(), 0
    others = places(rows, max(1, _SAMPLED // max(1, len(columns))))
    planned: list[tuple[Any, Sequence[int] | None]] = []
    for number, found in enumerate(columns):
        if purse.pays(COLUMN + sum(map(_cost, found))):
            looked += rows
            planned += [(leaf, None) for leaf in found]
        elif found:
            chosen = told if number < STATISTICS_COLUMNS else others
            looked += len(chosen)
            planned += [(leaf, chosen if len(leaf) == rows else places(len(leaf), len(others))) for leaf in found]
    every = rows * len(columns)
    return Plan(planned, [Looked(looked, every)] if looked < every else [])


def _cost(leaf: Any) -> int:
    if type(leaf) is Masked:
        return 2 * array_parts.cost(leaf.data)
    return array_parts.cost(leaf) if is_plain(leaf) else arrow_parts.cost(leaf)


def _whole(leaf: Any) -> list[str | bytes]:
    if type(leaf) is Masked:
        return [*array_parts.whole(leaf.known), *array_parts.whole(leaf.mask)]
    return array_parts.whole(leaf) if is_plain(leaf) else arrow_parts.whole(leaf)


def _sample(leaf: Any, chosen: Sequence[int]) -> list[str | bytes]:
    if type(leaf) is Masked:
        return _whole(Masked(leaf.data[chosen], leaf.mask[chosen]))
    return array_parts.sample(leaf, chosen) if is_plain(leaf) else arrow_parts.sample(leaf, chosen)
