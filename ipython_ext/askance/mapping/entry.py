"""`ask.map`, from what the user passes to what they get.

Enters: a prompt, a column, options. Leaves: answers in the shape of the column, or an `Estimate`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..session import Session
from .column import opened
from .engines import mapped_elsewhere
from .job import make_job
from .results import Mapped
from .run import estimated, map_values, sheet_for


def map_column(
    session: Session, prompt: str, values: Any, *, dry: bool = False, errors: bool = False, **options: Any
) -> Any:
    """One prompt over a column; see `facade`.

    Args:
        session: which is asked.
        prompt: the user's words.
        values: the column.
        dry: give an `Estimate`, and send nothing.
        errors: for Dask and Spark: give a frame with the columns "result" and "error".
        options: see `make_job`.

    Raises:
        AskanceError: one line.
    """
    job = make_job(session, prompt, **options)
    elsewhere = mapped_elsewhere(session, job, values, errors=errors)
    if elsewhere is not None:
        return elsewhere
    column = opened(values)
    job = replace(job, name=job.name or column.name)
    if dry:
        return session.loop.run(estimated(session, job, sheet_for(session, job, column.values)))
    mapped: Mapped = map_values(session, job, column.values, column.total)
    return column.answered(mapped, job.schema.text if job.schema is not None else None)
