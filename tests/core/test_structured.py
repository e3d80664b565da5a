"""Answers as objects: validated, put right once, one turn of the conversation."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from askance.errors import AskanceError, BadAnswer, RateLimited
from askance.records import Chunk, EndChunk, LedgerReady, TextChunk, TextDelta, Usage, UsageChunk
from askance.schema import schema_of
from askance.structured import answer_as, checked
from askance.testing import session_for_tests

GOOD = '{"x": 1}'
BAD = '{"x": "one"}'


@dataclass
class Point:
    """What is asked for."""

    x: int


class Model:
    """A model that says one thing after the other, the last again and again."""

    name = "model"

    def __init__(self, *answers: str | list[Chunk]) -> None:
        self.answers = list(answers)
        self.requests = []

    async def stream(self, gated):
        """The next answer."""
        self.requests.append(gated.prompt)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        whole = [TextChunk(answer), UsageChunk(Usage(input=10, output=2, cached=4)), EndChunk("stop")]
        for chunk in whole if isinstance(answer, str) else answer:
            yield chunk

    async def warm(self):
        """Nothing to prepare."""

    async def close(self):
        """Nothing to give back."""


@pytest.fixture
def asked():
    """Asks a model for a point, and gives the answer, the events, the model and the session."""
    sessions = []

    def ask(model, question="where?", session=None, **options):
        session = session or session_for_tests(provider=model)
        sessions.append(session)
        schema, events = schema_of(Point), []
        made = session.make_ask(question, form="json", schema=schema.text, **options)
        return session.loop.run(answer_as(session, made, schema, events.append)), events, session

    yield ask
    for session in set(sessions):
        session.loop.close()


def said(events):
    """The text that was shown."""
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def test_an_answer_that_fits_takes_one_round(asked):
    """Its object is the value; it is shown, and kept, as a block of code."""
    model = Model(GOOD)
    answer, events, session = asked(model)
    assert answer.value == Point(1)
    assert answer.text == f"```json\n{GOOD}\n```"
    assert said(events) == f"```json\n{GOOD}"
    assert len(model.requests) == 1
    assert checked(answer) is session.last is answer


def test_the_repair_says_what_was_wrong_and_leaves_one_turn(asked):
    """The second round goes on in the same thread, and takes the first one's place in it; both are paid for."""
    model = Model(BAD, GOOD)
    answer, events, session = asked(model, cell="c")
    assert answer.value == Point(1)
    assert answer.question == "where?"
    assert answer.usage == Usage(input=20, output=4, cached=8)
    first, second = model.requests
    assert "x: Input should be a valid integer" in second.messages[-1].content
    assert BAD in [message.content for message in second.messages]
    assert "JSON schema" in first.messages[-1].content
    (turn,) = session.transcript.turns("main")
    assert (turn.question, turn.answer, turn.cell) == ("where?", GOOD, "c")
    assert sum(isinstance(event, LedgerReady) for event in events) == 1
    assert said(events).index(BAD) < said(events).index("\n```\n\n*That does not fit") < said(events).index(GOOD)


def test_there_is_one_repair_and_no_more(asked):
    """What came last is kept with the reason; in code that is an error of one line."""
    model = Model(BAD)
    answer, _, session = asked(model)
    assert len(model.requests) == 2
    assert (answer.value, answer.ended, answer.text) == (None, "error", BAD)
    with pytest.raises(BadAnswer, match="x: Input should be a valid integer") as caught:
        checked(answer)
    assert "\n" not in str(caught.value)
    assert len(session.transcript.turns("main")) == 1
    assert session.last is answer


def test_asking_again_costs_nothing_even_after_a_repair(asked):
    """Both rounds are in the cache, and what they give is validated again."""
    model = Model(BAD, GOOD)
    _, _, session = asked(model, cell="c")
    again, _, _ = asked(model, session=session, cell="c")
    assert again.value == Point(1)
    assert again.cached == "memory"
    assert len(model.requests) == 2
    assert len(session.transcript.turns("main")) == 1


def test_a_repair_in_the_middle_of_a_conversation_stays_there(asked):
    """A cell that is run again replaces its own turn; what came after stays after it."""
    model = Model(GOOD, '{"x": 5}', BAD, '{"x": 9}')
    _, _, session = asked(model, "first", cell="a")
    asked(model, "second", session=session, cell="b")
    answer, _, _ = asked(model, "first", session=session, cell="a", fresh=True)
    assert answer.value == Point(9)
    turns = session.transcript.turns("main")
    assert [(turn.question, turn.answer) for turn in turns] == [("first", '{"x": 9}'), ("second", '{"x": 5}')]


def test_half_an_answer_is_not_put_right(asked):
    """An answer that broke off says so itself."""
    model = Model([TextChunk('{"x": '), EndChunk("stop")], [TextChunk("{")])
    answer, _, _ = asked(Model([TextChunk('{"x": 1}')]))
    assert (answer.complete, answer.value) == (False, None)
    assert checked(answer) is answer
    answer, _, _ = asked(model)
    assert len(model.requests) == 2
    assert (answer.complete, answer.value) == (False, None)


def test_what_was_cut_is_not_asked_for_again(asked):
    """It would be cut once more: one request, and a word about the limit."""
    model = Model([TextChunk('{"x": '), EndChunk("length")])
    answer, _, _ = asked(model)
    assert len(model.requests) == 1
    with pytest.raises(BadAnswer, match="breaks off at its size limit; --max-output"):
        checked(answer)


def test_a_repair_that_cannot_be_asked_for_loses_nothing(asked):
    """The first answer is kept, with both reasons."""

    class Tired(Model):
        async def stream(self, gated):
            if self.requests:
                raise RateLimited("Too many requests")
            async for chunk in super().stream(gated):
                yield chunk

    answer, _, session = asked(Tired(BAD))
    assert (answer.text, answer.value) == (BAD, None)
    with pytest.raises(BadAnswer, match="valid integer, and asking once more failed: Too many requests") as caught:
        checked(answer)
    assert caught.value.answer is answer
    assert len(session.transcript.turns("main")) == 1


def test_a_server_that_refuses_is_an_error(asked):
    """Nothing arrived: there is no answer to validate."""

    class Refusing(Model):
        async def stream(self, gated):
            raise AskanceError("No")
            yield

    with pytest.raises(AskanceError, match="No"):
        asked(Refusing(""))
