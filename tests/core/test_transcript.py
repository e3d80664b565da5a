"""A thread continues; asked again, a question stands where it stood."""

from askance.records import Ask
from askance.transcript import Transcript, digest


def ask(question, cell=None, thread="main"):
    return Ask(question=question, model="local", cell=cell, thread=thread)


def test_a_follow_up_continues_its_own_thread():
    """And no other."""
    transcript = Transcript()
    transcript.add(ask("one"), "1")
    transcript.add(ask("two", thread="side"), "2")
    assert [turn.question for turn in transcript.before(ask("three"), 1000)] == ["one"]


def test_a_cell_that_runs_again_replaces_its_turn():
    """Its history is what it was, so that the cache knows it."""
    transcript = Transcript()
    transcript.add(ask("one", "a"), "1")
    transcript.add(ask("two", "b"), "2")
    first = digest(transcript.before(ask("two", "b"), 1000))
    transcript.add(ask("one", "a"), "1")
    assert digest(transcript.before(ask("two", "b"), 1000)) == first
    assert [turn.question for turn in transcript.threads()["main"]] == ["one", "two"]


def test_the_last_question_repeated_is_the_same_turn():
    """Also where no front end tells cells apart."""
    transcript = Transcript()
    transcript.add(ask("one"), "1")
    assert transcript.before(ask("one"), 1000) == []


def test_old_turns_give_way():
    """The room is kept, the latest turns stay."""
    transcript = Transcript()
    for number in range(20):
        transcript.add(ask(f"question {number}"), "answer " * 50)
    kept = transcript.before(ask("next"), 300)
    assert 0 < len(kept) < 20
    assert kept[-1].question == "question 19"
