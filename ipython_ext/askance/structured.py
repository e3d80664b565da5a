"""An answer as an object: asks for JSON, validates it, and asks once more if it does not fit.

Enters: an ask of the form "json" and its schema. Leaves: an `Answer` whose `value` is the object; the repair, if there was
one, is no turn of its own: the thread holds the question and the answer that counts.
"""

from __future__ import annotations

from dataclasses import replace

from .errors import AskanceError, BadAnswer
from .fences import fenced
from .records import Answer, Ask, Emit, Event, LedgerReady, TextDelta, nobody
from .schema import Schema
from .session import Session
from .threads.transcript import Transcript
from .tools.base import Hands

REPAIR = "#repair"
"""What follows the cell's id, or the ask's, for the second round."""


async def answer_as(
    session: Session, ask: Ask, schema: Schema, emit: Emit = nobody, hands: Hands | None = None
) -> Answer:
    """Ask, validate, and have it put right once.

    Args:
        session: which is asked.
        ask: its form is "json", its schema that of `schema`.
        schema: what the answer has to fit.
        emit: is told what happens; the ledger once, the text of both rounds with a line between them.
        hands: what a front end does for tools; None where there is none.

    Returns:
        The answer with its `value`; the usage and the price of both rounds. One that does not fit after the second has
        `ended` "error" and says in `notice` what is wrong: `checked` raises it.

    Raises:
        AskanceError: nothing arrived; the one line says why.
    """
    shown = _JsonShown(emit)
    first = await session.answer(ask, shown, hands)
    problem, answer = _judged(first, schema)
    if problem and first.ended != "length":  # one that was cut would be cut again
        answer = await _repaired(session, ask, problem, first, schema, emit, shown.ending)
    elif problem:
        answer = _unfit(first, f"{problem} at its size limit; --max-output gives it more room")
    session.last = answer
    return answer


async def _repaired(
    session: Session, ask: Ask, problem: str, first: Answer, schema: Schema, emit: Emit, ending: str
) -> Answer:
    """The second round; the first answer if nothing comes of it."""
    emit(TextDelta(f"{ending}\n\n*That does not fit: {_plain(problem)}. Asking once more.*\n\n"))
    again = replace(
        ask,
        question=f"Your answer does not fit the JSON schema: {problem}. Answer again, with the whole value.\n\n{ask.question}",
        cell=f"{ask.cell or ask.id}{REPAIR}",
        tools=(),  # what was looked up has been said; and nothing is done twice
    )
    try:
        second = await session.answer(again, _without_ledger(_JsonShown(emit)))
    except AskanceError as error:
        return _unfit(first, f"{problem}, and asking once more failed: {error.message}")
    if not second.text:
        return replace(first, complete=False, ended=second.ended, notice=second.notice)
    _settle(session.transcript, ask, again)
    session.keep_threads()
    problem, answer = _judged(_together(first, second), schema)
    return _unfit(answer, problem) if problem else answer


class Structured:
    """A session whose answers are objects."""

    def __init__(self, session: Session, schema: Schema) -> None:
        self.loop = session.loop
        self._session = session
        self._schema = schema

    async def answer(self, ask: Ask, emit: Emit = nobody, hands: Hands | None = None) -> Answer:
        """`answer_as` with its schema."""
        return await answer_as(self._session, ask, self._schema, emit, hands)


def checked(answer: Answer) -> Answer:
    """The answer of `answer_as`, if it fits, or was stopped, or broke off.

    Raises:
        BadAnswer: it does not fit, though it reached its end.
    """
    if answer.complete and answer.ended == "error":
        raise BadAnswer(answer.notice.rstrip("."), "Ask again, or ask a larger model with -m.", answer)
    return answer


def _unfit(answer: Answer, problem: str) -> Answer:
    return replace(answer, ended="error", notice=f"The answer does not fit: {problem}")


def _judged(answer: Answer, schema: Schema) -> tuple[str, Answer]:
    """What is wrong with it, "" if it fits or is not whole anyway; and the answer, with its object if it fits."""
    if not answer.complete:
        return "", answer
    try:
        value = schema.validate(answer.text)
    except BadAnswer as error:
        return str(error), answer
    return "", replace(answer, value=value, text=_fenced(answer.text), shown=_fenced(answer.shown))


def _fenced(text: str) -> str:
    return fenced(text.strip(), "json") if _is_bare(text) else text


def _together(first: Answer, second: Answer) -> Answer:
    """Both rounds as one answer, with what both took."""
    return replace(
        second,
        question=first.question,
        ledger=first.ledger,
        cached=second.cached if first.cached else None,
        tools=first.tools,
        usage=first.usage + second.usage,
        cost=None if first.cost is None or second.cost is None else first.cost + second.cost,
        timing=replace(
            first.timing, first_text=first.timing.first_text, total=first.timing.total + second.timing.total
        ),
    )


def _settle(transcript: Transcript, ask: Ask, again: Ask) -> None:
    """One turn in place of two: the question as it was asked, and the answer that counts."""
    turns = transcript.threads().get(ask.thread, ())
    if not turns or turns[-1].cell != again.cell:
        return  # it was stopped, or another ask came after it
    transcript.rewind(ask.thread, len(turns) - 1)
    place = len(transcript.before(ask))
    if place < len(turns) - 1:
        transcript.add(ask, replace(turns[place], answer=turns[-1].answer))


class _JsonShown:
    """Passes events on, with bare JSON as a code block, so that a view does not take it for Markdown.

    Attributes:
        ending: what closes that block.
    """

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._begun = False
        self.ending = ""

    def __call__(self, event: Event) -> None:
        """Pass on one event."""
        if isinstance(event, TextDelta) and not self._begun and event.text.strip():
            self._begun = True
            if _is_bare(event.text):
                self.ending = "\n```"
                event = TextDelta(f"```json\n{event.text}")
        self._emit(event)


def _is_bare(text: str) -> bool:
    """Whether a text begins with JSON, and not with a fence or with words."""
    return text.lstrip().startswith(("{", "[", '"'))


def _without_ledger(emit: Emit) -> Emit:
    return lambda event: None if isinstance(event, LedgerReady) else emit(event)


def _plain(text: str) -> str:
    """A problem as it may stand between asterisks."""
    return text.replace("*", " ").replace("`", "'").replace("_", "\\_").replace("<", " ")
