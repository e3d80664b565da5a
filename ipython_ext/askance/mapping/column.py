"""What a column may be, and what comes back for it.

Enters: a Series of pandas or polars, an array, a list, a generator. Leaves: its values; and for the answers, a Series with
the same index and name, or a `Mapped`. Libraries are found among the modules that are loaded; none is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import UsageError
from .results import Mapped

Kind = Literal["list", "pandas", "polars"]

_DTYPES: Mapping[str, str] = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
"""JSON type -> pandas' type for values of which some are missing."""


@dataclass(frozen=True)
class Column:
    """A column, opened.

    Attributes:
        values: to be read once.
        name: "" if it has none.
        total: how many values, None if that is not known.
        given: what the user passed.
        kind: what comes back.
    """

    values: Iterable[object]
    name: str
    total: int | None
    given: Any
    kind: Kind

    def answered(self, mapped: Mapped, schema: str | None) -> Any:
        """The answers, as what was given.

        Args:
            mapped: in the order of the values.
            schema: what each had to fit, as JSON; None for text.
        """
        if self.kind == "pandas":
            return _pandas(self.given, mapped, schema)
        return _polars(self.given, mapped, schema) if self.kind == "polars" else mapped


def opened(values: Any) -> Column:
    """What was given as a column.

    Raises:
        UsageError: it is none.
    """
    if issubclass(type(values), (str, bytes, Mapping)):
        raise UsageError(
            f"A {type(values).__name__} is not a column of values", "Pass a list: ask.map(prompt, [value])"
        )
    pandas, polars, numpy = (sys.modules.get(name) for name in ("pandas", "polars", "numpy"))
    column: Any = values
    for library in (pandas, polars):
        if library is not None and isinstance(values, getattr(library, "DataFrame", ())):
            raise UsageError("A DataFrame is no column", 'Pass one: df["name"], or its rows: df.to_dict("records")')
    if pandas is not None and isinstance(values, getattr(pandas, "Series", ())):
        return Column(column.tolist(), _name(column.name), len(column), column, "pandas")
    if polars is not None and isinstance(values, getattr(polars, "Series", ())):
        return Column(column.to_list(), _name(column.name), len(column), column, "polars")
    if numpy is not None and type(values) is getattr(numpy, "ndarray", None):
        return Column(list(values) if values.ndim == 1 else values.tolist(), "", len(values), values, "list")
    if not isinstance(values, Iterable):
        raise UsageError(
            f"A {type(values).__name__} is not a column of values", "Pass a Series, a list or a generator."
        )
    return Column(values, "", len(values) if isinstance(values, Sized) else None, values, "list")


def _name(name: object) -> str:
    return name if isinstance(name, str) else ""


def _pandas(given: Any, mapped: Mapped, schema: str | None) -> Any:
    pandas = sys.modules["pandas"]
    kind = _json_type(schema)
    lacking = any(one is None for one in mapped)
    if kind in _DTYPES:
        dtype: object = _DTYPES[kind] if lacking else None
    else:
        dtype = None if kind == "string" else object
    series = pandas.Series(list(mapped), index=given.index, name=given.name, dtype=dtype)
    labels: Any = given.index if given.index.is_unique else range(len(given))
    report = mapped.report
    report["errors"] = {labels[place]: why for place, why in mapped.errors.items()}
    series.attrs["askance"] = report
    return series


def _polars(given: Any, mapped: Mapped, schema: str | None) -> Any:
    polars = sys.modules["polars"]
    kind = _json_type(schema)
    types = {"integer": polars.Int64, "number": polars.Float64, "boolean": polars.Boolean, "string": polars.String}
    values = list(mapped)
    try:
        series = polars.Series(given.name, values, dtype=polars.String if schema is None else types.get(kind))
    except Exception:  # noqa: BLE001  objects, and numbers beyond its types
        series = polars.Series(given.name, values, dtype=polars.Object)
    series.askance = mapped.report  # polars has no place for such things, and copies do not have it
    return series


def _json_type(schema: str | None) -> str:
    """The type of a schema of single values; "" for any other."""
    import json

    found = json.loads(schema).get("type") if schema is not None else ""
    return found if isinstance(found, str) and found in (*_DTYPES, "string") else ""
