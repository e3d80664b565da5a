"""Conversations in a real kernel: `%threads`, the cells of a loop, Retry."""

from __future__ import annotations

import json

import pytest
from kernel.live import wait_for
from scripted_server import Reply


@pytest.fixture
def talk(kernel, serve):
    """A kernel that answers "One.", "Two.", ... and gives what each question was sent with."""
    server = serve(*(Reply([f"Answer {number}."]) for number in range(1, 20)))
    running = kernel(server, JPY_SESSION_NAME="")

    def ask(question, cell_id=None):
        """The messages of the request, without what is no question of ours."""
        outcome = running.run(f"%ask -c none {question}", cell_id)
        assert not outcome.contents("error"), outcome.error
        return [message["content"] for message in server.asked[-1].json["messages"] if message["role"] != "system"]

    ask.kernel, ask.server = running, server
    return ask


def said(talk, line):
    """What `%threads` prints."""
    outcome = talk.kernel.run(f"%threads {line}")
    assert not outcome.contents("error"), outcome.error
    return outcome.printed.rstrip("\n").split("\n")


def rows(talk):
    """The listed threads: mark, name and number of turns."""
    return [line.split()[:3] if line.startswith("*") else ["", *line.split()[:2]] for line in said(talk, "")[1:]]


def test_list_show_use(talk):
    """Every thread with its turns, tokens and last question; the current one is marked, and takes the questions."""
    assert rows(talk) == [["*", "main", "0"]]
    talk("one")
    talk("two\n")
    assert talk("-t plots three") == ["three"]
    assert talk("four") == ["one", "Answer 1.", "two", "Answer 2.", "four"]
    assert rows(talk) == [["*", "main", "3"], ["", "plots", "1"]]
    listed = said(talk, "list")
    assert listed[0].split() == ["thread", "turns", "tokens", "last", "question"]
    assert listed[1].endswith("four")
    assert said(talk, "show") == ["1  one", "   > Answer 1.", "2  two", "   > Answer 2.", "3  four", "   > Answer 4."]
    assert said(talk, "show plots") == ["1  three", "   > Answer 3."]
    assert said(talk, "use plots") == ["Questions go to plots, 1 turn so far."]
    assert talk("five") == ["three", "Answer 3.", "five"]
    assert said(talk, "use new") == ["Questions go to new, 0 turns so far."]
    assert talk("six") == ["six"]
    assert talk.kernel.run("from askance import ask\nask('seven', context='none').thread").result == "'new'"


def test_fork_rewind_reset(talk):
    """The beginning of a conversation goes on in another; the end of one is forgotten; all of one, or of all."""
    for question in ("one", "two", "three"):
        talk(question)
    assert said(talk, "fork 1 other") == ["Questions go to other now; it begins with 1 turn."]
    assert talk("else") == ["one", "Answer 1.", "else"]
    assert said(talk, "use main") == ["Questions go to main, 3 turns so far."]
    assert said(talk, "rewind 2") == ["main forgot 1 turn."]
    assert talk("four") == ["one", "Answer 1.", "two", "Answer 2.", "four"]
    assert said(talk, "fork 0") == ["Questions go to main-2 now; it begins with 0 turns."]
    assert said(talk, "reset other") == ["other is forgotten."]
    assert rows(talk) == [["", "main", "3"], ["*", "main-2", "0"]]
    assert said(talk, "reset --all") == ["Every thread is forgotten."]
    assert rows(talk) == [["*", "main", "0"]]


def test_save_and_load(talk):
    """A readable file that brings everything back; a damaged one, or none, changes nothing."""
    talk("one")
    talk("-t t zwei \u00fc")
    assert said(talk, "save 'my talk.json'") == ["2 threads with 2 turns written to my talk.json."]
    path = talk.kernel.home / "my talk.json"
    assert "zwei \u00fc" in path.read_text("utf-8")
    assert json.loads(path.read_text("utf-8"))["current"] == "main"
    said(talk, "reset --all")
    assert said(talk, "load 'my talk.json'") == ["2 threads with 2 turns taken from my talk.json."]
    assert rows(talk) == [["*", "main", "1"], ["", "t", "1"]]
    assert talk("-t t drei")[:2] == ["zwei \u00fc", "Answer 2."]
    damaged = talk.kernel.home / "damaged.json"
    whole = path.read_text("utf-8")
    for content in (
        "",
        "{",
        "[]",
        "null",
        whole[:-9],
        whole.replace('"question"', '"q"'),
        '{"threads": 1}',
        "[" * 99_999,
    ):
        damaged.write_text(content, "utf-8")
        (line,) = talk.kernel.run("%threads load damaged.json").error
        assert "holds no threads" in line
        (line,) = talk.kernel.run("%threads save damaged.json").error
        assert "holds no threads" in line
        assert damaged.read_text("utf-8") == content
    assert rows(talk) == [["*", "main", "1"], ["", "t", "2"]]


MISTAKES = {
    "burn": "does not know 'burn'",
    "fork": "fork takes N [NAME]",
    "fork x": "no number of turns",
    "fork -1": "no number of turns",
    "fork 5": "main has 1 turns, not 5",
    "fork 1 main": "There is a thread 'main' already",
    "rewind 99999999999999999999": "main has 1 turns",
    "rewind": "rewind takes N",
    "show nobody": "There is no thread 'nobody'",
    "reset nobody": "There is no thread 'nobody'",
    "use": "use takes NAME",
    "list all": "list takes nothing",
    "load missing.json": "cannot be used",
    "save missing/x.json": "cannot be used",
    "save .": "cannot be used",
    "show 'x": "A quote is not closed",
}


def test_a_mistake_is_one_line(talk):
    """It says what is wrong, and changes nothing."""
    talk("one")
    for line, words in MISTAKES.items():
        (error,) = talk.kernel.run(f"%threads {line}").error
        assert words in error, line
    assert rows(talk) == [["*", "main", "1"]]


def test_a_cell_that_asks_twice_makes_two_turns_and_runs_again_as_two(talk):
    """Line magics of one cell, and questions in a loop; a re-run replaces both, what came after stays."""
    twice = "%ask -c none one\n%ask -c none two"
    loop = "from askance import ask\nfor word in ('three', 'four'): ask(word, context='none')"
    for _ in range(2):
        talk.kernel.run(twice, "a")
        talk.kernel.run(loop, "b")
        questions = [line[3:] for line in said(talk, "show")[::2]]
        assert questions == ["one", "two", "three", "four"]
    assert len(talk.server.asked) == 4
    talk.kernel.run(twice.replace("two", "zwei"), "a")
    assert [line[3:] for line in said(talk, "show")[::2]] == ["one", "zwei", "three", "four"]
    last = talk.server.asked[-1].json["messages"]
    assert [message["content"] for message in last if message["role"] != "system"] == ["one", "Answer 1.", "zwei"]


def test_retry_asks_the_model_once(talk):
    """After a front end's Retry the next run of that cell bypasses the cache, and only that."""
    talk("one", "a")
    talk("two", "b")
    kernel = talk.kernel
    comm = {"comm_id": "k", "target_name": "askance.control", "data": {"type": "retry", "cell": "a"}}
    kernel.send("comm_open", comm)
    for cell, number in (("b", 2), ("a", 3), ("a", 3)):
        talk({"a": "one", "b": "two"}[cell], cell)
        assert len(talk.server.asked) == number


def test_conversations_survive_the_kernel(kernel, serve, home):
    """A new kernel of the same notebook goes on where the last one was, changes by `%threads` included."""
    server = serve(Reply(["Yes."]))
    notebook = str(home / "work" / "talk.ipynb")
    first = kernel(server, JPY_SESSION_NAME=notebook)
    for line in ("%ask -c none one", "%ask -c none two", "%threads rewind 1", "%threads use other"):
        assert not first.run(line).contents("error")
    files = home / "cache" / "threads"
    assert wait_for(lambda: [f for f in files.rglob("*.json") if '"other"' in f.read_text("utf-8")])
    second = kernel(server, JPY_SESSION_NAME=notebook)
    listed = second.run("%threads").printed.splitlines()
    assert [line.split()[:3] for line in listed[1:]] == [["main", "1", listed[1].split()[2]], ["*", "other", "0"]]
