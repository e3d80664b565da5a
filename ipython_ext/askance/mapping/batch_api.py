"""A job by its provider's own batch endpoint: for less, and within a day.

Enters: a sheet whose rows wait. Leaves: rows with answers, kept as those that were streamed; what the batch could not do is
asked in the usual way. A batch that is under way is waited for, by whichever kernel asks for its rows; none is made twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from weakref import WeakKeyDictionary

from ..cache.flights import Flights
from ..errors import AuthError, ConfigError, Interrupted, ProviderError, UsageError
from ..providers.batches import State, batches
from ..providers.streaming import StreamingProvider
from ..session import Session
from . import run
from .batch_records import Record, Records
from .batch_requests import Group, groups, noted
from .batch_results import Results
from .job import Job
from .queue import Queue
from .sheet import Row, Sheet

FIRST_POLL = 2.0
LONGEST_POLL = 120.0
"""Seconds between two looks at a batch: each wait is half as long again as the last."""

TRIES = 12
"""Looks in a row that may fail before nobody waits any more; with their waits that is about ten minutes."""

Sleep = Callable[[float], Awaitable[object]]

_records: WeakKeyDictionary[Session, Records] = WeakKeyDictionary()


async def fill(
    session: Session,
    job: Job,
    sheet: Sheet,
    *,
    sleep: Sleep = asyncio.sleep,
    wall_clock: Callable[[], float] = time.time,
) -> None:
    """Have every waiting row of a sheet answered. Each ends "done" or "failed".

    Args:
        session: which is asked.
        job: what is asked.
        sheet: its rows.
        sleep: waits some seconds.
        wall_clock: seconds since the epoch.

    Raises:
        ConfigError: the provider has no batch endpoint.
        Interrupted: it was stopped; the batch goes on at the provider, and the line says how to go on or end it.
        ProviderError: the batch could not be made, or nobody knows what became of it.
    """
    work = _Work(session, job, sheet, sleep, wall_clock)
    try:
        under_way = await work.begun()
        await work.ended(under_way)
        await work.taken(under_way)
    finally:
        await work.endpoint.close()
    sheet.remark = ""
    if sheet.waiting:
        left = None if job.cap is None else max(0.0, job.cap - (sheet.cost or 0.0))
        await run.fill(session, replace(job, batch_api=False, cap=left), sheet)


class _Work:
    """One job's way through a batch endpoint; see `fill` for the arguments."""

    def __init__(self, session: Session, job: Job, sheet: Sheet, sleep: Sleep, wall_clock: Callable[[], float]) -> None:
        provider, self._model = session.sender.provider(job.model)
        self.endpoint = batches(provider)
        self._server = _server(provider)
        self._session, self._job, self._sheet, self._sleep = session, job, sheet, sleep
        self._wall_clock = wall_clock
        self._records = records(session)
        self._gate = run.gate_of(session)

    async def begun(self) -> list[Record]:
        """The batches that hold the waiting rows; what is in none is handed over now."""
        folder = self._session.recall.folder
        flight = await Flights(folder / "batches" if folder is not None else None).alone("begin")
        try:
            keys = [row.key for row in self._sheet.waiting]
            under_way = self._records.holding(keys, self._server, self._wall_clock())
            known = {key for record in under_way for key in record.keys}
            queue = self._queue([row for row in self._sheet.waiting if row.key not in known])
            await self._hand_over(groups(self._job, queue, self._gate, self._model), under_way)
            return under_way
        finally:
            flight.release()

    def _queue(self, rows: Sequence[Row]) -> Queue:
        return Queue(self._job, self._session._limits(self._job.model), rows)  # noqa: SLF001  the model's sizes

    async def _hand_over(self, making: Iterator[Group], under_way: list[Record]) -> None:
        """Batch by batch; each is noted as soon as the server has it."""
        try:
            while group := await asyncio.to_thread(next, making, None):
                self._sheet.remark = f"{len(group):,} requests go to {self.endpoint.name}"
                with self._session.outbox.sending(noted(self._job, group)):
                    prompts = {id_: gated for id_, (_, gated) in group.items()}
                    await self.endpoint.submit(prompts, partial(self._note, group, under_way))
        except asyncio.CancelledError:
            if under_way:
                raise self._stopped(under_way) from None
            raise

    def _note(self, group: Group, under_way: list[Record], batch: str) -> None:
        rows = {id_: {name: row.key for name, row in asked.rows.items()} for id_, (asked, _) in group.items()}
        own = {"server": self._server, "model": self._job.model, "mark": self._gate.mark}
        under_way.append(Record(batch=batch, created=self._wall_clock(), requests=rows, **own))
        self._records.add(under_way[-1])
        self._sheet.requests += len(group)

    async def ended(self, under_way: Sequence[Record]) -> None:
        """Wait until each batch has ended."""
        waiting, pause, failed = list(under_way), FIRST_POLL, 0
        try:
            while waiting:
                for record in tuple(waiting):
                    state = await self._state(record, failed)
                    failed = failed + 1 if state is None else 0
                    if state is not None and state.ended:
                        waiting.remove(record)
                if waiting:
                    await self._sleep(pause)
                    pause = min(LONGEST_POLL, pause * 1.5)
        except asyncio.CancelledError:
            raise self._stopped(waiting) from None

    async def _state(self, record: Record, failed: int) -> State | None:
        """How far a batch is; None if that cannot be told now."""
        name = self.endpoint.name
        try:
            state = await self.endpoint.status(record.batch)
        except ProviderError as error:
            if error.passing and failed < TRIES:
                self._sheet.remark = f"{name} cannot be reached; the batch goes on there"
                return None
            if not (error.passing or isinstance(error, AuthError)):
                self._records.forget(record.batch)  # the server knows nothing of it
            raise
        if state.problem:
            self._records.forget(record.batch)
            hint = "Leave batch_api out, or see what the server wants."
            raise ProviderError(f"{name} did not take the batch {record.batch}: {state.problem}", hint)
        self._sheet.remark = f"a batch at {name}, {state.answered:,} of {state.total:,} requests answered"
        return state

    async def taken(self, under_way: Sequence[Record]) -> None:
        """Fetch the answers, and keep them; only then a batch is forgotten."""
        for record in under_way:
            known = run.known_of(self._session, self._job)
            results = Results(self._job, self._sheet, self._gate, known, self._queue(()), record)
            try:
                async for reply in self.endpoint.results(record.batch):
                    results.take(reply)
            except asyncio.CancelledError:
                raise self._stopped([record]) from None
            finally:
                await known.flush()
            self._records.forget(record.batch)

    def _stopped(self, under_way: Sequence[Record]) -> Interrupted:
        names = ", ".join(record.batch for record in under_way)
        count = sum(len(record.requests) for record in under_way)
        return Interrupted(
            f"Stopped waiting; the batch of {count:,} requests goes on at {self.endpoint.name} ({names})",
            f"Type the same ask.map(...) again to wait for it, or to end it: ask.cancel_batch({under_way[0].batch!r})",
        )


def _server(provider: object) -> str:
    """Name and address of what holds a batch, without any password."""
    return f"{provider.name} {provider.find().shown}" if isinstance(provider, StreamingProvider) else ""


def records(session: Session) -> Records:
    """The batches under way that a session knows of."""
    folder = session.recall.folder
    return _records.setdefault(session, Records(folder / "batches" if folder is not None else None))


async def cancel(session: Session, batch: str, wall_clock: Callable[[], float] = time.time) -> str:
    """End a batch at its provider. What was answered before is paid for, and the same `ask.map` again takes it.

    Args:
        session: which knows of it.
        batch: its id.
        wall_clock: seconds since the epoch.

    Returns:
        One line on what becomes of it.

    Raises:
        UsageError: there is no such batch.
        ConfigError: its server is not the one that would be asked now.
        ProviderError: the server could not be told.
    """
    found = {record.batch: record for record in records(session).all(wall_clock())}
    if batch not in found:
        known = f"Under way: {', '.join(found)}." if found else "There is none."
        raise UsageError(f"no batch {batch!r} is under way", known)
    provider, _ = session.sender.provider(found[batch].model)
    if _server(provider) != found[batch].server:
        raise ConfigError(f"the batch {batch} is at {found[batch].server}", "Set that address again to end it.")
    endpoint = batches(provider)
    try:
        await endpoint.cancel(batch)
    finally:
        await endpoint.close()
    return f"{endpoint.name} ends the batch {batch}"
