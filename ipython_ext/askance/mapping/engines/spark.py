"""A column of Spark: each partition is asked about by the Python worker that holds it.

Enters: `(frame, "column")` of a Spark DataFrame, or a Series of pandas on Spark. Leaves: the frame with a column "result"
beside, or a Series with the same index; nothing runs before an action asks for it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ...errors import UsageError
from ...session import Session
from ..job import Job
from .worker import Crew, Task, answers, less, task

_TYPES = {int: "LongType", float: "DoubleType", bool: "BooleanType"}
"""Schema -> the type of the column; whatever else a schema asks for comes as its JSON."""


def column(values: object) -> Any | None:
    """The column as it was given, None if it is none of Spark's."""
    if type(values) is tuple:
        pair = len(values) == 2 and type(values[1]) is str
        return values if pair and _is(values[0], "pyspark.sql", "DataFrame") else None
    return values if _is(values, "pyspark.pandas", "Series") else None


def _is(value: object, module: str, name: str) -> bool:
    kind = getattr(sys.modules.get(module), name, None)
    return isinstance(kind, type) and issubclass(type(value), kind)


def mapped(session: Session, job: Job, values: Any, *, errors: bool = False) -> Any:
    """The answers, beside what was asked about.

    Args:
        session: whose settings the workers take.
        job: what is asked.
        values: `(frame, "column")`, or a Series of pandas on Spark.
        errors: whether there is a column "error" too.

    Raises:
        UsageError: there is no such column, or another stands in the way.
    """
    if type(values) is tuple:
        return _beside(session, job, *values, errors=errors)
    index = [f"index_{level}" for level in range(values.index.nlevels)]
    frame = values.to_frame("value").to_spark(index_col=index)
    name = job.name or (values.name if isinstance(values.name, str) else "")
    found = _beside(session, replace(job, name=name), frame, "value", errors=errors).pandas_api(index_col=index)
    found.index.names = values.index.names
    return found[["result", "error"]] if errors else found["result"].rename(values.name)


def _beside(session: Session, job: Job, frame: Any, name: str, *, errors: bool) -> Any:
    own = ("result", "error") if errors else ("result",)
    if name not in frame.columns:
        raise UsageError(f"the frame has no column {name!r}", f"It has: {', '.join(frame.columns[:20])}.")
    if taken := [one for one in own if one in frame.columns]:
        raise UsageError(f"the frame has a column {taken[0]!r} already", "Rename it: frame.withColumnRenamed(...)")
    if job.schema is not None and not any(job.shape is kind for kind in (*_TYPES, str)):
        job = replace(job, shape=json.loads(job.schema.text))
    crew = Crew(processes=_workers(frame), parts=_parts(frame) if job.cap is not None else 1)
    work = task(session, job, name, crew)
    types: Any = sys.modules["pyspark.sql.types"]
    named = next((name for kind, name in _TYPES.items() if job.shape is kind), "StringType")
    kinds = {"result": getattr(types, named)(), "error": types.StringType()}
    more = [types.StructField(one, kinds[one], True) for one in own]
    return frame.mapInPandas(partial(_answered, work, name, errors), types.StructType([*frame.schema.fields, *more]))


def _workers(frame: Any) -> int:
    """Python processes that take part, as far as that is known."""
    try:
        return max(1, int(frame.sparkSession.sparkContext.defaultParallelism))
    except Exception:  # noqa: BLE001  Spark Connect has no context, and says so in errors of its own
        return 1


def _parts(frame: Any) -> int:
    try:
        return max(1, int(frame.rdd.getNumPartitions()))
    except Exception:  # noqa: BLE001  see `_workers`
        raise UsageError("a cap cannot be shared out over Spark Connect", "Leave out cap=.") from None


def _answered(work: Task, name: str, errors: bool, frames: Iterator[Any]) -> Iterator[Any]:  # noqa: FBT001  a partial's
    """What a worker does with one partition, which comes to it in several frames."""
    pandas: Any = sys.modules["pandas"]
    for frame in frames:
        found = answers(work, frame[name])
        work = less(work, found.cost)
        results = [one if work.is_plain or one is None else json.dumps(one, ensure_ascii=False) for one in found]
        more = {"result": pandas.Series(results, index=frame.index, dtype=work.dtype)}
        if errors:
            said = [found.errors.get(place) for place in range(len(found))]
            more["error"] = pandas.Series(said, index=frame.index, dtype="object")
        yield frame.assign(**more)
