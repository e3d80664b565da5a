"""What the fingerprint of pandas' arrays covers: the values of columns and indexes, whatever blocks they are kept in.

Enters: columns and indexes as `pandas_store` reads them. Leaves: the arrays that keep their values, and a `Plan`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .columns import Masked, Plan, plan
from .libraries import is_from
from .numpy_ import is_plain
from .pandas_store import is_ordinary
from .storage import storage
from .table import told_rows
from .type_names import qualname_of, type_name

_MASKED = frozenset("IntegerArray FloatingArray BooleanArray".split())


def column_plan(columns: Sequence[Any], rows: int) -> Plan:
    """What to look at in columns."""
    return plan([list(leaves(column)) for column in columns], rows, told_rows(rows))


def index_plan(index: Any) -> Plan:
    """What to look at in row labels; nothing in a plain range."""
    columns = list(index_columns(index)) if not is_range(index) and is_ordinary(index) else []
    plans = [column_plan([column], len(column)) for column in columns]
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
    if is_plain(array):
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
