"""What a pandas frame or series stores: labels and arrays, read from its block manager.

Enters: a DataFrame or Series, or an instance of anyone's subclass. Leaves: a `Stored`. The object's own methods are never
called: those of a subclass may be anything, and `iloc` on a plain frame would run the code of foreign column types.
It also takes a tenth of the time. The manager is not public; pandas 2.3 to 3.1 have the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from .libraries import is_from
from .numpy_ import dtype_name, is_plain, is_readable, numpy_dtype
from .storage import storage, stored
from .type_names import module_of, qualname_of, type_name
from .values import knows_zone, short

_FAST = "biufcmM"
_AS_NUMBERS = frozenset("DatetimeArray TimedeltaArray PeriodArray".split())


class Stored(NamedTuple):
    """A frame, or a series as a frame of one column.

    Attributes:
        rows: number of rows.
        width: number of columns.
        is_series: whether it is a series.
        labels: gives the column names at a slice.
        index: the row labels, a pandas Index.
        array: gives the array of the column at a place: numpy's, pandas', or a foreign one that must not be touched.
        dtypes: gives the dtypes of the columns at a slice, in words.
        stripes: gives the columns from one place up to another, those together that lie in one piece of memory, as rows
            of one array: (array, number of columns).
    """

    rows: int
    width: int
    is_series: bool
    labels: Callable[[slice], list[Any]]
    index: Any
    array: Callable[[int], Any]
    dtypes: Callable[[slice], list[str]]
    stripes: Callable[[int, int], Iterator[tuple[Any, int]]]


def read(obj: Any) -> Stored:
    """The storage of a DataFrame or Series; raises TypeError if it is not as pandas made it."""
    manager = stored(obj, "_mgr")
    if not is_from(type(manager), "pandas"):
        raise TypeError
    *columns, index = manager.axes
    if not is_from(type(index), "pandas"):
        raise TypeError
    return _read_frame(manager, columns[0], index) if columns else _read_series(manager, storage(obj).get("_name"))


def _read_frame(manager: Any, columns: Any, index: Any) -> Stored:
    if not is_ordinary(columns):
        raise TypeError
    kept = storage(columns).get("_data")

    def labels(part: slice) -> list[Any]:
        is_all = part.step is None and part.stop is not None and len(columns) <= part.stop
        found = b"" if kept is None else values_of(kept if is_all else kept[part])
        return list(columns[part].tolist()) if isinstance(found, bytes) else found

    def dtypes(part: slice) -> list[str]:
        blocks = manager.blknos[part].tolist()
        said = {block: dtype_of(manager.blocks[block].values) for block in set(blocks)}
        return [said[block] for block in blocks]

    return Stored(
        len(index), len(columns), False, labels, index, manager.iget_values, dtypes, partial(_stripes, manager)
    )


def _stripes(manager: Any, start: int, end: int) -> Iterator[tuple[Any, int]]:
    places = range(start, end)
    blocks, rows = manager.blknos[start:end].tolist(), manager.blklocs[start:end].tolist()
    # In one piece the row grows with the place.
    for (block, shift), group in groupby(
        places, key=lambda place: (blocks[place - start], rows[place - start] - place)
    ):
        first, *others = group
        values, count = manager.blocks[block].values, 1 + len(others)
        if count > 1 and is_readable(values) and values.dtype.kind in _FAST:
            yield values[first + shift : first + shift + count], count
        else:
            yield from ((manager.iget_values(place), 1) for place in (first, *others))


def _read_series(manager: Any, name: Any) -> Stored:
    (index,), values = manager.axes, manager.blocks[0].values
    return Stored(
        len(index),
        1,
        True,
        [name].__getitem__,
        index,
        lambda _: values,
        lambda _: [dtype_of(values)],
        lambda *_: iter(()),
    )


def is_ordinary(index: Any) -> bool:
    """Whether an index is pandas' own and keeps its labels in known arrays."""
    if type_name(type(index)) == "pandas.RangeIndex":
        return True
    kept = storage(index) if is_from(type(index), "pandas") else {}
    return all(map(is_ordinary, kept["_levels"])) if "_levels" in kept else is_known(kept.get("_data"))


def is_known(array: Any) -> bool:
    """Whether an array is numpy's or pandas' own, so that its values may be asked for."""
    return is_readable(array) or is_from(type(array), "pandas")


def dtype_of(array: Any) -> str:
    """The dtype of a column in words."""
    if is_plain(array):
        return numpy_dtype(array.dtype)
    if is_from(type(array), "pandas"):
        zone = getattr(array.dtype, "tz", None)
        return dtype_name(array.dtype) if knows_zone(zone) else f"datetime64[{type_name(type(zone))}]"
    if type_name(type(array)) == "geopandas.array.GeometryArray":
        return "geometry" + _coordinates(array)
    return type_name(type(array))


def values_of(array: Any) -> bytes | list[Any]:
    """The content of a known array as bytes where it is numbers or times, else as Python objects; nothing of others."""
    if not is_plain(array):
        if not is_from(type(array), "pandas"):
            return []
        arrow: Any = storage(array).get("_pa_array")
        if is_from(type(arrow), "pyarrow"):
            return list(arrow.to_pylist())  # five times faster than through pandas
        if qualname_of(type(array)) not in _AS_NUMBERS:
            return list(array.tolist())
        array = array._ndarray  # noqa: SLF001  asked for values, it would make objects and call the time zone
    return bytes(array.tobytes()) if array.dtype.kind in _FAST else list(array.tolist())


def cells_of(array: Any) -> list[str]:
    """The content of a short known array as text."""
    values = values_of(array)
    if isinstance(values, bytes):
        numbers = getattr(array, "_ndarray", array)
        return [str(cell) for cell in numbers.astype(str).tolist()]
    return [short(value, 40) for value in values]


def label_text(name: Any) -> str:
    """A column's name as text."""
    if type(name) is str:
        return name
    if type(name) is tuple:
        return "/".join(map(label_text, name))
    return short(name)


def _coordinates(array: Any) -> str:
    # pyproj keeps what the user wrote, "EPSG:4326".
    crs = storage(array).get("_crs")
    said = storage(crs).get("srs") if module_of(type(crs)).startswith("pyproj.") else None
    return f" {said[:20]}" if type(said) is str else ""
