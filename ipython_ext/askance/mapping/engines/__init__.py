"""Columns that are larger than one machine: `ask.map` over Dask and Spark, inside of their own partitions.

Enters: a job, and what may be a column of such an engine. Leaves: a lazy column of the same engine, or None: it is none.
The engines are found among the modules that are loaded; none is imported.
"""

from __future__ import annotations

from typing import Any

from ...session import Session
from ..job import Job
from . import dask, spark


def mapped_elsewhere(session: Session, job: Job, values: object, *, errors: bool = False) -> Any | None:
    """The answers as a lazy column of the engine whose column was given; None if it is no engine's.

    Args:
        session: whose settings the workers take; its keys stay here.
        job: what is asked.
        values: what `ask.map` was given.
        errors: whether the answer is a frame of two columns, "result" and "error".

    Raises:
        UsageError: the job cannot run in workers.
    """
    for engine in (dask, spark):
        column = engine.column(values)
        if column is not None:
            return engine.mapped(session, job, column, errors=errors)
    return None
