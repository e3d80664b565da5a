"""What the fingerprint of pandas' arrays covers: the values of columns and indexes, whatever blocks they are kept in.

Enters: columns and indexes as `pandas_store` reads them. Leaves: the arrays that keep their values, and a `Plan`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .columns import Columns, Masked, Plan, plan
from .libraries import is_from
from .numpy_ import is_plain, is_readable
from .pandas_store import Stored, is_ordinary
from .storage import storage
from .table import STATISTICS_COLUMNS, told_rows
from .type_names import qualname_of, type_name

_WIDTH = 500
"""Columns that a fingerprint looks into."""

_MASKED = frozenset("IntegerArray FloatingArray BooleanArray".split())


def column_plan(array: Any) -> Plan:
    """What to look at in one column."""
    return plan([Columns(list(leaves(array)))], len(array), told_rows(len(array)), 1)


def frame_plan(frame: Stored) -> Plan:
    """What to look at in the columns of a frame; in those of a very wide one at either end."""
    width, half = frame.width, _WIDTH // 2
    ranges = [(0, half), (width - half, width)] if width > _WIDTH else [(0, width)]
    first = [Columns(list(leaves(frame.array(place)))) for place in range(min(width, STATISTICS_COLUMNS))]
    rest = [stripe for start, end in ranges for stripe in frame.stripes(max(start, STATISTICS_COLUMNS), end)]
    others = [Columns([array] if count > 1 else list(leaves(array)), count) for array, count in rest]
    return plan([*first, *others], frame.rows, told_rows(frame.rows), width)


def index_plan(index: Any) -> Plan:
    """What to look at in row labels; nothing in a plain range."""
    columns = list(index_columns(index)) if not is_range(index) and is_ordinary(index) else []
    plans = list(map(column_plan, columns))
    return Plan([leaf for one in plans for leaf in one.leaves], [looked for one in plans for looked in one.looked])


def bounds(index: Any) -> str:
    """What tells a plain range of labels from others; "" of other labels."""
    return f"{index.start} {index.stop} {index.step}" if is_range(index) else ""


def is_range(index: Any) -> bool:
    """Whether an index keeps no labels."""
    return type_name(type(index)) == "pandas.RangeIndex"


def index_columns(index: Any) -> Iterator[Any]:
    """The arrays of an index, of one with several levels those of each."""
    kept = storage(index)
    if "_levels" not in kept:
        yield from [kept["_data"]] if "_data" in kept else [index._values]  # noqa: SLF001  a range of its own
        return
    for level, codes in zip(kept["_levels"], kept["_codes"], strict=True):
        yield codes
        yield from index_columns(level)


def leaves(array: Any) -> Iterator[Any]:
    """The arrays of numpy and pyarrow in which a column keeps its values; none of a column that is neither's nor pandas'."""
    if is_readable(array):
        yield array
    if is_plain(array) or not is_from(type(array), "pandas"):
        return
    kept, name = storage(array), qualname_of(type(array))
    arrow: Any = kept.get("_pa_array")
    if is_from(type(arrow), "pyarrow"):
        yield arrow
    elif name == "Categorical":
        yield array._ndarray  # noqa: SLF001  the codes; `codes` would make a view
        if is_ordinary(array.dtype.categories):
            for level in index_columns(array.dtype.categories):
                yield from leaves(level)
    elif name == "IntervalArray":
        yield from (leaf for side in ("_left", "_right") for leaf in leaves(kept.get(side)))
    elif name in _MASKED:
        yield Masked(kept["_data"], kept["_mask"])
    elif name == "SparseArray":
        yield from (array.sp_values, array.sp_index.to_int_index().indices)
    elif hasattr(array, "_ndarray"):
        yield array._ndarray  # noqa: SLF001  asked for values, it would make objects and call the time zone
