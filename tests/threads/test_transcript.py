"""A thread continues; asked again, a question stands where it stood; threads fork and rewind."""

import pytest

from askance.errors import UsageError
from askance.records import Ask
from askance.threads.history import recent
from askance.threads.transcript import Transcript
from askance.threads.turn import Told, Turn, digest


def ask(question, cell=None, thread="main"):
    return Ask(question=question, model="local", cell=cell, thread=thread)


def say(transcript, asked, answer, **more):
    transcript.add(asked, Turn(question=asked.question, answer=answer, cell=asked.cell, **more))


def questions(transcript, thread="main"):
    return [turn.question for turn in transcript.turns(thread)]


def test_a_follow_up_continues_its_own_thread():
    """And no other."""
    transcript = Transcript()
    say(transcript, ask("one"), "1")
    say(transcript, ask("two", thread="side"), "2")
    assert [turn.question for turn in transcript.before(ask("three"))] == ["one"]


def test_a_cell_that_runs_again_replaces_its_turn():
    """Its history is what it was, so that the cache knows it."""
    transcript = Transcript()
    say(transcript, ask("one", "a"), "1")
    say(transcript, ask("two", "b"), "2")
    first = digest(transcript.before(ask("two", "b")))
    say(transcript, ask("one", "a"), "1")
    assert digest(transcript.before(ask("two", "b"))) == first
    assert questions(transcript) == ["one", "two"]
    say(transcript, ask("one, changed", "a"), "1!")
    assert questions(transcript) == ["one, changed", "two"]


def test_the_last_question_repeated_is_the_same_turn():
    """Also where no front end tells cells apart."""
    transcript = Transcript()
    say(transcript, ask("one"), "1")
    assert transcript.before(ask("one")) == ()


def test_a_turn_that_the_cache_gives_again_keeps_what_was_sent():
    """The cache knows the answer alone; the thread knows what the model was told."""
    transcript = Transcript()
    told = (Told(id="variables:df", fingerprint="f", level="full", tokens=9),)
    say(transcript, ask("one", "a"), "1", content="df: ...\none", told=told)
    say(transcript, ask("one", "a"), "1")
    assert transcript.turns("main")[0].told == told
    say(transcript, ask("one", "a"), "another")
    assert transcript.turns("main")[0].told == ()


def test_old_turns_give_way():
    """The room is kept, the latest turns stay."""
    transcript = Transcript()
    for number in range(20):
        say(transcript, ask(f"question {number}"), "answer " * 50)
    kept = recent(transcript.before(ask("next")), 300)
    assert 0 < len(kept) < 20
    assert kept[-1].question == "question 19"


def test_a_fork_leaves_its_origin_as_it_is():
    """It has the first turns, goes on by itself, and is where questions go now."""
    transcript = Transcript()
    for number in range(3):
        say(transcript, ask(f"q{number}"), "a")
    assert transcript.fork("main", 2) == "main-2"
    assert transcript.current == "main-2"
    say(transcript, ask("elsewhere", thread="main-2"), "a")
    assert questions(transcript, "main-2") == ["q0", "q1", "elsewhere"]
    assert questions(transcript) == ["q0", "q1", "q2"]
    assert transcript.fork("main", 1) == "main-3"
    with pytest.raises(UsageError, match="already"):
        transcript.fork("main", 1, "main-2")


def test_a_fork_made_before_goes_on():
    """A notebook that forks may be run again, after its threads were kept too; other turns, and it is another fork."""
    transcript = Transcript()
    for number in range(2):
        say(transcript, ask(f"q{number}", f"cell {number}"), "a")
    transcript.fork("main", 1, "side")
    say(transcript, ask("more", "cell 2", "side"), "a")
    again = Transcript()
    again.take(transcript.to_dict())
    for one in (transcript, again):
        one.current = "main"
        assert one.fork("main", 1, "side") == one.current == "side"
        assert questions(one, "side") == ["q0", "more"]
        with pytest.raises(UsageError, match="already"):
            one.fork("main", 2, "side")
    say(transcript, ask("q0", "cell 0"), "another answer")
    with pytest.raises(UsageError, match="already"):
        transcript.fork("main", 1, "side")


def test_cells_that_ask_the_same_share_a_place():
    """After a restart each finds it again; one that asks something else is a turn of its own."""
    transcript = Transcript()
    for cell, question in (("a", "one"), ("b", "one"), ("c", "two")):
        say(transcript, ask(question, cell), "a")
    again = Transcript()
    again.take(transcript.to_dict())
    for cell, question, before in (("a", "one", []), ("b", "one", []), ("c", "two", ["one"]), ("b", "one", [])):
        assert [turn.question for turn in again.before(ask(question, cell))] == before
        say(again, ask(question, cell), "a")
    assert questions(again) == ["one", "two"]
    assert len(again.before(ask("three", "b"))) == 2
    say(again, ask("other", "a"), "a")
    assert questions(again) == ["other", "two"]


def test_rewinding_forgets_what_came_after():
    """And only that; there is no turn beyond the last."""
    transcript = Transcript()
    for number in range(3):
        say(transcript, ask(f"q{number}"), "a")
    assert transcript.rewind("main", 1) == 2
    assert questions(transcript) == ["q0"]
    with pytest.raises(UsageError, match="1 turns, not 2"):
        transcript.rewind("main", 2)
    with pytest.raises(UsageError, match="no thread 'side'"):
        transcript.rewind("side", 0)


def test_a_transcript_comes_back_from_plain_values():
    """All of it; what is none changes nothing."""
    transcript = Transcript()
    say(transcript, ask("one", "a"), "1", told=(Told(id="files:a.py", fingerprint="f", level="name", tokens=3),))
    transcript.fork("main", 1, "side")
    again = Transcript()
    again.take(transcript.to_dict())
    assert (again.threads(), again.current) == (transcript.threads(), "side")
    for damaged in ({}, {"current": "x", "threads": {"a": [{}]}}, {"current": "x", "threads": [1]}):
        with pytest.raises(ValueError, match="not a"):
            again.take(damaged)
    assert again.threads() == transcript.threads()


def beside(question, asked):
    """An ask in the background, and the turn it became."""
    ask = Ask(question=question, model="m", cell=question, background=True)
    return ask, Turn.of(ask, question, f"{question}!", asked)


def test_what_is_asked_in_the_background_stands_in_the_order_of_asking():
    """Whichever is answered first; what is asked in the foreground stays where it is."""
    transcript = Transcript()
    front = Ask(question="front", model="m", cell="front")
    transcript.add(front, Turn.of(front, "front", "front!", 5.0))
    for ask, turn in (beside("late", 3.0), beside("early", 1.0), beside("middle", 2.0)):
        transcript.add(ask, turn)
    assert [turn.question for turn in transcript.turns("main")] == ["front", "early", "middle", "late"]


def test_an_ask_in_the_background_may_not_have_heard_the_others():
    """All of them, all but the last, and so on; one in the foreground has heard all that is there."""
    transcript = Transcript()
    front = Ask(question="front", model="m")
    transcript.add(front, Turn.of(front, "front", "front!", 0.0))
    for ask, turn in (beside("one", 1.0), beside("two", 2.0)):
        transcript.add(ask, turn)
    asked = [[turn.question for turn in way] for way in transcript.ways(Ask(question="q", model="m", background=True))]
    assert asked == [["front", "one", "two"], ["front", "one"], ["front"]]
    assert len(list(transcript.ways(Ask(question="q", model="m")))) == 1
