"""One request of a job, from the gate to the rows it brings.

Enters: a request. Leaves: rows that have an answer; the others go back to the queue, in smaller company, or have failed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from ..errors import (
    AskanceError,
    AuthError,
    BrokenStream,
    ConfigError,
    ProviderError,
    RateLimited,
    UnknownModel,
    Unreachable,
)
from ..gate.gate import Gate
from ..gate.outbox import Asked, Outbox
from ..prompt import size
from ..providers.base import Provider
from ..providers.hearing import hearing
from ..reception import Reception
from ..records import GatedPrompt, Item, Ledger, Redaction, Usage
from ..tokens import estimate
from .job import Job
from .kept import Known
from .lines import Lines
from .pace import LONGEST_ASKED, Pace, Turn
from .purse import Held, Purse
from .queue import Queue
from .rows import Request
from .sheet import SOURCE, Row, Sheet
from .taking import Taking

ALONE = 3
"""Times that a row is asked for alone before it has failed."""

BREAKS = 6
"""Streams that may break for a row alone before it has failed: in company, another may be what breaks them."""

REFUSALS = 3
"""Requests that a server refuses, where it has answered none yet, before a job gives up."""

TRIES = 3
"""Waits for a server that nobody has reached yet, before a job gives up."""

HOPELESS = (AuthError, ConfigError, RateLimited, UnknownModel)
"""Faults that no other request of the job will be spared."""


@dataclass(kw_only=True)
class Asking:
    """What the requests of a job have in common.

    Attributes:
        stopped: what ended the job before its end, None while nothing did.
    """

    job: Job
    sheet: Sheet
    queue: Queue
    known: Known
    pace: Pace
    purse: Purse
    provider: Provider
    gate: Gate
    outbox: Outbox
    clock: Callable[[], float]
    stopped: AskanceError | None = None
    refusals: int = field(default=0, init=False)

    async def ask(self, request: Request, gated: GatedPrompt, held: Held, turn: Turn) -> None:
        """Send a request, take its rows, and see to those that are missing.

        Args:
            request: the rows.
            gated: the same as it leaves.
            held: the money set apart for it.
            turn: when it went.
        """
        reception = Reception(self.clock, self.clock())
        fault: AskanceError | None = BrokenStream("it was stopped")
        self.sheet.requests += 1
        try:
            await self._receive(gated, request, reception)
            fault = None
        except AskanceError as error:
            fault = error
        finally:  # also if it is stopped
            self._pay(gated, held, turn, reception, fault)
        missing = [row for row in request.rows.values() if row.state == "waiting"]
        if len(missing) < len(request.rows):
            self.pace.well(turn)
            self.sheet.remark = ""
        if fault is None:
            self.queue.company(len(request.rows), len(request.rows) - len(missing))
            self._unanswered(missing, len(request.rows), reception)
        elif isinstance(fault, ProviderError) and fault.passing:
            self._wait(missing, fault, turn, len(request.rows))
        else:
            self.refused(missing, fault, len(request.rows))

    async def _receive(self, gated: GatedPrompt, request: Request, reception: Reception) -> None:
        taking = Taking(request, self.job, self.gate, self.known, self.queue)
        lines = Lines()
        with self.outbox.sending(self._asked(request, gated)), hearing(self.pace.heard):
            async with aclosing(self.provider.stream(gated)) as chunks:  # type: ignore[type-var]
                async for piece in reception.texts(chunks):
                    for id_, answer in () if request.alone else lines.feed(piece):
                        taking.take(id_, answer)
        if reception.end is None:
            raise BrokenStream("the answer broke off before its end")
        cut = reception.end.reason == "length"
        if request.alone and (not cut or self.queue.is_all(gated.prompt.max_output)):
            taking.take_whole(reception.text)  # a cut one too, as for any ask, if there is no more room to be had

    def _asked(self, request: Request, gated: GatedPrompt) -> Asked:
        """What is noted of it: the rows are one item of the ledger."""
        own = tuple(one for row in request.rows.values() for one in row.redactions)
        text = "\n".join(row.safe for row in request.rows.values())
        tokens = sum(row.tokens for row in request.rows.values())
        item = Item(
            source=SOURCE,
            name=self.job.name or "values",
            level="full",
            tokens=tokens,
            score=1.0,
            parts={},
            why=f"{len(request.rows):,} rows given to ask.map",
            fingerprint=blake2b(text.encode(), digest_size=8).hexdigest(),
            status="redacted" if own else "sent",
            text=text,
            facts={"rows": len(request.rows)},
            redactions=own,
            privacy=self.job.privacy.highest,
        )
        rest = tuple(replace(one, where="the message") for one in gated.redactions)
        known = {one.placeholder for one in own}
        found: tuple[Redaction, ...] = (*own, *(one for one in rest if one.placeholder not in known))
        ledger = Ledger(items=(item,), budget=tokens + self.queue.fixed, tokens=tokens + self.queue.fixed)
        return Asked(id=self.job.id, model=self.job.model, ledger=ledger, redactions=found)

    def _pay(
        self, gated: GatedPrompt, held: Held, turn: Turn, reception: Reception, fault: AskanceError | None
    ) -> None:
        usage, counted = reception.usage, True
        if fault is not None and not reception.pieces and not isinstance(fault, BrokenStream):
            usage = Usage()  # it was refused, or reached nobody
        elif reception.end is None or not usage.input:
            counted = False
            usage = Usage(input=size(gated.prompt), output=estimate(reception.text))
        self.sheet.pay(self.purse.pay(held, usage, counted=counted), usage)
        turn.tokens = usage.input + usage.output

    def _unanswered(self, missing: Sequence[Row], asked: int, reception: Reception) -> None:
        cut = reception.end is not None and reception.end.reason == "length"
        for row in missing:
            row.tries += asked == 1
            row.was_cut = cut
            row.size = 1 if asked <= 4 else -(-asked // 4)
            row.wrong = row.wrong or ("the answer was cut at its size limit" if cut and asked == 1 else "")
        self._again(missing, lambda row: row.wrong or "the model gave no answer to it")

    def _wait(self, missing: Sequence[Row], fault: ProviderError, turn: Turn, count: int) -> None:
        any_came = len(missing) < count
        asked = fault.wait if isinstance(fault, RateLimited) else None
        if not any_came or isinstance(fault, RateLimited):
            self.pace.limited(turn, asked)
            self.sheet.remark = fault.message
        nobody = isinstance(fault, Unreachable) and self.pace.waits > TRIES and not self._answers
        if self.pace.spent or nobody or (asked or 0.0) > LONGEST_ASKED:
            self.stopped = self.stopped or fault
        if isinstance(fault, BrokenStream):
            for row in missing:  # one of them may be what breaks it
                row.breaks += count == 1
                row.size = max(1, len(missing) if any_came else -(-len(missing) // 2))
        self._again(missing, lambda _row: fault.message)

    def refused(self, missing: Sequence[Row], fault: AskanceError, asked: int) -> None:
        """Rows that the gate or the server would not have, whatever the pace.

        Args:
            missing: the rows that have no answer.
            fault: what was said.
            asked: rows of the request.
        """
        self.refusals += isinstance(fault, ProviderError)
        if isinstance(fault, HOPELESS) or (self.refusals >= REFUSALS and not self._answers):
            self.stopped = self.stopped or fault
        for row in missing:  # it may be one of them alone
            row.size = max(1, asked // 2)
            row.tries += ALONE if asked == 1 else 0
        self._again(missing, lambda _row: fault.message)

    @property
    def _answers(self) -> bool:
        """Whether the model has answered a row of this job."""
        return any(row.state == "done" and not row.known for row in self.sheet.rows)

    def _again(self, rows: Sequence[Row], why: Callable[[Row], str]) -> None:
        for row in rows:
            if row.tries >= ALONE or row.breaks >= BREAKS:
                row.fail(why(row))
        self.queue.put(row for row in rows if row.state == "waiting")
