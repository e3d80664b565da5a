"""What became of a batch's requests, row by row.

Enters: replies in any order. Leaves: rows with answers, kept; rows with errors; all others still wait.
"""

from __future__ import annotations

from ..gate.gate import Gate
from ..gate.placeholders import PATTERN
from ..providers import prices
from ..providers.batches import PRICE, Reply
from ..records import Prompt
from .batch_records import Record
from .job import Job
from .kept import Known
from .lines import objects
from .queue import Queue
from .rows import Request
from .sheet import Row, Sheet
from .taking import Taking

LATER = "the same ask.map(...) hands it over in a new batch"

_GONE = Prompt(model="", system="", messages=())
"""What was asked is not kept; for reading the answer nobody needs it."""


class Results:
    """Takes the replies of one batch."""

    def __init__(self, job: Job, sheet: Sheet, gate: Gate, known: Known, queue: Queue, record: Record) -> None:
        """
        Args:
            job: what is asked.
            sheet: its rows.
            gate: knows what its own placeholders stand for.
            known: keeps answers, also those to rows that this job does not ask for: they are paid for.
            queue: learns how long answers are.
            record: what was in the batch.
        """
        self._job, self._sheet, self._gate, self._known, self._queue = job, sheet, gate, known, queue
        self._rows = {row.key: row for row in sheet.rows}
        self._own = record.mark == gate.mark
        self._left = dict(record.requests)

    def take(self, reply: Reply) -> None:
        """One request's reply; a second one to the same does not count, nor does one to none."""
        named = self._left.pop(reply.id, None)
        if named is None:
            return
        cost = prices.cost(self._job.model, reply.usage) if reply.usage.input + reply.usage.output else 0.0
        self._sheet.pay(None if cost is None else PRICE * cost, reply.usage)
        rows = {id_: self._rows.get(key) or Row(key, "", 0, (), 1) for id_, key in named.items()}
        if reply.undone:
            for row in rows.values():
                row.fail(f"{reply.error}; {LATER}")
        elif not reply.error and (self._own or not PATTERN.search(reply.text)):
            # else nobody here knows what its placeholders stand for
            self._read(reply, Request(_GONE, rows))

    def _read(self, reply: Reply, request: Request) -> None:
        taking = Taking(request, self._job, self._gate, self._known, self._queue)
        if not request.alone:
            for id_, answer in objects(reply.text):
                taking.take(id_, answer)
        elif not reply.cut:
            taking.take_whole(reply.text)
