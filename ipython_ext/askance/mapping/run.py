"""Runs a job: what is known is taken, the rest is asked for.

Enters: a job and its values. Leaves: a `Mapped`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import CancelledError

from ..errors import AskanceError, Interrupted, NotRecorded, UsageError
from ..gate.gate import Gate
from ..loop import Job as Running
from ..providers.batches import PRICE
from ..session import Session
from .asking import Asking
from .estimate import Estimate, dollars
from .filling import Filling
from .job import Job
from .kept import Known
from .pace import Pace
from .progress import Bar
from .purse import Purse
from .queue import Queue
from .results import Mapped
from .sheet import Sheet, sheet_of

DRAW_SECONDS = 0.2
"""How often the bar is drawn."""

LET_GO_SECONDS = 3.0
"""How long an interrupt waits until nothing is under way any more, and what had come is kept."""

SLOTS = {"local": 2}
"""Requests that a provider's server answers at once, where others would only wait: the embedded model's."""


def gate_of(session: Session) -> Gate:
    """The gate that a session's requests pass."""
    return session._gate  # noqa: SLF001  one door from here into the session


def sheet_for(session: Session, job: Job, values: Iterable[object]) -> Sheet:
    """The rows of a column, as they may leave; see `sheet_of`. Blocking."""
    return sheet_of(gate_of(session), job, values, session.settings.base_url)


def map_values(
    session: Session, job: Job, values: Iterable[object], total: int | None = None, pace: Pace | None = None
) -> Mapped:
    """One prompt over many values. Blocking; an interrupt keeps what had come.

    Args:
        session: which is asked.
        job: what is asked.
        values: the column; read on this thread, once, before anything is asked.
        total: how many there are, if that is known.
        pace: the limits, where other jobs share them.

    Raises:
        AskanceError: nothing came, or it may not be asked; one line.
        KeyboardInterrupt: the user's; it says how many rows are kept.
    """
    del total  # all are read before the bar is drawn
    sheet = sheet_for(session, job, values)
    running = session.loop.job(mapped(session, job, sheet, pace))
    with Bar(sheet, shown=job.progress) as bar:
        try:
            running.begin()
            return _waited(running, bar)
        except KeyboardInterrupt:
            running.cancel()
            try:
                running.result(LET_GO_SECONDS)
            except Interrupted as stopped:  # it goes on elsewhere, and says so
                raise KeyboardInterrupt(str(stopped)) from None
            except (CancelledError, TimeoutError, AskanceError):
                pass
            done = f"{sheet.settled - sheet.failed:,} of {sheet.count:,} rows are kept"
            raise KeyboardInterrupt(f"{done}: the same call goes on from there") from None


def _waited(running: Running[Mapped], bar: Bar) -> Mapped:
    while True:
        try:
            return running.result(DRAW_SECONDS)
        except TimeoutError:
            if running.done:
                return running.result()
            bar.draw()


async def estimated(session: Session, job: Job, sheet: Sheet) -> Estimate:
    """What a job would take: known rows are taken, nothing is sent."""
    await known_of(session, job).find(sheet)
    return _estimate(session, job, sheet)


async def mapped(session: Session, job: Job, sheet: Sheet, pace: Pace | None = None) -> Mapped:
    """The same as `map_values`, on the session's loop.

    Args:
        session: which is asked.
        job: what is asked.
        sheet: its rows; filled as answers come.
        pace: see `map_values`.
    """
    session.outbox.begin(job.id)
    known = known_of(session, job)
    if not job.fresh or job.replay:
        await known.find(sheet)
    if job.replay:
        for row in sheet.waiting:
            row.fail(str(NotRecorded("this row was not asked before")))
    estimate = _estimate(session, job, sheet)
    sheet.price = estimate.price
    _check_cap(job, estimate)
    waiting = sum(len(row.places) for row in sheet.waiting)
    try:
        if sheet.waiting and job.batch_api:
            from . import batch_api

            await batch_api.fill(session, job, sheet)
        elif sheet.waiting:
            await fill(session, job, sheet, pace)
    finally:  # also of what was stopped
        left = sum(len(row.places) for row in sheet.waiting)
        session.spending.add(job.model, sheet.usage, sheet.cost, waiting - left)
    return sheet.mapped()


def pace_of(job: Job) -> Pace:
    """The limits that a job begins with."""
    return Pace(min(job.concurrency, SLOTS.get(job.model, job.concurrency)), job.tokens_per_minute)


async def fill(session: Session, job: Job, sheet: Sheet, pace: Pace | None = None) -> None:
    """Ask for every waiting row of a sheet. Each ends "done" or "failed"; nothing is left under way.

    Raises:
        AskanceError: not one row of the sheet has an answer; the one line says why.
    """
    provider, model = session.sender.provider(job.model)
    known = known_of(session, job)
    asking = Asking(
        job=job,
        sheet=sheet,
        queue=_queue(session, job, sheet),
        known=known,
        pace=pace or pace_of(job),
        purse=Purse(job.model, job.cap),
        provider=provider,
        gate=gate_of(session),
        outbox=session.outbox,
        clock=asyncio.get_running_loop().time,
    )
    try:
        await Filling(asking, model).run()
    finally:
        await known.flush()
    if asking.stopped is not None:
        for row in sheet.waiting:
            row.fail(str(asking.stopped))
        if not any(row.state == "done" for row in sheet.rows):
            raise asking.stopped


def known_of(session: Session, job: Job) -> Known:
    """What is known of a job's rows."""
    settings = session.settings
    is_kept = settings.cache_sampled or not job.temperature or job.replay
    return Known(session.recall.cache if is_kept else None, gate_of(session), job)


def _queue(session: Session, job: Job, sheet: Sheet) -> Queue:
    return Queue(job, session._limits(job.model), sheet.waiting)  # noqa: SLF001  the model's sizes


def _estimate(session: Session, job: Job, sheet: Sheet) -> Estimate:
    queue, waiting = _queue(session, job, sheet), len(sheet.waiting)
    requests = given = made = 0
    while len(queue):
        rows = queue.take()
        requests += 1
        given += queue.fixed + sum(row.tokens for row in rows)
        made += len(rows) * queue.each
    return Estimate(
        rows=sheet.count,
        cached=sheet.cached,
        unique=waiting,
        requests=requests,
        input=given,
        output=made,
        model=job.model,
        share=PRICE if job.batch_api else 1.0,
    )


def _check_cap(job: Job, estimate: Estimate) -> None:
    if job.cap is None:
        return
    Purse(job.model, job.cap)  # says it if no price is known
    if estimate.cost is not None and estimate.cost > job.cap:
        raise UsageError(
            f"It would cost {estimate.price}, and the cap is {dollars(job.cap)}",
            "Raise cap=, or ask about fewer values; what is known costs nothing.",
        )
