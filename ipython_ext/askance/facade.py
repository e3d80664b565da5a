"""The public functions: `ask`, `preview`, `describe`.

Enters: a question or an object. Leaves: an `Answer`, a `Ledger`, a text. In a notebook they use the kernel's own
session; anywhere else, one for the current folder.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import AskanceError, UsageError

if TYPE_CHECKING:  # the session is imported when one is made, so that `use` costs nothing while a kernel loads us
    from .records import Answer, Ask, Ledger, Level
    from .session import Session
    from .structured import Structured

T = TypeVar("T")

_lock = threading.Lock()
_kernel_session: Callable[[], Session] | None = None
_kernel_cell: Callable[[], tuple[str | None, bool]] | None = None
_kernel_follow: Callable[[Session | Structured, Ask], Answer] | None = None
_own_session: Session | None = None


def use(
    session: Callable[[], Session] | None,
    cell: Callable[[], tuple[str | None, bool]] | None = None,
    follow: Callable[[Session | Structured, Ask], Answer] | None = None,
) -> None:
    """Which session the public functions use from now on: the kernel's, given lazily, or None for one of their own.

    Args:
        session: gives the session.
        cell: gives the id of the running cell's next ask, and whether that bypasses the cache.
        follow: asks where cells run, and does there what tools need.
    """
    global _kernel_session, _kernel_cell, _kernel_follow  # noqa: PLW0603  one kernel, one session
    _kernel_session, _kernel_cell, _kernel_follow = session, cell, follow


def current() -> Session:
    """The session that a question asked now goes to."""
    global _own_session  # noqa: PLW0603
    if _kernel_session is not None:
        return _kernel_session()
    with _lock:
        if _own_session is None:
            from .session import Session

            _own_session = Session.for_project(Path.cwd())
        return _own_session


def _plainly(work: Callable[[], T]) -> T:
    """Errors name the caller's line and say what to do; the way they took through our rooms helps nobody."""
    try:
        return work()
    except AskanceError as error:
        raise error.with_traceback(None) from None


class _Asker:
    """`ask(question)` asks a model about your notebook; `ask.map(prompt, values)` asks one thing about many values."""

    def __call__(self, question: str, *, json: object = None, code: bool = False, **options: Any) -> Answer:
        """Ask a model about your notebook and wait for the answer.

        Args:
            question: your words; `@name` pins a variable, a file, `@cell[12]`, `@git` or `@err`.
            json: what the answer has to be, as an object in `.value`: a pydantic model, a dataclass, a type, a JSON schema
                as a dict, or the path of a .json file that holds one.
            code: the answer is to be code alone.
            options: model, thread, context, budget, privacy, fresh, replay, temperature, max_output, tools (True, False or
                names), allow (names): as the flags of `%%ask`.

        Returns:
            The answer: `.text .code .blocks .value .ledger .usage .timing .cached .complete`. It is not complete if it was
            stopped or broke off; then `.notice` says why.

        Raises:
            AskanceError: one line that says what happened and what to type next; `BadAnswer` if it does not fit `json`.
        """
        return _plainly(lambda: _ask(question, json, {"form": "code" if code else None, **options}))

    def map(
        self,
        prompt: str,
        values: Any,
        *,
        batch: int = 20,
        concurrency: int = 8,
        schema: object = None,
        cap: float | None = None,
        dry: bool = False,
        **options: Any,
    ) -> Any:
        """Ask the same about each value of a column, several rows a request, and wait for all answers.

        An interrupt keeps what had come: the same call again asks for the rest alone. Nothing of the notebook goes along
        but the values; below `privacy=3` addresses of mail, telephone numbers and the like in them are replaced.

        Args:
            prompt: your words, sent as they are: nothing is put into them.
            values: a Series of pandas or polars, a numpy array, a list or a generator; for columns larger than this machine a
                Dask Series, a pandas-on-Spark Series or `(spark_frame, "column")`, which stay lazy.
            batch: rows a request takes at most.
            concurrency: requests under way at once, at most; fewer when the server asks for it.
            schema: what each answer has to be: as `json` of `ask`. Without it, answers are texts.
            cap: US dollars that no request may pass, whatever comes back.
            dry: give an estimate of rows, requests, tokens and cost, and send nothing.
            options: model, temperature, privacy, fresh, replay as for `ask`; max_output (room for one row's answer, in
                tokens), tokens_per_minute, progress=False for no bar, batch_api=True for the provider's own batches (cheaper,
                later), errors=True for a frame of results and errors (Dask and Spark).

        Returns:
            For a Series, a Series with the same index and name, whose `.attrs["askance"]` (of polars: `.askance`) tells errors and cost; else
            a list with `.errors .usage .cost .requests .cached .seconds`. A row that failed is None and has its error there.

        Raises:
            AskanceError: nothing came, or the estimate is above the cap; one line.
        """
        from .mapping.entry import map_column

        own: dict[str, Any] = {"batch": batch, "concurrency": concurrency, "schema": schema, "cap": cap, "dry": dry}
        return _plainly(lambda: map_column(current(), prompt, values, **own, **options))

    def cancel_batch(self, batch: str) -> str:
        """End a batch that `ask.map(..., batch_api=True)` handed over. What was answered before is not lost.

        Args:
            batch: its id, as the line of the interrupt says it.

        Returns:
            One line on what becomes of it.

        Raises:
            AskanceError: there is no such batch, or its server could not be told; one line.
        """
        from .mapping.batch_api import cancel

        return _plainly(lambda: current().loop.run(cancel(current(), batch)))

    def __repr__(self) -> str:
        return "<ask: type ask? for help>"

    def __reduce__(self) -> str:
        return "ask"


ask = _Asker()


def _ask(question: str, json: object, options: dict[str, Any]) -> Answer:
    session = current()
    cell, fresh = _kernel_cell() if _kernel_cell is not None else (None, False)
    options = {"cell": cell, "fresh": fresh or None, **options}
    if json is None:
        return _followed(session, session, question, options)
    from .schema import schema_of
    from .structured import Structured, checked

    if options["form"]:
        raise UsageError("code and json do not go together", "An answer is one or the other.")
    schema = schema_of(json)
    own = {**options, "form": "json", "schema": schema.text}
    return checked(_followed(session, Structured(session, schema), question, own))


def _followed(session: Session, answering: Session | Structured, question: str, options: dict[str, Any]) -> Answer:
    ask = session.make_ask(question, hands=_kernel_follow is not None, **options)
    if ask.tools and _kernel_follow is not None:
        return _kernel_follow(answering, ask)
    return session.loop.run(answering.answer(ask))


def preview(question: str, **options: Any) -> Ledger:
    """What would be sent along with a question, without sending it.

    Args:
        question: your words.
        options: as for `ask`.

    Returns:
        The ledger: `.items .budget .tokens .notes .to_dict()`.
    """
    return _plainly(lambda: current().preview(question, **options))


def describe(obj: object, level: Level = "outline", privacy: int = 2) -> str:
    """What a model would see of an object.

    Args:
        obj: anything; an unknown type is described by its name alone unless it has `_repr_ask_(self, level)`.
        level: "name", "outline", "excerpt" or "full".
        privacy: 0 names, 1 schema, 2 statistics, 3 samples.
    """
    from .sources.describe import describe as describe_object

    return describe_object(obj, level, privacy)
