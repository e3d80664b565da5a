"""A Dask Series: each partition is asked about by the worker that holds it.

Enters: a lazy Series. Leaves: another, with the same index, divisions and partitions; nothing runs before it is computed.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from ...session import Session
from ..job import Job
from .worker import Crew, Task, answers, task


def column(values: object) -> Any | None:
    """The Series, None if it is none of Dask's."""
    frames: Any = sys.modules.get("dask.dataframe")
    series = getattr(frames, "Series", None)
    return values if isinstance(series, type) and issubclass(type(values), series) else None


def mapped(session: Session, job: Job, values: Any, *, errors: bool = False) -> Any:
    """The answers, as a lazy Series, or a frame with the columns "result" and "error".

    Args:
        session: whose settings the workers take.
        job: what is asked.
        values: a Dask Series.
        errors: whether a frame is wanted.
    """
    work = task(session, job, values.name, _crew(values.npartitions))
    meta = _framed(values._meta, work, [], [], errors=errors)  # noqa: SLF001  how Dask's own functions tell a result's type
    return values.map_partitions(_partition, work, errors=errors, meta=meta, transform_divisions=False)


def _crew(parts: int) -> Crew:
    """Who takes part, as far as that is known now."""
    distributed: Any = sys.modules.get("distributed")
    try:
        threads = [*distributed.get_client().nthreads().values()] if distributed is not None else []
    except (ValueError, TypeError, AttributeError):  # there is no cluster, or one that cannot be asked from here
        threads = []
    if threads:
        return Crew(processes=len(threads), threads=max(1, *threads), parts=max(1, parts))
    return Crew(threads=max(1, min(parts, os.cpu_count() or 1)), parts=max(1, parts))  # threads of this process do it


def _partition(part: Any, work: Task, *, errors: bool) -> Any:
    """What a worker does with one partition."""
    found = answers(work, part)
    said = [found.errors.get(place) for place in range(len(found))]
    return _framed(part, work, list(found), said, errors=errors)


def _framed(part: Any, work: Task, results: list[Any], said: list[str | None], *, errors: bool) -> Any:
    """Results under the index of what was asked about."""
    pandas: Any = sys.modules["pandas"]
    result = pandas.Series(results, index=part.index[: len(results)], name=part.name, dtype=work.dtype)
    if not errors:
        return result
    return pandas.DataFrame({"result": result, "error": pandas.Series(said, index=result.index, dtype="object")})
