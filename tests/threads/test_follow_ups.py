"""A follow-up begins with what was sent before, byte for byte, and tells only what is new."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from askance import prompt
from askance.context import ContextEngine
from askance.errors import BrokenStream
from askance.gate import Gate
from askance.records import Candidate
from askance.testing import ReplayProvider, session_for_tests


class World:
    """A source whose things are texts that a test changes."""

    name = "variables"

    def __init__(self, **texts: str) -> None:
        self.texts = texts

    async def collect(self, ask):
        return [
            Candidate(
                source="variables",
                name=name,
                render=lambda level, text=text: text[:10] if level in ("name", "outline") else text,
                fingerprint=lambda name=name: self.fingerprint(name),
                text=name,
                signals={"recency": 1.0},
                aliases=(name,),
            )
            for name, text in self.texts.items()
        ]

    def fingerprint(self, name):
        return self.texts.get(name)


@pytest.fixture
def talk():
    """Starts sessions over a world, and ends them."""
    started = []

    def start(world):
        provider = ReplayProvider(["An answer."])
        started.append(session_for_tests(provider=provider, sources=[world]))
        return started[-1], provider

    yield start
    for session in started:
        session.loop.close()


def sent(provider):
    """The messages of every request, oldest first."""
    return [request.prompt.messages for request in provider.requests]


def test_a_follow_up_begins_with_what_was_sent(talk):
    """System, context, question and answer alike; only the new question comes after them."""
    session, provider = talk(World(df="a frame of 3 columns", x="42 and more"))
    session.ask("What is @df and @x?", thread="t")
    answer = session.ask("And why?", thread="t")
    first, second = sent(provider)
    assert second[:1] == first
    assert [message.role for message in second] == ["user", "assistant", "user"]
    assert second[1].content == "An answer."
    assert second[2].content == "And why?"
    assert {item.name: item.status for item in answer.ledger.items} == {"df": "kept", "x": "kept"}
    assert answer.ledger.turns == 1
    assert answer.ledger.tokens > answer.ledger.history > 0


def test_only_what_changed_is_told_again(talk):
    """The new state of it, and nothing of the rest."""
    world = World(df="a frame of 3 columns", x="42 and more of the same, and more, and yet more of it")
    session, provider = talk(world)
    session.ask("What is @df and @x?")
    world.texts["df"] = "a frame of 5 columns"
    answer = session.ask("And now?")
    assert "a frame of 5 columns" in sent(provider)[1][2].content
    assert "42 and more" not in sent(provider)[1][2].content
    assert {item.name: item.status for item in answer.ledger.items} == {"df": "sent", "x": "kept"}
    assert "changed" in next(item.why for item in answer.ledger.items if item.name == "df")


def test_what_is_gone_is_said(talk):
    """The model must not go on with it."""
    world = World(df="a frame", x="42", y="43", z="44")
    session, provider = talk(world)
    session.ask("What are @df @x @y @z?")
    del world.texts["x"]
    answer = session.ask("And now?")
    assert " outdated>\nChanged or gone since it was told: x\n</context-" in sent(provider)[1][2].content
    assert answer.ledger.outdated == ("x",)
    assert "x" not in [item.name for item in answer.ledger.sent]


def test_what_is_mostly_out_of_date_is_left_behind(talk):
    """The words go on; the context begins anew."""
    world = World(df="a frame of 3 columns " * 9, x="42")
    session, provider = talk(world)
    session.ask("What is @df and @x?")
    world.texts = {"df": "now a list", "x": "42"}
    session.ask("And @df now?")
    session.ask("And then?")
    _, second, third = sent(provider)
    assert second[0].content == "What is @df and @x?"
    assert "now a list" in second[2].content
    assert third[:3] == second


def test_what_was_muted_leaves_no_more(talk):
    """Not even with the earlier turns."""
    session, provider = talk(World(df="a frame of 3 columns", x="42"))
    session.ask("What is @df and @x?")
    answer = session.ask("And why?", mutes=frozenset({"variables:df"}))
    assert "3 columns" not in str(sent(provider)[1])
    assert [item.status for item in answer.ledger.items if item.name == "df"] == ["muted"]


@pytest.mark.parametrize("options", [{"privacy": 0}, {"context": "none"}, {"context": "only"}])
def test_less_may_be_told_than_before(talk, options):
    """A lower level of privacy, or no context, takes the earlier turns' context back too."""
    session, provider = talk(World(df="a frame of 3 columns", x="42"))
    session.ask("What is @df?")
    session.ask("And why?", **options)
    assert sent(provider)[1][0].content == "What is @df?"


def test_a_turn_that_runs_again_continues_what_it_continued(talk):
    """Its history is that of the turns before it, not of itself."""
    session, provider = talk(World(df="a frame"))
    session.ask("one @df", cell="a")
    session.ask("two", cell="b")
    session.ask("three", cell="c")
    session.ask("two, better", cell="b")
    assert [message.content for message in sent(provider)[3]][:2] == [m.content for m in sent(provider)[1]][:2]
    assert len(sent(provider)[3]) == 3
    assert [turn.question for turn in session.transcript.turns("main")] == ["one @df", "two, better", "three"]


def test_an_answer_without_its_end_is_no_turn():
    """The next question does not continue it."""
    session = session_for_tests("Half", BrokenStream("broke off"))
    assert session.ask("one").complete is False
    assert session.transcript.threads() == {}
    session.loop.close()


words = some.text("ab cd\n", min_size=1, max_size=400)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.tuples(words, some.dictionaries(some.sampled_from("uvwxyz"), words)), min_size=1, max_size=7))
def test_whatever_changes_no_request_is_over_its_budget(talk, steps):
    """And a request either begins with all of the one before it, or with none of its context."""
    world = World()
    session, provider = talk(world)
    engine: ContextEngine = session.engine
    for number, (question, texts) in enumerate(steps):
        world.texts = {**world.texts, **texts}
        answer = session.ask(f"{number} {question}", budget=900)
        request = provider.requests[-1].prompt
        assert prompt.size(request) <= 900
        assert answer.ledger.tokens == prompt.size(request)
        assert Gate().open(request).prompt == request
        before = provider.requests[-2].prompt.messages if number else ()
        goes_on = request.messages[: len(before)] == before
        assert goes_on or "<context-" not in str(request.messages[:-1]) or len(request.messages) < len(before)
        told = {item.name for item in answer.ledger.items if item.status == "kept"}
        assert all(engine.fingerprint("variables", name) is not None for name in told)


def test_a_long_conversation_begins_anew_seldom(talk):
    """Twenty turns of a hundred tokens: all but a few go on where the last one ended."""
    session, provider = talk(World(df="a frame of 3 columns " * 20))
    for number in range(20):
        session.ask(f"{number}: what of @df? " + "word " * 80, budget=1500)
    went_on = [later[: len(before)] == before for before, later in pairwise(sent(provider))]
    assert went_on.count(False) <= 3
    assert max(prompt.size(request.prompt) for request in provider.requests) <= 1500
