"""What a worker does with its part of a column: it asks through a session of its own, kept as long as its process.

Enters: a task, as it came from the user's process. Leaves: answers. Keys and passwords never travel: each worker has those
of its own environment; and what leaves it passes its own gate.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...cache.redis.tier import RedisTier
from ...errors import UsageError
from ...exits import finish_at_exit
from ...providers.models import PROVIDERS
from ...providers.streaming import StreamingProvider
from ...session import Session
from ...settings import Settings
from ..job import Job
from ..pace import Pace
from ..results import Mapped
from ..run import gate_of, map_values, pace_of
from ..sheet import sheet_of

DTYPES: Mapping[object, str] = {int: "Int64", float: "Float64", bool: "boolean"}
"""Schema -> the type of a column of answers in which some may be missing; all others are objects."""


JOBS = 8
"""The last jobs whose limits are remembered."""


REDIS_SECONDS = 2.0
"""How long a row's lookup may take: nobody watches a worker, and a miss costs a request."""


@dataclass(frozen=True)
class Crew:
    """Who does a job.

    Attributes:
        processes: each gets its share of the tokens per minute.
        threads: of each process; they share its concurrency.
        parts: partitions: each gets its share of the cap, so that all together keep it.
    """

    processes: int = 1
    threads: int = 1
    parts: int = 1


@dataclass(frozen=True)
class Task:
    """All that a worker is told.

    Attributes:
        job: see `Job.portable`; the limits in it are one worker's share.
        settings: the user's, without keys and passwords.
        dtype: of the column of answers.
    """

    job: Mapping[str, Any]
    settings: Settings
    dtype: str

    @property
    def is_plain(self) -> bool:
        """Whether each answer is a text, a number or a truth value."""
        return any(self.job["shape"] is kind for kind in (None, str, *DTYPES))


def task(session: Session, job: Job, name: object, crew: Crew) -> Task:
    """What the workers are told of a job.

    Args:
        session: whose settings they take.
        job: what is asked.
        name: of the column.
        crew: who does it.

    Raises:
        UsageError: the job cannot run in workers.
    """
    if job.batch_api:
        raise UsageError("batch_api does not go with Dask or Spark", "Leave it out, or compute the column first.")
    rate = job.tokens_per_minute
    own = replace(
        job,
        name=job.name or (name if isinstance(name, str) else ""),
        shape=job.shape if job.schema is None or not isinstance(job.shape, (str, Path)) else _plain(job),
        concurrency=max(1, job.concurrency // crew.threads),
        tokens_per_minute=None if rate is None else max(1, rate // crew.processes),
        cap=None if job.cap is None else job.cap / crew.parts,
        progress=False,  # a worker has no screen
    )
    sheet_of(gate_of(session), own, ())  # whether the column may leave at all is said before anything runs
    return Task(own.portable(), _settings(session, job), _dtype(job.shape))


def _dtype(shape: object) -> str:
    return next((dtype for kind, dtype in DTYPES.items() if shape is kind), "object")


def _plain(job: Job) -> Any:
    """A schema in a file of this machine, as itself."""
    import json

    assert job.schema is not None  # noqa: S101  asked before
    return json.loads(job.schema.text)


def _settings(session: Session, job: Job) -> Settings:
    """Without passwords; and with the server that is asked here, wherever its address stands: no worker asks another."""
    settings = session.settings
    provider, _ = session.sender.provider(job.model)
    if isinstance(provider, StreamingProvider) and provider.find().base_url != PROVIDERS[provider.name].base_url:
        settings = replace(settings, model=job.model, base_url=provider.find().base_url)
    return replace(settings, base_url=_bare(settings.base_url), redis_url=_bare(settings.redis_url))


def _bare(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else address


def less(work: Task, cost: float | None) -> Task:
    """The same with what is left of its cap, in US dollars."""
    cap = work.job["cap"]
    return work if cap is None else replace(work, job={**work.job, "cap": max(0.0, cap - (cost or 0.0))})


def answers(work: Task, values: Iterable[object]) -> Mapped:
    """Ask about one partition. What was learned is kept where other workers find it before this returns.

    Args:
        work: what to do.
        values: the partition.
    """
    job = Job.of_portable(work.job)
    session, pace = _process.of(work.settings, job)
    return map_values(session, job, values, pace=pace)


class _Process:
    """What this process has for all of its partitions: a session for each way it is set, and the limits of each job."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._sessions: dict[Settings, Session] = {}
        self._paces: dict[str, Pace] = {}

    def of(self, settings: Settings, job: Job) -> tuple[Session, Pace]:
        """Those for a job."""
        with self._lock:
            if self._owner != os.getpid():  # a fork has its own
                self._owner, self._sessions, self._paces = os.getpid(), {}, {}
            if settings not in self._sessions:
                self._sessions[settings] = _session(settings)
                finish_at_exit(self._sessions[settings])
            if job.id not in self._paces:
                self._paces = dict([*self._paces.items()][-JOBS:]) | {job.id: pace_of(job)}
            return self._sessions[settings], self._paces[job.id]


_process = _Process()


def _session(settings: Settings) -> Session:
    """In the worker's own folder, whose secrets its gate has to know; no project is indexed for rows."""
    from ... import assemble
    from ...sources.base import StaticState

    session = assemble.build(settings, StaticState(), Path.cwd(), environ=os.environ)
    for tier in [shelf.tier for shelf in session.recall.cache.shelves] if session.recall.cache is not None else ():
        if isinstance(tier, RedisTier):
            tier.lookup = REDIS_SECONDS
            tier.get("")  # loads the library and connects
    return session
