"""What the fingerprint of a table's columns covers, whatever library keeps them: all values as far as that may cost, of the
other columns those at fixed places.

Enters: arrays of numpy and pyarrow. Leaves: a `Plan`, and the parts it makes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from zlib import crc32

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
        """The parts of a fingerprint. Columns of numbers that follow each other are one stream, however they are kept."""
        total, is_stream = 0, False
        for leaf, chosen in self.leaves:
            numbers = _numbers(leaf, chosen)
            if numbers is not None:
                total, is_stream = crc32(array_parts.flat_bytes(numbers), total), True
                continue
            if is_stream:
                yield total.to_bytes(4, "little")
                total, is_stream = 0, False
            yield from _whole(leaf) if chosen is None else _sample(leaf, chosen)
        if is_stream:
            yield total.to_bytes(4, "little")
        yield from self.looked


class Columns(NamedTuple):
    """Columns that follow each other and are kept alike.

    Attributes:
        leaves: the arrays that keep the values; for more columns than one a single array, its rows are the columns.
        number: how many columns.
    """

    leaves: Sequence[Any]
    number: int = 1


def plan(columns: Iterable[Columns], rows: int, told: Sequence[int], width: int) -> Plan:
    """What to look at in the columns of one table.

    Args:
        columns: all of them; the first `STATISTICS_COLUMNS` are those that anything is told of, and stand for themselves.
        rows: how many there are.
        told: those of which anything is told where not all are looked at.
        width: how many columns the table has, with those that are not given.
    """
    purse, looked, place = Purse(), 0, 0
    others = places(rows, max(1, _SAMPLED // max(1, width)))
    planned: list[tuple[Any, Sequence[int] | None]] = []
    for found, number in columns:
        paid = purse.pays(COLUMN + sum(map(_cost, found)) // number, number)
        chosen = told if place < STATISTICS_COLUMNS else others
        looked += (paid * rows + (number - paid) * len(chosen)) if found else 0
        place += number
        for leaf in found:
            planned += [(leaf if paid == number else leaf[:paid], None)] if paid else []
            rest = leaf[paid:] if paid else leaf
            fits = number > 1 or len(leaf) == rows
            planned += [(rest, chosen if fits else places(len(leaf), len(others)))] if paid < number else []
    return Plan(planned, [Looked(looked, rows * width)] if looked < rows * width else [])


def _numbers(leaf: Any, chosen: Sequence[int] | None) -> Any:
    """The numbers to look at, None if it keeps something else."""
    if not is_plain(leaf) or not array_parts.is_numbers(leaf):
        return None
    return leaf if chosen is None else leaf[..., list(chosen)]


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
