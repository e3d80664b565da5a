"""Small questions in the background become one request."""

import asyncio

import pytest
from merged_model import Merged

from askance.errors import AuthError, BrokenStream
from askance.records import TextDelta
from askance.settings import Settings
from askance.testing import session_for_tests


@pytest.fixture
def asking():
    """Gives a session for a model and asks it several questions at once; closes it in the end."""
    sessions = []

    def begin(model, settings=None):
        session = session_for_tests(provider=model, settings=settings)
        session.inquiry.window.unfit.clear()  # the model of the tests is called local, and is fit
        sessions.append(session)
        return session

    yield begin
    for session in sessions:
        session.loop.run(session.close())
        session.loop.close()


def together(session, questions, **options):
    """All answers, errors among them, in the order of the questions."""

    async def all_of_them():
        asks = [session.make_ask(question, **{"background": True, **options}) for question in questions]
        return await asyncio.gather(*(session.answer(ask) for ask in asks), return_exceptions=True)

    return session.loop.run(all_of_them())


def test_five_questions_are_one_request(asking):
    """Each gets its own answer, as if it had been asked alone, and the ledger says how it was asked."""
    model = Merged()
    answers = together(asking(model), [f"what is {one}?" for one in "abcde"])
    assert [answer.text for answer in answers] == [f"re: what is {one}?" for one in "abcde"]
    assert all(answer.complete and answer.ended == "stop" for answer in answers)
    assert len(model.requests) == 1
    assert sum(answer.usage.output for answer in answers) == 37
    assert "4 other questions" in answers[0].ledger.notes[-1].message


def test_each_is_kept_under_its_own_words(asking):
    """Asked again alone, or in other company, nothing is sent."""
    model = Merged()
    session = asking(model)
    together(session, ["one?", "two?", "three?"])
    session.transcript.reset()
    again = together(session, ["two?", "four?"])
    assert [answer.cached for answer in again] == ["memory", None]
    assert len(model.requests) == 2
    assert "===" not in model.asked()[1]


def test_each_is_a_turn_of_the_conversation(asking):
    """The next question hears all of them, in the order of asking."""
    model = Merged()
    session = asking(model)
    together(session, ["one?", "two?"])
    session.ask("three?")
    heard = [message.content for message in model.requests[-1].prompt.messages]
    assert heard == ["one?", "re: one?", "two?", "re: two?", "three?"]


def test_what_is_not_alike_is_asked_apart(asking):
    """Another thread, another privacy, other pins, another form, or one that somebody waits for."""
    model = Merged()
    session = asking(model)

    async def some():
        kinds = [
            {},
            {"thread": "t"},
            {"privacy": 0},
            {"pins": ["variables:x"]},
            {"form": "code"},
            {"background": False},
        ]
        asks = [session.make_ask("same?", **{"background": True, **kind}) for kind in kinds]
        return await asyncio.gather(*(session.answer(ask) for ask in asks))

    assert len(session.loop.run(some())) == 6
    assert not [asked for asked in model.asked() if "===" in asked]


def test_long_questions_and_a_window_of_nothing_are_asked_alone(asking):
    """What saves no call, or is not wanted, is left as it is."""
    model = Merged()
    together(asking(model), ["word " * 600 + "one?", "word " * 600 + "two?"])
    together(asking(model, Settings(batch_seconds=0)), ["one?", "two?"])
    assert len(model.requests) == 4


def test_an_answer_that_was_left_out_is_asked_for_alone(asking):
    """Nobody loses an answer; and the model is asked one at a time from then on."""
    model = Merged(lose=(2,))
    session = asking(model)
    answers = together(session, ["one?", "two?", "three?"])
    assert [answer.text for answer in answers] == ["re: one?", "re: two?", "re: three?"]
    assert len(model.requests) == 2
    together(session, ["four?", "five?"])
    assert len(model.requests) == 4


def test_a_model_without_headings_loses_nothing(asking):
    """All are asked again, each alone."""

    class Deaf(Merged):
        async def stream(self, gated):
            self.lose = (1, 2, 3)
            async for chunk in super().stream(gated):
                yield chunk

    model = Deaf()
    answers = together(asking(model), ["one?", "two?", "three?"])
    assert [answer.text for answer in answers] == ["re: one?", "re: two?", "re: three?"]
    assert len(model.requests) == 4


def test_a_stream_that_breaks_keeps_what_was_whole(asking):
    """The answers before are whole, the one under way is partial, those after are asked alone."""
    model = Merged(stop_after=12, error=BrokenStream("it broke", "Ask again."))

    async def once(gated):
        model.stop_after = 12 if not model.requests else None
        async for chunk in Merged.stream(model, gated):
            yield chunk

    model.stream = once
    answers = together(asking(model), ["one?", "two?", "three?"])
    assert [answer.text for answer in answers] == ["re: one?", answers[1].text, "re: three?"]
    assert [answer.complete for answer in answers] == [True, False, True]
    assert "re: two?".startswith(answers[1].text)
    assert answers[1].ended == "error"


def test_an_error_before_any_text_is_told_to_each(asking):
    """With the same line."""
    model = Merged(stop_after=0, error=AuthError("no key", "Set one."))
    answers = together(asking(model), ["one?", "two?"])
    assert [str(answer) for answer in answers] == ["no key. Set one."] * 2
    assert len(model.requests) == 1


def test_one_that_is_stopped_stops_no_other(asking):
    """It keeps what had come; when the last one is stopped, so is the request."""
    model = Merged(stop_after=8)
    session = asking(model)

    async def some():
        asks = [session.make_ask(question, background=True) for question in ("one?", "two?")]
        tasks = [asyncio.create_task(session.answer(ask)) for ask in asks]
        await model.hangs.wait()
        await asyncio.sleep(0.3)  # what is held back for a moment is shown
        tasks[0].cancel()
        first = await tasks[0]
        open_still = model.closed == 0
        tasks[1].cancel()
        return first, open_still, await tasks[1]

    first, open_still, second = session.loop.run(some())
    assert first.text.strip() == "re: one?"
    assert (first.complete, first.ended, second.ended) == (False, "stopped", "stopped")
    assert open_still
    assert session.loop.run(_settled(model)) == 1


async def _settled(model):
    for _ in range(100):
        if model.closed:
            break
        await asyncio.sleep(0.01)
    return model.closed


def test_views_are_told_their_own_answer_alone(asking):
    """Each hears its ledger and its pieces, and nothing of the headings."""
    session = asking(Merged())

    async def some():
        heard = [[], []]
        asks = [session.make_ask(question, background=True) for question in ("one?", "two?")]
        await asyncio.gather(*(session.answer(ask, heard[place].append) for place, ask in enumerate(asks)))
        return ["".join(event.text for event in events if isinstance(event, TextDelta)).strip() for events in heard]

    assert session.loop.run(some()) == ["re: one?", "re: two?"]


def test_a_view_that_fails_takes_no_answer_from_the_others(asking):
    """Its own answer comes all the same."""
    session = asking(Merged())

    def broken(_event):
        raise RuntimeError

    async def some():
        asks = [session.make_ask(question, background=True) for question in ("one?", "two?")]
        return await asyncio.gather(session.answer(asks[0], broken), session.answer(asks[1]))

    assert [answer.text for answer in session.loop.run(some())] == ["re: one?", "re: two?"]


def test_the_same_question_twice_is_asked_once(asking):
    """The second waits for the first one's answer, and finds it in the cache."""
    model = Merged()
    answers = together(asking(model), ["one?", "one?"])
    assert [answer.text for answer in answers] == ["re: one?"] * 2
    assert sorted(str(answer.cached) for answer in answers) == ["None", "memory"]
    assert len(model.requests) == 1


def test_more_than_eight_make_a_second_request(asking):
    """Each answer waits for those before it."""
    model = Merged()
    answers = together(asking(model), [f"number {one}?" for one in range(11)])
    assert [answer.text for answer in answers] == [f"re: number {one}?" for one in range(11)]
    assert len(model.requests) == 2
