"""Rows that wait, and how many of them a request takes.

Enters: rows. Leaves: batches of them, within the sizes of the model.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from ..providers.registry import Limits
from ..tokens import MARKS, estimate
from .job import Job
from .rows import SYSTEM
from .sheet import Row

AROUND_ROW = 16
"""Tokens of an answer's line besides the answer."""

USUAL = 36
"""Tokens of an answer, before any has come."""

FORM = 140
"""Tokens of what we say about the form of the answers."""

IN_VAIN = 2
"""Requests for several rows, one after the other, that bring not one of them: this model answers no lines, so from then on
it is asked for each row alone."""

SLACK = 1024
EACH = 400
"""Room for an answer in tokens, where nobody says how long one may be: so much and so much for each row. Thinking counts."""


class Queue:
    """Rows in their order; those that are asked again go to the end.

    Attributes:
        fixed: tokens of a request without its rows.
    """

    def __init__(self, job: Job, limits: Limits, rows: Iterable[Row]) -> None:
        """
        Args:
            job: what is asked.
            limits: the model's sizes.
            rows: what waits.
        """
        self._job = job
        self._limits = limits
        self._rows = deque(rows)
        schema = estimate(job.schema.text) if job.schema is not None else 0
        self.fixed = estimate(SYSTEM) + estimate(job.prompt) + schema + FORM + 2 * MARKS
        self._most = job.batch
        self._in_vain = 0
        self._output, self._answers = float(min(USUAL + schema // 4, 200)), 1

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def each(self) -> int:
        """Tokens that the answer to a row takes, with its line: as the user says, or as they were so far."""
        own = self._job.max_output if self._job.max_output is not None else self._output / self._answers
        return int(own) + AROUND_ROW

    def measured(self, tokens: int) -> None:
        """An answer took so much."""
        if self._answers == 1:
            self._output /= 2  # the first that is real counts more than the guess
        self._output, self._answers = self._output + tokens, self._answers + 1

    def company(self, rows: int, came: int) -> None:
        """A request for several rows has come to its end.

        Args:
            rows: that were in it.
            came: of these.
        """
        if rows > 1:
            self._in_vain = 0 if came else self._in_vain + 1
        if self._in_vain >= IN_VAIN:
            self._most = 1

    def put(self, rows: Iterable[Row]) -> None:
        """Rows that are to be asked again."""
        self._rows.extend(rows)

    def put_back(self, rows: Sequence[Row]) -> None:
        """Rows that could not be asked yet."""
        self._rows.extendleft(reversed(rows))

    def take(self) -> list[Row]:
        """The rows of the next request; none if none wait."""
        rows: list[Row] = []
        size, tokens = self._most, 0
        while self._rows:
            row = self._rows[0]
            size = min(size, row.size)
            tokens += row.tokens
            full = (
                len(rows) >= size
                or tokens > self._room_for_rows
                or (len(rows) + 1) * self.each > self._limits.max_output
            )
            if rows and full:
                break
            rows.append(self._rows.popleft())
        return rows

    def too_long(self, row: Row) -> str:
        """Why a row cannot be asked even alone; "" if it can."""
        tokens, window = self.fixed + row.tokens, self._limits.window
        if tokens + min(64, self._limits.max_output) <= window:
            return ""
        return f"it is too long: about {tokens:,} tokens, where the model takes {window:,}"

    def room(self, count: int, *, cut: bool, tight: bool) -> int:
        """Room for the answer to a request.

        Args:
            count: its rows.
            cut: whether an answer to one of them was cut at its end.
            tight: whether room costs money, even if it is not used.
        """
        own = self._job.max_output
        if own is not None:
            alone = own if self._job.schema is None else self.each
            return min(self._limits.max_output, alone if count == 1 else count * self.each)
        if cut:
            return self._limits.max_output
        return min(self._limits.max_output, 128 + 2 * count * self.each if tight else SLACK + EACH * count)

    @property
    def _room_for_rows(self) -> int:
        return max(1, min(self._limits.budget, self._limits.window - self._limits.max_output) - self.fixed)

    def is_all(self, room: int) -> bool:
        """Whether there is no more room for an answer than that."""
        return self._job.max_output is not None or room >= self._limits.max_output
