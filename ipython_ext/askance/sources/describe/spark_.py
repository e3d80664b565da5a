"""Spark data frames: the schema if Python already has it. To ask for it would call the JVM or the server, so nobody asks."""

from __future__ import annotations

from typing import Any

from ...records import Level
from .libraries import is_from
from .storage import storage
from .table import SCHEMA_COLUMNS, Table, write
from .type_names import qualname_of
from .values import short


def describe(obj: Any, level: Level, privacy: int) -> str:
    """A frame as a `Table` of its columns."""
    kept = storage(obj)
    schema = kept.get("_schema", kept.get("_cached_schema"))
    fields = storage(schema).get("fields") if is_from(type(schema), "pyspark") else None
    if type(fields) is not list:
        return "pyspark.sql.DataFrame, not computed, schema not yet asked for"
    columns = [_field(field) for field in fields[:SCHEMA_COLUMNS]]
    table = Table(kind="pyspark.sql.DataFrame", shape="not computed", columns=columns, width=len(fields))
    return write(table, level, privacy)


def parts(obj: Any) -> list[str]:
    """What is told."""
    return [describe(obj, "outline", 1)]


def _field(field: Any) -> tuple[str, str]:
    kept = storage(field)
    return short(kept["name"])[1:-1], qualname_of(type(kept["dataType"])).removesuffix("Type").lower()
