"""Runs a job: what is known is taken, the rest is asked for.

Enters: a job and its values. Leaves: a `Mapped`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..session import Session
from .job import Job
from .results import Mapped
from .sheet import Sheet, sheet_of


def map_values(session: Session, job: Job, values: Iterable[object], total: int | None = None) -> Mapped:
    """One prompt over many values. Blocking; an interrupt keeps what had come.

    Args:
        session: which is asked.
        job: what is asked.
        values: the column; read on this thread, once, before anything is asked.
        total: how many there are, if that is known.
    """
    raise NotImplementedError


async def mapped(session: Session, job: Job, sheet: Sheet) -> Mapped:
    """The same on the session's loop: known rows are taken, the others go to `fill` (or to `batch_api.fill`)."""
    raise NotImplementedError


async def fill(session: Session, job: Job, sheet: Sheet) -> None:
    """Ask for every waiting row of a sheet. Each ends "done" or "failed"; nothing else is left under way."""
    raise NotImplementedError
