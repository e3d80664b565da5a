"""pyarrow tables, record batches and schemas. Columns are read value by value at a few places; nothing is combined or copied."""

from __future__ import annotations

from typing import Any

from ...index.digest import digest
from ...records import Level
from .libraries import is_from
from .numpy_ import dtype_name
from .secret_names import looks_secret
from .table import SCHEMA_COLUMNS, STATISTICS_COLUMNS, Table, label, shape_words, write
from .type_names import qualname_of, type_name
from .values import hashable_parts, short

_LOOKED_AT = 100
"""Values of a column that statistics look at; each is made a Python object."""

_HASHED_CELLS = 200
_HASHED_COLUMNS = 300
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


def parts(obj: Any) -> list[str]:
    """Schema and shape, and cells at even distances."""
    if qualname_of(type(obj)) == "Field":
        return [describe(obj, "outline", 1)]
    schema = obj if qualname_of(type(obj)) == "Schema" else obj.schema
    width, fields = len(schema), _fields(schema)
    if schema is obj:
        return [str(width), *fields]
    across = max(1, -(-width // 20))
    count = _HASHED_CELLS // max(1, -(-width // across))
    cells = (value for place in range(0, width, across) for value in values_at(obj.column(place), count))
    return [f"{obj.num_rows} {width}", *fields, *hashable_parts(cells)]


def facts(obj: Any) -> dict[str, int | str]:
    """Size, and a hash of names and dtypes."""
    if qualname_of(type(obj)) == "Field":
        return {}
    is_schema = qualname_of(type(obj)) == "Schema"
    schema = obj if is_schema else obj.schema
    said: dict[str, int | str] = {} if is_schema else {"rows": obj.num_rows}
    return {**said, "columns": len(schema), "schema": digest(*_fields(schema))}


def dtype_words(dtype: Any) -> str:
    """A type of pyarrow's own in words; of a user's extension type only the class."""
    return dtype_name(dtype)[:80] if is_from(type(dtype), "pyarrow") else type_name(type(dtype))


def values_at(column: Any, count: int) -> list[Any]:
    """About `count` values at even distances, the last one included; none of nested, binary and extension types."""
    if not dtype_words(column.type).startswith(_READABLE):
        return []
    size = len(column)
    step = max(1, -(-size // count)) | 1  # odd, for columns that repeat
    return [column[place].as_py() for place in range((size - 1) % step, size, step)]


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
    lines = [f"statistics of {'all' if obj.num_rows <= _LOOKED_AT else f'about {_LOOKED_AT} sampled'} rows:"]
    for place, (name, dtype) in enumerate(columns[:STATISTICS_COLUMNS]):
        said = "" if looks_secret(name) else statistics(values_at(obj.column(place), _LOOKED_AT), dtype)
        lines += [f"  {label(name)}: {said}"] if said else []
    return lines if len(lines) > 1 else []


def _rows(obj: Any, columns: list[tuple[str, str]], count: int) -> list[list[str]]:
    count = min(count, obj.num_rows)
    said = []
    for place, (name, _) in enumerate(columns[:STATISTICS_COLUMNS]):
        values = [] if looks_secret(name) else values_at(obj.column(place).slice(0, count), count)
        said.append([label(name), *(short(value, 40) for value in values or ["…"] * count)])
    return [list(row) for row in zip(*said, strict=False)]
