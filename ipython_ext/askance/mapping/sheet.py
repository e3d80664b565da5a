"""All rows of a job, and what became of each.

Enters: the values, as a gate lets them leave. Leaves: rows to ask for, and at last a `Mapped`. Rows equal in value are one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, Literal

from ..errors import UsageError
from ..gate.gate import Gate, Passage
from ..records import Redaction, Usage
from ..records.privacy import SAMPLES, STATISTICS
from ..secret_names import looks_secret
from ..tokens import estimate
from .job import Job
from .results import Mapped
from .values import as_json, dumped

FORMAT = 1
"""Raised when the meaning of a row's key or of what is kept under it changes."""

SOURCE = "values"
"""What the ledger calls the rows of a job."""


@dataclass(eq=False, repr=False)
class Row:
    """One value, wherever it stands in the column.

    Attributes:
        key: names its answer in the cache.
        places: where it stands.
        safe: the value as JSON, as it may leave.
        tokens: about how many that takes in a request.
        redactions: what was replaced in it.
        size: rows that a request with this one may take.
        tries: requests for it alone that brought no answer.
        breaks: streams for it alone that broke before it came.
        was_cut: whether the last answer was cut at its size limit.
        wrong: what was wrong with the last answer.
        state: whether it has an answer, has failed for good, or neither yet.
        value: the answer.
        kept: the answer as it is kept: JSON where a schema was asked for, else text; with the gate's placeholders.
        error: one line, if it has failed.
        known: the cache tier that the answer came from, "" if the model gave it.
    """

    key: str
    safe: str
    tokens: int
    redactions: tuple[Redaction, ...]
    size: int
    places: list[int] = field(default_factory=list)
    tries: int = 0
    breaks: int = 0
    was_cut: bool = False
    wrong: str = ""
    state: Literal["waiting", "done", "failed"] = "waiting"
    value: Any = None
    kept: str = ""
    error: str = ""
    known: str = ""

    @property
    def plain(self) -> str:
        """The value as it may leave, for a request of its own: a text as it is, anything else as JSON."""
        value = json.loads(self.safe)
        return value if isinstance(value, str) else self.safe

    def answer(self, value: object, kept: str, known: str = "") -> None:
        """It has its answer."""
        self.state, self.value, self.kept, self.known, self.error = "done", value, kept, known, ""

    def fail(self, why: str) -> None:
        """It has no answer, and will get none."""
        self.state, self.error = "failed", why

    def again(self, why: str) -> None:
        """Its answer, if it had one, does not count."""
        self.state, self.value, self.kept, self.wrong = "waiting", None, "", why


class Sheet:
    """The rows of a job.

    Attributes:
        rows: one for each value.
        count: values in the column, equal ones counted each.
        usage: what the providers counted, all requests together, in tokens.
        cost: what was spent, in US dollars; None if the price is not known.
        requests: that were sent, tries that failed included.
        price: what the job would cost, in words; "" while that is not known.
        remark: a word on what is waited for; "" for nothing.
    """

    def __init__(self, rows: Sequence[Row], count: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rows = rows
        self.count = count
        self.usage = Usage()
        self.cost: float | None = 0.0
        self.requests = 0
        self.price = ""
        self.remark = ""
        self._clock = clock
        self._began = clock()

    @property
    def waiting(self) -> list[Row]:
        """The rows that have neither an answer nor an error."""
        return [row for row in self.rows if row.state == "waiting"]

    def pay(self, cost: float | None, usage: Usage) -> None:
        """A request has come to its end.

        Args:
            cost: US dollars, None if the price is not known.
            usage: what it took.
        """
        self.cost = None if cost is None or self.cost is None else self.cost + cost
        self.usage += usage

    @property
    def failed(self) -> int:
        """Values that have an error."""
        return sum(len(row.places) for row in self.rows if row.state == "failed")

    @property
    def settled(self) -> int:
        """Values that have an answer or an error."""
        return sum(len(row.places) for row in self.rows if row.state != "waiting")

    @property
    def cached(self) -> int:
        """Values whose answer was known."""
        return sum(len(row.places) for row in self.rows if row.known)

    def mapped(self) -> Mapped:
        """What became of all, in the order of the values."""
        results: list[Any] = [None] * self.count
        errors: dict[object, str] = {}
        for row in self.rows:
            for place in row.places:
                results[place] = row.value
                if row.state != "done":
                    errors[place] = row.error or "it was not asked"
        return Mapped(
            results,
            errors=dict(sorted(errors.items(), key=lambda one: one[0])),  # type: ignore[arg-type, return-value]
            usage=self.usage,
            cost=self.cost,
            requests=self.requests,
            cached=self.cached,
            seconds=self._clock() - self._began,
        )


def sheet_of(gate: Gate, job: Job, values: Iterable[object], base_url: str = "") -> Sheet:
    """The rows of a column, as they may leave. Blocking; runs none of the values' own code.

    Args:
        gate: what the values pass.
        job: what is asked.
        values: the column.
        base_url: the server, where it is not the provider's own.

    Raises:
        UsageError: the column must not leave, or a value has no end.
        GateError: the gate failed.
    """
    _check_name(job)
    level = job.privacy.highest
    passed, where = gate.passage(), f"{SOURCE}:{job.name or 'values'}"
    rows: dict[str, Row] = {}
    count = 0
    for place, value in enumerate(values):
        text = as_json(value, level)
        if text not in rows:
            safe, found = _safe(text, passed, where, level)
            key = _key(job, level, base_url, text)
            rows[text] = Row(key, safe, estimate(safe) + 12, tuple(found), job.batch)
        rows[text].places.append(place)
        count += 1
    return Sheet(list(rows.values()), count)


def _check_name(job: Job) -> None:
    name = job.name
    if not name:
        return
    hint = "To ask about its values all the same, pass them without that name: list(values)"
    if job.privacy.forbids("variables", name) or job.privacy.forbids(SOURCE, name):
        raise UsageError(f"{name!r} is set to never leave", "Take it out of %config Askance.never first.")
    if looks_secret(name):
        raise UsageError(f"The values of {name!r} are secrets by their name, so nothing was sent", hint)
    if replace(job.privacy, most=None).of("variables", name, usual=SAMPLES) < STATISTICS:
        raise UsageError(f"{name!r} is set to tell no values", "Raise its level in %config Askance.levels first.")


def _safe(text: str, passed: Passage, where: str, level: int) -> tuple[str, list[Redaction]]:
    """A value's JSON as it may leave; a text is looked at as the text it is."""
    value = json.loads(text)
    if isinstance(value, str):
        safe, found = passed(value, where, level)
        return dumped(safe), found
    safe, found = passed(text, where, level)
    try:
        return dumped(json.loads(safe)), found
    except ValueError:  # a number was replaced by a word
        return dumped(safe), found


def _key(job: Job, level: int, base_url: str, text: str) -> str:
    schema = job.schema.text if job.schema is not None else None
    parts = [
        "map",
        FORMAT,
        job.model,
        base_url,
        job.prompt.strip(),
        schema,
        job.temperature,
        job.max_output,
        level,
        text,
    ]
    return blake2b(json.dumps(parts, ensure_ascii=True).encode(), digest_size=20).hexdigest()
