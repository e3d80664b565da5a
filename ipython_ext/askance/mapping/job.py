"""What `ask.map` was asked to do, as one frozen value.

Enters: a prompt and options. Leaves: a `Job`, all of it plain enough to go to another process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any
from uuid import uuid4

from ..errors import UsageError
from ..records import Privacy
from ..schema import Schema, schema_of
from ..session import Session


@dataclass(frozen=True, kw_only=True)
class Job:
    """One prompt over many values.

    Attributes:
        prompt: the user's words, kept byte for byte; they stand once in each request.
        model: the full model name.
        batch: rows a request takes at most; their sizes may make it fewer.
        concurrency: requests under way at once, at most.
        shape: what an answer has to be, as `ask(json=...)` takes it; None for text.
        temperature: the sampling temperature, None for the provider's default.
        max_output: room for the answer to one row, in tokens; None to let the model's own limit decide.
        privacy: how much may leave; below level 3 personal data in the values is replaced.
        name: of the column, "" if it has none.
        cap: US dollars that all requests together may cost, None for no cap.
        tokens_per_minute: what requests and answers may take together; None for what the server says.
        fresh: ask the model for rows that are known, too.
        replay: take what is known, of any age, and ask no model.
        progress: whether a bar is shown.
        batch_api: whether the provider's own batch endpoint is used.
        id: names it in the outbox.
    """

    prompt: str
    model: str
    batch: int = 20
    concurrency: int = 8
    shape: object = field(default=None, repr=False)
    temperature: float | None = None
    max_output: int | None = None
    privacy: Privacy = field(default_factory=Privacy)
    name: str = ""
    cap: float | None = None
    tokens_per_minute: int | None = None
    fresh: bool = False
    replay: bool = False
    progress: bool = True
    batch_api: bool = False
    id: str = ""

    @cached_property
    def schema(self) -> Schema | None:
        """What each answer has to fit; None for text.

        Raises:
            UsageError: the shape is none.
        """
        return None if self.shape is None else schema_of(self.shape)

    def portable(self) -> dict[str, Any]:
        """All of it by name, for a worker's process. Nothing in it needs this one; a type of the user's travels as any
        object of theirs does (dask and spark use cloudpickle).
        """
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def of_portable(cls, given: Mapping[str, Any]) -> Job:
        """The inverse of `portable`."""
        return cls(**given)


ROWS: Mapping[str, int] = {"local": 1}
"""Rows that a model answers at once: the embedded one, with 135 million parameters, keeps to no form for several."""

_ABOVE_ZERO = ("batch", "concurrency", "max_output", "tokens_per_minute")
_OWN = ("batch", "concurrency", "cap", "tokens_per_minute", "progress", "batch_api")


def make_job(session: Session, prompt: str, schema: object = None, name: str = "", **options: Any) -> Job:
    """A job with the session's defaults filled in.

    Args:
        session: which is asked.
        prompt: the user's words.
        schema: what each answer has to be, as `ask(json=...)` takes it.
        name: of the column.
        options: fields of `Job`, or model, temperature, max_output, privacy, fresh, replay as `ask` takes them; None means
            the default.

    Raises:
        UsageError: the prompt is empty, or an option is unknown or out of range.
    """
    own = {key: options.pop(key) for key in _OWN if key in options}
    own = {key: value for key, value in own.items() if value is not None}
    max_output = options.pop("max_output", None)
    _check({**own, "max_output": max_output})
    ask = session.make_ask(prompt, **options)
    job = Job(
        prompt=prompt,
        model=ask.model,
        shape=schema,
        temperature=ask.temperature,
        max_output=max_output,
        privacy=ask.privacy,
        name=name,
        fresh=ask.fresh,
        replay=ask.replay,
        id=uuid4().hex[:12],
        **own,
    )
    _ = job.schema  # a wrong one is said at once
    return replace(job, batch=min(job.batch, ROWS.get(job.model, job.batch)))


def _check(given: Mapping[str, Any]) -> None:
    for name in _ABOVE_ZERO:
        value = given.get(name)
        if value is not None and (type(value) is not int or value < 1):
            raise UsageError(f"{name} is {value!r}", "It takes a whole number above 0.")
    cap = given.get("cap")
    if cap is not None and (type(cap) not in (int, float) or not cap >= 0):
        raise UsageError(f"cap is {cap!r}", "It takes US dollars: cap=0.50")
    for name in ("progress", "batch_api"):
        if not isinstance(given.get(name, False), bool):
            raise UsageError(f"{name} is {given[name]!r}", "It takes True or False.")
