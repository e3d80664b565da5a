"""What a batch is made of: the requests of a job, by id, as many as one batch takes.

Enters: rows. Leaves: groups of requests that passed the gate; rows that cannot be asked have failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..gate.gate import Gate
from ..gate.outbox import Asked
from ..providers.batches import MOST_BYTES, MOST_REQUESTS, PRICE
from ..records import GatedPrompt, Item, Ledger
from .estimate import dollars
from .job import Job
from .purse import Purse, most_tokens, worst
from .queue import Queue
from .rows import Request, request
from .sheet import SOURCE, Row

Group = Mapping[str, tuple[Request, GatedPrompt]]
"""Request's id -> the request, and as it leaves."""


def groups(job: Job, queue: Queue, gate: Gate, model: str) -> Iterator[Group]:
    """A job's requests, batch by batch. Blocking: all of them pass the gate.

    Args:
        job: what is asked.
        queue: the rows.
        gate: what they pass.
        model: the model's name as its server knows it.

    Raises:
        UsageError: there is a cap, but no known price.
        GateError: the gate failed.
    """
    group: dict[str, tuple[Request, GatedPrompt]] = {}
    held = 0
    for number, (asked, gated) in enumerate(_requests(job, queue, gate, model)):
        more = most_tokens(gated.prompt)  # as many as its bytes
        if group and (len(group) >= MOST_REQUESTS or held + more > MOST_BYTES):
            yield group
            group, held = {}, 0
        group[f"r{number}"] = (asked, gated)
        held += more
    if group:
        yield group


def _requests(job: Job, queue: Queue, gate: Gate, model: str) -> Iterator[tuple[Request, GatedPrompt]]:
    Purse(job.model, job.cap)  # where there is a cap, the price has to be known
    spent = 0.0
    while rows := queue.take():
        if why := queue.too_long(rows[0]) if len(rows) == 1 else "":
            rows[0].fail(why)
            continue
        asked = request(job, rows, model, queue.room(len(rows), cut=False, tight=job.cap is not None))
        gated = gate.open(asked.prompt, job.privacy.highest)
        cost = PRICE * (worst(job.model, most_tokens(gated.prompt), gated.prompt.max_output) or 0.0)
        if job.cap is not None and spent + cost > job.cap:
            for row in rows:
                row.fail(f"it was not asked: at worst the batch would pass the cap of {dollars(job.cap)}")
            continue
        spent += cost
        yield asked, gated


def noted(job: Job, group: Group) -> Asked:
    """What leaves with a batch, as the ledger tells it: all of its rows are one item."""
    rows: Sequence[Row] = [row for asked, _ in group.values() for row in asked.rows.values()]
    redactions = tuple(one for _, gated in group.values() for one in gated.redactions)
    own = tuple(one for row in rows for one in row.redactions)
    tokens = sum(row.tokens for row in rows)
    item = Item(
        source=SOURCE,
        name=job.name or SOURCE,
        level="full",
        tokens=tokens,
        score=1.0,
        parts={},
        why=f"{len(rows):,} rows given to ask.map, in a batch of {len(group):,} requests",
        fingerprint="",
        status="redacted" if own else "sent",
        text="\n".join(row.safe for row in rows),
        facts={"rows": len(rows)},
        redactions=own,
        privacy=job.privacy.highest,
    )
    return Asked(id=job.id, model=job.model, ledger=Ledger(items=(item,), tokens=tokens), redactions=own or redactions)
