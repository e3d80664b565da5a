"""`%askcache` in a real kernel, `--replay`, and what is told when something does not work."""

from __future__ import annotations

import json

import pytest
from kernel.live import wait_for
from scripted_server import Reply


@pytest.fixture
def talk(kernel, serve, home):
    """A kernel that answers "Answer 1.", "Answer 2.", ..."""
    server = serve(*(Reply([f"Answer {number}."]) for number in range(1, 20)))

    class Talk:
        def __init__(self, **environ):
            self.server, self.folder = server, home
            self.kernel = kernel(server, **environ)

        def ask(self, line, cell=None):
            """The plain text of the answer."""
            outcome = self.kernel.run(f"%ask -c none {line}", cell)
            assert not outcome.contents("error"), outcome.error
            return outcome.outputs()[-1]["data"]["text/plain"]

        def say(self, line=""):
            """What `%askcache` prints."""
            outcome = self.kernel.run(f"%askcache {line}")
            assert not outcome.contents("error"), outcome.error
            return outcome.printed.rstrip("\n")

        def fail(self, code):
            """The one line that a cell fails with."""
            (line,) = self.kernel.run(code).error
            return line

    return Talk


def test_stats_and_why(talk):
    """A table by tier, a rate, what was saved, the last miss; why the last few missed."""
    one = talk()
    assert one.say("why") == "Nothing was asked yet."
    assert "Nothing was looked up yet." in one.say()
    for line in ("one", "one", "-t x one", "-p 0 -t y one", "two"):
        one.ask(line)
    lines = one.say("stats").split("\n")
    assert lines[0].split() == ["tier", "hits", "answers", "size", "count", "for"]
    rows = {line.split()[0]: line.split()[1:] for line in lines[1:4]}
    assert rows["memory"][:2] == ["2", "3"]
    assert rows["disk"][:2] == ["0", "3"]
    assert rows["packs"] == ["0", "0", "0", "B", "ever"]
    assert rows["memory"][-2:] == ["1", "h"]
    assert lines[4] == "2 of 5 lookups answered (40 %)"
    assert lines[5].startswith("saved: 30 tokens, ")
    assert lines[6] == "last miss: 'two': not asked before"
    assert one.say("why").split("\n") == [
        "'two' was not in the cache: not asked before",
        "'one' was not in the cache: asked before, but with another privacy level",
        "'one' was not in the cache: not asked before",
    ]
    one.kernel.run("%ask -t z two")
    assert one.say("why").split("\n")[0].startswith("'two' was not in the cache: asked before, but after other turns")


def test_list_show_use(talk):
    """Numbered answers, each whole; --fresh keeps both, the newer is given, and the older can be looked at and taken."""
    one = talk()
    assert one.say("list") == "This notebook was given no answers yet."
    one.ask("one", "a")
    one.ask("two", "b")
    assert one.ask("--fresh one", "a").startswith("Answer 3.")
    listed = one.say("list").split("\n")
    assert listed[0].split() == ["question", "model", "age", "tokens"]
    assert [line.split()[:2] for line in listed[1:]] == [["1", "one"], ["2", "two"]]
    shown = one.say("show 1").split("\n")
    assert shown[:3] == ["one", "", "Answer 3."]
    assert shown[-1].split()[0] == "1.1"
    assert shown[-1].endswith("Answer 1.")
    assert "\n\nAnswer 1.\n\n" in one.say("show 1.1")
    assert one.say("use 1.1") == "That answer is given from now on, as if it were new."
    assert one.ask("one", "a").startswith("Answer 1.")
    assert one.say("show 1").split("\n")[2] == "Answer 1."
    assert one.say("show 1").split("\n")[-1].endswith("Answer 3.")
    assert len(one.server.asked) == 3


def test_clear(talk):
    """What is this user's, or what is named; what is left is said."""
    one = talk()
    one.ask("one")
    assert one.say("clear disk") == "Forgotten: disk. Not touched: memory, packs."
    assert one.ask("one").startswith("Answer 1.")
    assert one.say("clear") == "Forgotten: memory, disk, packs."
    assert one.ask("one").startswith("Answer 2.")
    assert one.say("clear all") == "Forgotten: memory, disk, packs."
    assert "There is no 'redis' to clear" in one.fail("%askcache clear redis")


def test_off_and_on(talk):
    """Off asks every time, and says what else it means."""
    one = talk()
    one.ask("one")
    assert "every question goes to the model" in one.say("off")
    assert one.ask("one").startswith("Answer 2.")
    assert one.ask("one").startswith("Answer 3.")
    assert "No answers are kept" in one.say()
    assert "No answers are kept" in one.say("why")
    assert "Type: %askcache on" in one.fail("%askcache clear")
    assert one.say("on") == "On: answers and conversations are kept."
    assert one.ask("one").startswith("Answer 1.")


def test_export_and_import(talk):
    """What was given goes into a file beside the notebook, says what is not in it, and serves in another cache."""
    one = talk()
    assert "given no answers yet" in one.fail("%askcache export")
    one.ask("one", "a")
    one.ask("two", "b")
    one.server.say(Reply(status=500))
    one.kernel.run("%ask -c none three", "c")
    path = one.folder / "answers.askance"
    said = f"2 answers written to {path}."
    assert (
        one.say("export") == f"{said} Not in it: 1 question without a whole answer (stopped, failed, or still asked)."
    )
    before = path.read_bytes()
    one.say("export")
    assert path.read_bytes() == before
    assert [row["question"] for row in json.loads(before)["answers"]] == [["one"], ["two"]]
    (one.folder / "plan.txt").write_text("my plan")
    assert "plan.txt is there already, and is no pack" in one.fail("%askcache export plan.txt")
    assert (one.folder / "plan.txt").read_text() == "my plan"
    assert one.say("export 'my answers.askance'").startswith("2 answers written")
    assert one.say("export plan.txt --force").startswith("2 answers written")
    assert (one.folder / "plan.txt").read_bytes() == before
    assert one.say("clear all")
    assert one.say("import answers.askance") == f"2 answers taken from {path}."
    assert "from recorded answers" in one.ask("one", "a")
    assert "from recorded answers" in one.ask("two", "b")
    assert "packs" in one.say().split("\n")[3]
    assert one.say("clear packs").startswith("Forgotten: packs.")
    (one.folder / "bad.askance").write_text('{"askance": 1, "answers": [{}]}')
    assert 'bad.askance, answer 1: "question" is missing' in one.fail("%askcache import bad.askance")
    assert "none cannot be read" in one.fail("%askcache import none")


MISTAKES = {
    "burn": "does not know 'burn'",
    "stat": "Did you mean %askcache stats?",
    "show": "show takes N",
    "show 1": "There is no answer '1'",
    "show 0": "There is no answer '0'",
    "show 1.9": "There is no answer '1.9'",
    "show x": "There is no answer 'x'",
    "use 99999999999999999999.1": "There is no answer",
    "list all": "list takes nothing",
    "clear everything": "There is no 'everything' to clear",
    "export a b": "export takes [FILE] [--force]",
    "export --all": "export takes [FILE] [--force]",
    "import": "import takes FILE",
    "show 'x": "A quote is not closed",
}


def test_a_mistake_is_one_line(talk):
    """That says what to type."""
    one = talk()
    for line, words in MISTAKES.items():
        assert words in one.fail(f"%askcache {line}"), line
    one.ask("one")
    assert "1 is the one that is given now" in one.fail("%askcache use 1")


def completed(running, code):
    """What Tab offers at the end of the code."""
    running.send("complete_request", {"code": code, "cursor_pos": len(code)})
    return running.client.get_shell_msg(timeout=60)["content"]["matches"]


def test_tab_and_help(talk):
    """Verbs, what they take, files, the flag; the help is one page."""
    one = talk()
    (one.folder / "course.askance").write_text("")
    verbs = {"clear", "export", "import", "list", "off", "on", "show", "stats", "use", "why"}
    assert set(completed(one.kernel, "%askcache ")) == verbs
    assert completed(one.kernel, "%askcache st") == ["stats"]
    assert set(completed(one.kernel, "%askcache clear ")) == {"memory", "disk", "packs", "redis", "all"}
    assert "course.askance" in completed(one.kernel, "%askcache import cou")
    assert completed(one.kernel, "%ask --rep") == ["--replay"]
    outcome = one.kernel.run("%askcache?")
    (payload,) = outcome.reply["content"]["payload"]
    assert "%askcache export [FILE]" in payload["data"]["text/plain"]


def test_replay_by_flag(talk):
    """Gives what is kept, at any age, and fails in one line otherwise; the model is never asked."""
    one = talk(ASKANCE_CACHE_SECONDS="0.05")
    one.ask("one", "a")
    assert one.ask("--replay one", "a").startswith("Answer 1.")
    line = one.fail("%ask -c none --replay two")
    assert line.startswith("askance: No recorded answer holds: there is no ")
    assert str(one.folder / "answers.askance") in line
    one.say("export")
    assert "answers.askance does not have this question" in one.fail("%ask -c none --replay two")
    one.say("clear")
    assert "from recorded answers" in one.ask("--replay one", "a")
    code = "from askance import ask\nask('one', context='none', replay=True).cached"
    assert one.kernel.run(code, "a").result == "'pack'"
    assert "--fresh and --replay do not go together" in one.fail("%ask --fresh --replay one")
    one.kernel.run("x = 1")
    assert "No recorded answer holds" in one.fail("%explain --replay x")
    assert "No recorded answer holds" in one.fail("%ask -c none --bg --replay two")
    assert len(one.server.asked) == 1


def test_modes_by_config(talk):
    """A recording begins with no conversation, and a replay too, in the same kernel."""
    one = talk()
    one.ask("before")
    assert one.kernel.run("%config Askance.mode = 'record'").reply["content"]["status"] == "ok"
    one.ask("one")
    one.ask("two")
    assert [message["content"] for message in one.server.asked[-1].json["messages"][1:]] == ["one", "Answer 2.", "two"]
    assert f"recording to {one.folder / 'answers.askance'}" in one.say()
    one.kernel.run("%config Askance.mode = 'replay'")  # closes the recording
    one.say("clear")
    assert one.ask("one").startswith("Answer 2.")
    assert one.ask("two").startswith("Answer 3.")
    assert "No recorded answer holds" in one.fail("%ask -c none before")
    one.kernel.run("%config Askance.mode = 'live'")
    assert one.ask("four").startswith("Answer 4.")
    rows = json.loads((one.folder / "answers.askance").read_text())["answers"]
    assert [row["question"] for row in rows][-2:] == [["one"], ["two"]]


def test_a_recording_knows_no_earlier_conversation(talk, home):
    """What was said to the same notebook before is neither told nor changed."""
    notebook = str(home / "work" / "talk.ipynb")
    first = talk(JPY_SESSION_NAME=notebook)
    first.ask("before")
    files = home / "cache" / "threads"
    assert wait_for(lambda: any(files.glob("*.json")))
    (kept,) = files.glob("*.json")
    before = kept.read_bytes()
    second = talk(JPY_SESSION_NAME=notebook, ASKANCE_MODE="record")
    second.ask("one")
    assert [message["content"] for message in second.server.asked[-1].json["messages"][1:]] == ["one"]
    second.kernel.run("%unload_ext askance")
    assert kept.read_bytes() == before
    assert '"one"' in (home / "work" / "answers.askance").read_text()


def test_what_does_not_work_is_told_once(talk, home):
    """With the answer, which is shown all the same: a folder that is none, a recording that cannot be written."""
    (home / "file").write_text("")
    one = talk(ASKANCE_CACHE_DIR=str(home / "file"), ASKANCE_MODE="record", ASKANCE_RECORDING="none/answers.askance")
    first = one.ask("one")
    assert first.startswith("Answer 1.")
    assert first.count("disk cache off") == 1
    assert first.count("answers are not recorded") == 1
    assert "\n" not in first.partition("\n\n")[2]
    second = one.ask("two")
    assert second.startswith("Answer 2.")
    assert "off" not in second
    assert "not recorded" not in second
    told = one.say()
    assert told.count("disk cache off") == 1
    assert told.count("answers are not recorded") == 1


def test_a_damaged_cache_is_told_once(talk, home):
    """It was set aside and begun anew: the next answers are kept again."""
    folder = home / "cache" / "answers"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "cache.db").write_bytes(b"no database " * 1000)
    one = talk()
    assert one.ask("one").endswith("The disk cache was damaged: it is set aside, and begun anew")
    assert "damaged" not in one.ask("two")
    assert one.say().count("damaged") == 1
    rows = [line.split() for line in one.say().split("\n")]
    assert ["disk", "0", "2"] in [row[:3] for row in rows]
