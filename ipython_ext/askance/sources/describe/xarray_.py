"""xarray's arrays and data sets, subclasses included, read from their slots. What is on disk or in a Dask graph stays there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from ...records import Level
from ...secret_names import looks_secret
from . import numpy_
from .libraries import is_from
from .looked import Looked
from .storage import stored
from .table import ROOM, STATISTICS_COLUMNS, cut_lines, label
from .type_names import type_name
from .values import short

_NAMES = 30
_HASHED = 100
_MOST = 200
"""Variables that are looked at; of more it is not said how many."""


def describe(obj: Any, level: Level, privacy: int) -> str:
    """Dimensions, variables and coordinates; attributes and statistics of what is in memory from excerpt on."""
    variables, coordinates, attrs = _content(obj)
    head = type_name(type(obj)) + (f" {name}" if (name := _array_name(obj)) else "")
    lines = [f"{head}, {_sizes([*variables.values(), *coordinates.values()])}"]
    lines += [
        f"{word}: {_list(found)}" for word, found in (("variables", variables), ("coordinates", coordinates)) if found
    ]
    if level in ("excerpt", "full"):
        lines += [f"attributes: {_attributes(attrs, privacy)}"] if attrs else []
        lines += _statistics(variables, level, privacy) if privacy >= 2 else []
    return cut_lines("\n".join(lines), ROOM)


def parts(obj: Any) -> list[str | bytes | Looked]:
    """The outline, attributes, and samples of what is in memory."""
    variables, coordinates, _ = _content(obj)
    arrays = (stored(variable, "_data") for variable in [*variables.values(), *coordinates.values()][:_HASHED])
    memory = (part for array in arrays if numpy_.is_plain(array) for part in numpy_.parts(array))
    return [describe(obj, "excerpt", 2), *memory]


def facts(obj: Any) -> dict[str, int | str]:
    """The sizes of its dimensions, and how many variables it has."""
    variables, coordinates, _ = _content(obj)
    return {"shape": _sizes([*variables.values(), *coordinates.values()]), "variables": len(variables)}


def _content(obj: Any) -> tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
    """Variables, coordinates and attributes; a DataArray is one variable."""
    try:
        every, coordinates, attrs = (stored(obj, name) for name in ("_variables", "_coord_names", "_attrs"))
    except KeyError:
        variable = stored(obj, "_variable")
        return {"values": variable}, _plain_dict(stored(obj, "_coords")), _plain_dict(stored(variable, "_attrs"))
    names = {name for name in coordinates if type(name) is str} if type(coordinates) is set else set()
    split: tuple[dict[Any, Any], dict[Any, Any]] = ({}, {})
    for name, variable in islice(_plain_dict(every).items(), _MOST):
        split[type(name) is str and name in names][name] = variable
    return *split, _plain_dict(attrs)


def _plain_dict(value: Any) -> dict[Any, Any]:
    return value if type(value) is dict else {}


def _array_name(obj: Any) -> str:
    try:
        name = stored(obj, "_name")
    except KeyError:
        return ""
    return label(name) if type(name) is str else ""


def _sizes(variables: Iterable[Any]) -> str:
    sizes: dict[str, int | str] = {}
    for variable in variables:
        for dimension, size in zip(stored(variable, "_dims"), _shape(stored(variable, "_data")), strict=False):
            sizes.setdefault(short(dimension)[1:-1], size)
    return ", ".join(f"{label(name)} {size}" for name, size in islice(sizes.items(), _NAMES)) or "no dimensions"


def _list(variables: dict[Any, Any]) -> str:
    said = [
        f"{_text(name)} ({', '.join(map(_text, stored(variable, '_dims')))}) {_dtype(stored(variable, '_data'))}"
        for name, variable in islice(variables.items(), _NAMES)
    ]
    more = len(variables) - len(said)
    return ", ".join(said) + (f", +{more:,} more" if 0 < more < _MOST - _NAMES else ", …" if more else "")


def _text(name: Any) -> str:
    return label(name) if type(name) is str else short(name)


def _is_readable(array: Any) -> bool:
    # xarray wraps arrays of others in its own types; asked for its shape, a wrapper asks the innermost one.
    for _ in range(10):
        if not is_from(type(array), "xarray"):
            break
        try:
            array = stored(array, "array")
        except KeyError:
            return True
    return numpy_.is_readable(array) or is_from(type(array), "pandas") or is_from(type(array), "dask")


def _shape(array: Any) -> tuple[Any, ...]:
    return tuple(array.shape) if _is_readable(array) else ("?",) * 32


def _dtype(array: Any) -> str:
    if not _is_readable(array):
        return type_name(type(array))
    return numpy_.dtype_name(array.dtype) + (" in Dask chunks" if is_from(type(array), "dask") else "")


def _attributes(attrs: dict[Any, Any], privacy: int) -> str:
    shown = privacy >= 2
    return ", ".join(
        f"{_text(name)}={short(value, 60)}" if shown and not (type(name) is str and looks_secret(name)) else _text(name)
        for name, value in islice(attrs.items(), _NAMES)
    )


def _statistics(variables: dict[Any, Any], level: Level, privacy: int) -> list[str]:
    lines = []
    for name, variable in islice(variables.items(), STATISTICS_COLUMNS):
        array = stored(variable, "_data")
        if numpy_.is_readable(array) and not (type(name) is str and looks_secret(name)):
            said = numpy_.describe_plain(array, "", level, privacy)
            lines += [f"  {_text(name)}: {said}"] if said else []
    return lines
