"""Dask frames and series: the schema and the partitions as far as Dask knows them by now. Nothing is computed or inferred."""

from __future__ import annotations

from typing import Any

from ...records import Level
from .libraries import is_from
from .pandas_store import label_text, read
from .storage import storage, stored
from .table import SCHEMA_COLUMNS, Table, write
from .type_names import type_name


def describe(obj: Any, level: Level, privacy: int) -> str:
    """A frame as a `Table` of its columns."""
    known = storage(stored(obj, "_expr"))
    meta, name = known.get("_meta"), type_name(type(obj))
    shape = f"{_partitions(known)}not computed"
    if not is_from(type(meta), "pandas"):
        return f"{name}, {shape}"
    frame = read(meta)
    names = [label_text(column) for column in frame.labels(slice(SCHEMA_COLUMNS))]
    columns = list(zip(names, frame.dtypes(slice(SCHEMA_COLUMNS)), strict=True))
    return write(Table(kind=name, shape=shape, columns=columns, width=frame.width), level, privacy)


def parts(obj: Any) -> list[str]:
    """What is told, and Dask's own token of the expression."""
    return [describe(obj, "outline", 1), str(storage(stored(obj, "_expr")).get("_name"))]


def facts(obj: Any) -> dict[str, int | str]:
    """How many columns it has."""
    meta = storage(stored(obj, "_expr")).get("_meta")
    return {"columns": read(meta).width} if is_from(type(meta), "pandas") else {}


def _partitions(known: dict[str, Any]) -> str:
    # Dask keeps the divisions once somebody has asked for them; to ask may read files.
    divisions = known.get("divisions")
    return f"{len(divisions) - 1:,} partitions, " if type(divisions) is tuple else ""
