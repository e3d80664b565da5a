"""Takes the rows of one answer as they come.

Enters: ids and answers. Leaves: rows that are done and kept; an id that nobody gave is passed over, and one that is
answered twice in two ways has no answer.
"""

from __future__ import annotations

from ..errors import BadAnswer
from ..gate.gate import Gate
from ..tokens import estimate
from .job import Job
from .kept import Known
from .queue import Queue
from .rows import Request, judged, of_text
from .sheet import Row


class Taking:
    """The answer to one request.

    Args:
        request: its rows.
        job: what was asked.
        gate: what answers pass.
        known: keeps them.
        queue: learns how long answers are.
    """

    def __init__(self, request: Request, job: Job, gate: Gate, known: Known, queue: Queue) -> None:
        self._request = request
        self._job, self._gate, self._known, self._queue = job, gate, known, queue
        self._said: dict[str, object] = {}

    def take(self, id_: str, answer: object) -> None:
        """A whole row."""
        row = self._request.rows.get(id_)
        if row is None:
            return
        if id_ not in self._said:
            self._said[id_] = answer
            self._settle(row, answer)
        elif self._said[id_] != answer or type(self._said[id_]) is not type(answer):
            if row.state == "done":
                self._known.forget(row)
            row.again("it was answered twice, in two ways")

    def take_whole(self, text: str) -> None:
        """All words of an answer to one row alone."""
        row = self._request.rows[""]
        try:
            self._settle(row, of_text(self._job, text))
        except BadAnswer as error:
            row.wrong = str(error)

    def _settle(self, row: Row, answer: object) -> None:
        try:
            value, kept = judged(self._gate, self._job, answer)
        except BadAnswer as error:
            row.wrong = str(error)
            return
        row.answer(value, kept)
        self._queue.measured(estimate(kept))
        self._known.keep(row)
