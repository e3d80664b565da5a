"""Begins the requests of a job: as many, and as soon, as the pace and the purse allow.

Enters: rows that wait. Leaves: requests under way, and nothing of them at the end.
"""

from __future__ import annotations

import asyncio

from ..errors import AskanceError
from .asking import Asking
from .estimate import dollars
from .rows import Request, request
from .sheet import Row


class Filling:
    """Begins requests as fast as the pace and the purse allow, until no row waits."""

    def __init__(self, asking: Asking, model: str) -> None:
        """
        Args:
            asking: what the requests have in common.
            model: the model's name as its server knows it.
        """
        self._asking = asking
        self._model = model
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Ask until every row has an answer or an error, or the job is stopped."""
        asking = self._asking
        try:
            while asking.stopped is None and (len(asking.queue) or self._under_way):
                wait = self._begin() if len(asking.queue) else None
                await self._pause(wait)
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _pause(self, seconds: float | None) -> None:
        """Until a request has come back, or the time is over."""
        if not self._under_way:
            await asyncio.sleep(seconds or 0.0)
            return
        ended, self._under_way = await asyncio.wait(
            self._under_way, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for task in ended:
            task.result()  # a fault of ours is not to be passed over

    def _begin(self) -> float | None:
        """Begin one request if it may go.

        Returns:
            Seconds until the next may; None to wait for one that is under way.
        """
        asking, queue = self._asking, self._asking.queue
        if len(self._under_way) >= asking.pace.slots:
            return None
        rows = queue.take()
        why = queue.too_long(rows[0]) if len(rows) == 1 else ""
        if why:
            rows[0].fail(why)
            return 0.0
        made = self._made(rows)
        delay = asking.pace.delay(queue.fixed + sum(row.tokens for row in rows) + len(rows) * queue.each)
        if delay > 0:
            queue.put_back(rows)
            return delay
        if not asking.purse.fits(made.prompt):
            return self._short(rows)
        self._send(made, rows)
        return 0.0

    def _made(self, rows: list[Row]) -> Request:
        asking = self._asking
        cut, tight = any(row.was_cut for row in rows), asking.job.cap is not None
        return request(asking.job, rows, self._model, asking.queue.room(len(rows), cut=cut, tight=tight))

    def _send(self, made: Request, rows: list[Row]) -> None:
        asking = self._asking
        try:
            gated = asking.gate.open(made.prompt, asking.job.privacy.highest)
        except AskanceError as error:
            asking.refused(rows, error, len(rows))
            return
        turn = asking.pace.went(asking.queue.fixed + sum(row.tokens for row in rows) + len(rows) * asking.queue.each)
        work = asking.ask(made, gated, asking.purse.hold(gated.prompt), turn)
        self._under_way.add(asyncio.get_running_loop().create_task(work))

    def _short(self, rows: list[Row]) -> float | None:
        """The cap does not allow that request: a smaller one may go, or this one when others took less than feared."""
        asking = self._asking
        if asking.purse.is_held:
            asking.queue.put_back(rows)
            return None
        if len(rows) == 1:
            spent, cap = dollars(asking.purse.spent), dollars(asking.job.cap or 0.0)
            rows[0].fail(f"it was not asked: {spent} are spent, and at worst it would pass the cap of {cap}")
            return 0.0
        for row in rows:
            row.size = -(-len(rows) // 2)
        asking.queue.put_back(rows)
        return 0.0
