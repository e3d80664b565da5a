"""pyarrow tables, record batches and schemas. What is told of columns is read value by value at a few places."""

from __future__ import annotations

import sys
from typing import Any

from ...index.digest import digest
from ...records import Level
from ...secret_names import looks_secret
from .columns import Columns, Plan, plan
from .libraries import is_from
from .looked import Looked, places, sampled
from .numpy_ import dtype_name
from .table import SCHEMA_COLUMNS, STATISTICS_COLUMNS, Table, label, shape_words, write
from .type_names import qualname_of, type_name
from .values import short

LOOKED_AT = 100
"""Values of a column that statistics look at; each is made a Python object."""

_HASHED_COLUMNS = 300
_LARGE = 100_000_000
_NUMBERS = ("int", "uint", "float", "double", "halffloat")
_READABLE = (*_NUMBERS, "bool", "string", "large_string", "date", "timestamp", "time", "duration", "decimal")


def describe(obj: Any, level: Level, privacy: int) -> str:
    """A table or batch as a `Table`, a schema by its fields."""
    name = type_name(type(obj))
    if qualname_of(type(obj)) == "Field":
        return f"{name} {label(obj.name)} {dtype_words(obj.type)}"
    if qualname_of(type(obj)) == "Schema":
        columns = [_field(obj.field(place)) for place in range(min(len(obj), SCHEMA_COLUMNS))]
        return write(Table(kind=name, shape=f"{len(obj):,} fields", columns=columns, width=len(obj)), level, privacy)
    schema, width = obj.schema, obj.num_columns
    columns = [_field(schema.field(place)) for place in range(min(width, SCHEMA_COLUMNS))]
    table = Table(
        kind=name,
        shape=shape_words(obj.num_rows, width),
        columns=columns,
        width=width,
        statistics=lambda: _statistics(obj, columns),
        rows=lambda count: _rows(obj, columns, count),
    )
    return write(table, level, privacy)


def parts(obj: Any) -> list[str | bytes | Looked]:
    """Schema, shape and values: all of them, or of large tables what lies at fixed places."""
    if qualname_of(type(obj)) == "Field":
        return [describe(obj, "outline", 1)]
    schema = obj if qualname_of(type(obj)) == "Schema" else obj.schema
    head = [str(len(schema)), *_fields(schema)]
    return [*head] if schema is obj else [*head, str(obj.num_rows), *_plan(obj).parts()]


def column(obj: Any, name: str) -> Any:
    """The values of the column of that name; None if there is none."""
    is_table = qualname_of(type(obj)) in ("Table", "RecordBatch")
    return obj.column(name) if is_table and name in obj.schema.names else None


def facts(obj: Any) -> dict[str, int | str]:
    """Size, and a hash of names and dtypes."""
    if qualname_of(type(obj)) == "Field":
        return {}
    is_schema = qualname_of(type(obj)) == "Schema"
    schema = obj if is_schema else obj.schema
    said: dict[str, int | str] = {"columns": len(schema), "schema": digest(*_fields(schema))}
    return said if is_schema else {"rows": obj.num_rows, **said, **sampled(_plan(obj).looked)}


def dtype_words(dtype: Any) -> str:
    """A type of pyarrow's own in words; of a user's extension type only the class."""
    return dtype_name(dtype)[:80] if is_from(type(dtype), "pyarrow") else type_name(type(dtype))


def is_elsewhere(obj: Any) -> bool:
    """Whether values so large lie in memory that pyarrow has not taken itself: a file's, which a look would read."""
    size = obj.nbytes
    return bool(size > _LARGE and size > vars(sys.modules["pyarrow"])["total_allocated_bytes"]())


def values_at(column: Any, count: int) -> list[Any]:
    """About `count` values at even distances, the last one included; none of nested, binary and extension types."""
    if not dtype_words(column.type).startswith(_READABLE) or is_elsewhere(column):
        return []
    return [column[place].as_py() for place in _spread(len(column), count)]


def told_values(size: int) -> list[int]:
    """The places of the values that anything is told of, and both ends."""
    return sorted({*range(min(size, 20)), *_spread(size, LOOKED_AT), *places(size, 0)})


def _spread(size: int, count: int) -> range:
    step = max(1, -(-size // count)) | 1  # odd, for columns that repeat
    return range((size - 1) % step, size, step)


def _plan(obj: Any) -> Plan:
    if is_elsewhere(obj):
        return Plan([], [Looked(0, obj.num_rows * obj.num_columns)])
    columns = [Columns([obj.column(place)]) for place in range(min(obj.num_columns, _HASHED_COLUMNS))]
    return plan(columns, obj.num_rows, told_values(obj.num_rows), obj.num_columns)


def statistics(values: list[Any], dtype: str) -> str:
    """Range, missing and distinct values of a sample."""
    known = [value for value in values if value is not None]
    said = [f"min {short(min(known))}, max {short(max(known))}"] if known and dtype.startswith(_NUMBERS) else []
    said += [f"{len(set(known))} distinct"] if known and "string" in dtype else []
    said += [f"{len(values) - len(known)} missing"] if len(known) < len(values) else []
    return ", ".join(said)


def _fields(schema: Any) -> list[str]:
    step = max(1, -(-len(schema) // _HASHED_COLUMNS))
    return [" ".join(_field(schema.field(place))) for place in range(0, len(schema), step)]


def _field(field: Any) -> tuple[str, str]:
    return field.name, dtype_words(field.type)


def _statistics(obj: Any, columns: list[tuple[str, str]]) -> list[str]:
    lines = [f"statistics of {'all' if obj.num_rows <= LOOKED_AT else f'about {LOOKED_AT} sampled'} rows:"]
    for place, (name, dtype) in enumerate(columns[:STATISTICS_COLUMNS]):
        said = "" if looks_secret(name) else statistics(values_at(obj.column(place), LOOKED_AT), dtype)
        lines += [f"  {label(name)}: {said}"] if said else []
    return lines if len(lines) > 1 else []


def _rows(obj: Any, columns: list[tuple[str, str]], count: int) -> list[list[str]]:
    count = min(count, obj.num_rows)
    said = []
    for place, (name, _) in enumerate(columns[:STATISTICS_COLUMNS]):
        values = [] if looks_secret(name) else values_at(obj.column(place).slice(0, count), count)
        said.append([label(name), *(short(value, 40) for value in values or ["…"] * count)])
    return [list(row) for row in zip(*said, strict=False)]
