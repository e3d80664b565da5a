"""Rows that are known: each answer is kept as it comes, under its own key, in all tiers of the cache.

Enters: rows. Leaves: rows that have an answer already; so a job that was stopped goes on where it was.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from math import inf

from ..cache.entry import Entry
from ..cache.kept import Kept
from ..cache.tiers import GRACE, Cache
from ..errors import BadAnswer
from ..gate.gate import Gate
from ..gate.placeholders import PATTERN
from ..records import Ledger, Usage
from ..tokens import estimate
from .job import Job
from .rows import kept
from .sheet import Row, Sheet

SLICE = 100
"""Rows that are looked for at once: between two slices a job can be stopped."""


class Known:
    """The cache, row by row. For one event loop.

    Args:
        cache: None to keep nothing.
        gate: makes and knows placeholders.
        job: what is asked.
        wall_clock: seconds since the epoch.
    """

    def __init__(self, cache: Cache | None, gate: Gate, job: Job, wall_clock: Callable[[], float] = time.time) -> None:
        self._cache = cache
        self._gate = gate
        self._job = job
        self._wall_clock = wall_clock
        self._question = gate.redact(f"ask.map: {' '.join(job.prompt[:400].split())[:80]}", "question")[0]
        self._queue: list[tuple[str, Entry | None]] = []
        self._writing: asyncio.Task[None] | None = None

    async def find(self, sheet: Sheet) -> None:
        """Answer the rows that are known."""
        rows = sheet.waiting
        for start in range(0, len(rows) if self._cache is not None else 0, SLICE):
            await asyncio.to_thread(self._find, rows[start : start + SLICE])

    def keep(self, row: Row) -> None:
        """Keep a row's answer, soon and off the loop."""
        usage = Usage(input=row.tokens, output=estimate(row.kept))
        entry = Entry(
            question=self._question,
            text=row.kept,
            model=self._job.model,
            ledger=Ledger(),
            usage=usage,
            created=self._wall_clock(),
            mark=self._gate.mark,
        )
        self._soon(row.key, entry)

    def forget(self, row: Row) -> None:
        """What was kept for it does not count."""
        self._soon(row.key, None)

    async def flush(self) -> None:
        """Wait until all is written."""
        if self._writing is not None:
            await self._writing

    def _soon(self, key: str, entry: Entry | None) -> None:
        if self._cache is None:
            return
        self._queue.append((key, entry))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        while self._queue:
            queue, self._queue = self._queue, []
            await asyncio.to_thread(self._put, queue)

    def _put(self, queue: Sequence[tuple[str, Entry | None]]) -> None:
        assert self._cache is not None  # noqa: S101  else nothing is queued
        for key, entry in queue:
            if entry is not None:
                self._cache.put(key, entry)
            else:
                for tier, _ in self._cache.shelves:
                    tier.delete(key)

    def _find(self, rows: Sequence[Row]) -> None:
        assert self._cache is not None  # noqa: S101  else nobody looks
        for row in rows:
            found = self._entry(self._cache, row.key)
            try:
                if found is None:
                    raise BadAnswer("it is not there")
                entry, tier = found
                own = entry.mark == self._gate.mark
                if not own and PATTERN.search(entry.text):
                    raise BadAnswer("nobody here knows what its placeholders stand for")
                row.answer(kept(self._gate, self._job, entry.text, own=own), entry.text, tier)
            except BadAnswer:
                self._cache.tallies.misses += 1
            else:
                self._cache.tallies.hit(tier, entry)

    def _entry(self, cache: Cache, key: str) -> tuple[Entry, str] | None:
        now = self._wall_clock()
        for place, (tier, ttl) in enumerate(cache.shelves):
            found = tier.get(key)
            if found is None:
                continue
            entries = found.entries(key)
            if not entries:  # damaged
                tier.delete(key)
            most = inf if self._job.replay else ttl
            for entry in entries:
                if now - entry.created <= most:
                    self._bring_up(cache, place, key, found)
                    return entry, tier.name
        return None

    @staticmethod
    def _bring_up(cache: Cache, place: int, key: str, found: Kept) -> None:
        for tier, ttl in cache.shelves[:place]:
            tier.set(key, found, ttl + GRACE)
