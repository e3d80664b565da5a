"""The whole path, with a replayed model."""

import asyncio

import pytest

from askance.errors import BrokenStream, UsageError
from askance.providers.replay import ReplayProvider
from askance.records import Candidate, EndChunk, LedgerReady, TextChunk, TextDelta, Usage, UsageChunk
from askance.sources.base import StaticState
from askance.sources.error import ErrorSource
from askance.sources.variables import VariablesSource
from askance.testing import session_for_tests

DONE = EndChunk("stop")


class World:
    """A source whose one variable can change."""

    name = "variables"

    def __init__(self):
        self.value = "1"
        self.gathered = 0

    async def collect(self, ask):
        self.gathered += 1
        return [
            Candidate(
                source="variables", name="df", render=lambda level: f"df = {self.value}", fingerprint=lambda: self.value
            )
        ]

    def fingerprint(self, name):
        return self.value if name == "df" else None


def Asked(*script):
    """A model that says this, and keeps what it was sent in `.requests`."""
    return ReplayProvider(script)


def test_an_ask_goes_down_the_whole_path():
    """The question and its context go out, events and the answer come back."""
    provider = Asked("It ", "is ", "1.", UsageChunk(Usage(input=9, output=3, cached=2)), DONE)
    session = session_for_tests(sources=[World()], provider=provider)
    events = []
    answer = session.loop.run(session.answer(session.make_ask("what is @df?"), events.append))
    assert answer.text == "It is 1."
    assert answer.complete
    assert answer.usage == Usage(input=9, output=3, cached=2)
    assert isinstance(events[0], LedgerReady)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == answer.text
    sent = provider.requests[0].prompt.messages[-1].content
    assert "df = 1" in sent
    assert sent.endswith("what is @df?")
    session.loop.run(session.close())
    session.loop.close()


def test_the_same_question_costs_nothing_until_the_world_changes():
    """One request for two asks; a changed variable asks again, and the cache says why."""
    world, provider = World(), Asked("answer", DONE)
    session = session_for_tests(sources=[world], provider=provider)
    assert [session.ask("what is @df?").cached for _ in range(2)] == [None, "memory"]
    assert (len(provider.requests), world.gathered) == (1, 1)
    world.value = "2"
    assert session.ask("what is @df?").cached is None
    assert session.recall.cache.stats()["last_miss"] == "df changed"
    assert session.ask("what is @df?", fresh=True).cached is None
    assert len(provider.requests) == 3


@pytest.mark.parametrize(
    "question", ["{braces} {0} {}", "$HOME %s %(x)s", "\"quotes\" 'and' `ticks`\n  lines  \n", "ünï 🐍"]
)
def test_a_question_arrives_byte_for_byte(question):
    """User text is never formatted."""
    provider = Asked("ok", DONE)
    session_for_tests(provider=provider).ask(question)
    assert provider.requests[0].prompt.messages[-1].content == question


def test_a_stream_without_its_end_is_incomplete_and_not_kept():
    """What arrived is not lost; asked again, the model is asked again."""
    provider = Asked("half an ", BrokenStream("The answer broke off", "Ask again."))
    session = session_for_tests(provider=provider)
    answer = session.ask("q")
    assert (answer.text, answer.complete, answer.ended) == ("half an ", False, "error")
    assert "broke off" in answer.notice
    session.ask("q")
    assert len(provider.requests) == 2


def test_an_error_before_any_text_is_raised():
    """One line, nothing cached."""
    with pytest.raises(BrokenStream):
        session_for_tests(BrokenStream("No answer")).ask("q")


def test_cancelling_keeps_what_arrived():
    """The task ends with the partial answer, marked as stopped."""
    session = session_for_tests("first words ", 60.0, "never", DONE)

    async def stop_after_first():
        seen = asyncio.Event()
        task = asyncio.create_task(
            session.answer(session.make_ask("q"), lambda event: seen.set() if isinstance(event, TextDelta) else None)
        )
        await asyncio.wait_for(seen.wait(), 10)
        task.cancel()
        return await asyncio.wait_for(task, 10)

    answer = session.loop.run(stop_after_first())
    assert (answer.text, answer.ended, answer.complete) == ("first words ", "stopped", False)
    assert session.last is answer


def test_a_follow_up_carries_the_conversation():
    """Earlier question and answer come first, this question last."""
    provider = Asked("blue", DONE)
    session = session_for_tests(provider=provider)
    session.ask("my favourite colour?")
    session.ask("and why?")
    said = [(message.role, message.content) for message in provider.requests[1].prompt.messages]
    assert said == [("user", "my favourite colour?"), ("assistant", "blue"), ("user", "and why?")]


def test_secrets_come_back_only_on_this_side():
    """The request and the cache hold a placeholder, the user's answer the value."""
    secret = "ghp_" + "a1B2" * 9
    provider = Asked("use <GITHUB", "_TOKEN_1> here", DONE)
    session = session_for_tests(provider=provider)
    answer = session.ask(f"is {secret} fine?")
    assert secret not in provider.requests[0].prompt.messages[-1].content
    assert answer.text == f"use {secret} here"


def test_the_request_never_exceeds_its_budget():
    """History, context and question together."""
    from askance import prompt

    provider = Asked("long answer " * 100, DONE)
    session = session_for_tests(sources=[World()], provider=provider)
    for number in range(8):
        session.ask(f"question {number} about @df", budget=700)
    assert all(prompt.size(gated.prompt) <= 700 for gated in provider.requests)


def test_a_question_that_does_not_fit_is_not_sent():
    """Not even alone: one line says what to type."""
    provider = Asked("x", DONE)
    with pytest.raises(UsageError, match=r"Type: %%ask -b \d+"):
        session_for_tests(provider=provider).ask("why? " * 50, budget=50)
    assert provider.requests == []


@pytest.mark.parametrize(
    ("question", "options"),
    [
        (" \n", {}),
        (3, {}),
        ("q", {"privacy": 7}),
        ("q", {"context": "all"}),
        ("q", {"colour": 1}),
        ("q", {"model": 3}),
        ("q", {"budget": "2000"}),
    ],
)
def test_mistakes_get_one_line(question, options):
    """And nothing is asked."""
    provider = Asked("x", DONE)
    with pytest.raises(UsageError) as caught:
        session_for_tests(provider=provider).ask(question, **options)
    assert "\n" not in str(caught.value)
    assert provider.requests == []


def test_a_failing_and_a_slow_source_cost_their_own_context_only():
    """Each becomes a note; the answer comes."""
    from askance.settings import Settings

    class Failing(World):
        name = "git"

        async def collect(self, ask):
            raise OSError("no git here")

    class Slow(World):
        name = "files"

        async def collect(self, ask):
            await asyncio.sleep(60)

    sources = [World(), Failing(), Slow()]
    answer = session_for_tests("fine", DONE, sources=sources, settings=Settings(gather_deadline=0.2)).ask("@df?")
    assert answer.complete
    assert {note.source for note in answer.ledger.notes} == {"git", "files"}
    assert [item.name for item in answer.ledger.sent] == ["df"]


def test_a_name_that_comes_into_being_asks_again():
    """What was answered while there was no `sales` is no answer once there is one; other names change nothing."""
    namespace = {}
    sources = [VariablesSource(StaticState(namespace)), ErrorSource(StaticState(namespace))]
    session = session_for_tests("There is no sales.", sources=sources)
    assert [session.ask("how large is sales?").cached for _ in range(2)] == [None, "memory"]
    namespace["other"] = 1
    assert session.ask("how large is sales?").cached == "memory"
    namespace["sales"] = [1, 2, 3]
    assert session.ask("how large is sales?").cached is None
    assert session.recall.cache.last_miss.why == "sales is there now"
    assert session.ask("how large is sales?", context="none").cached is None
    del namespace["sales"]
    assert session.ask("how large is sales?", context="none").cached == "memory"


def test_an_error_that_comes_into_being_asks_again():
    """Any question may be about it."""
    errors = [None]

    class State(StaticState):
        def error(self):
            return errors[0]

    session = session_for_tests("Fine.", sources=[ErrorSource(State())])
    assert [session.ask("is all well?").cached for _ in range(2)] == [None, "memory"]
    errors[0] = ValueError("no")
    assert session.ask("is all well?").cached is None
    assert session.recall.cache.last_miss.why == "there is an error now"
    errors[0] = None
    assert session.ask("is all well?").cached == "memory"


def test_what_is_kept_has_passed_the_gate():
    """A secret in a thing's name or in a note lies in no cache."""
    secret = "ghp_" + "a1B2" * 10

    class Strange(World):
        notes = (f"cannot read {secret}",)

    session = session_for_tests("Fine.", sources=[Strange()])
    session.ask(f"what is {secret}?")
    session.loop.run(session.recall.cache.flush())
    held = session.recall.cache.shelves[0].tier
    kept = [kept.text for kept, _ in held._held.values()]
    assert len(kept) == 1
    assert secret not in kept[0]
    assert "GITHUB_TOKEN" in kept[0]


def test_what_ran_in_the_background_is_found_again_from_top_to_bottom():
    """Two at once, the first answered last, then one that heard both: run again, with all answers here at once, none asks."""

    class Slow(ReplayProvider):
        async def stream(self, gated):
            self.requests.append(gated)
            question = gated.prompt.messages[-1].content
            await asyncio.sleep(0.2 if "first?" in question else 0)
            yield TextChunk(f"Of {len(self.requests)} requests.")
            yield EndChunk("stop")

    provider = Slow([])
    session = session_for_tests(provider=provider)

    def asked(question, **options):
        return session.answer(session.make_ask(question, cell=question, **options))

    async def both():
        return await asyncio.gather(asked("first?", background=True), asked("second?", background=True))

    def run():
        return [*session.loop.run(both()), session.loop.run(asked("third?"))]

    def run_again():
        each = [session.loop.run(asked(question, background=True)) for question in ("first?", "second?")]
        return [*each, session.loop.run(asked("third?"))]

    before = run()
    for again in (run_again, run):
        session.transcript.reset()
        session.loop.run(session.recall.cache.flush())
        assert [answer.text for answer in again()] == [answer.text for answer in before]
    assert len(provider.requests) == 3
