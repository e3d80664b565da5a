"""Answers that no longer hold: who is told, what, how often, and at what cost."""

from __future__ import annotations

import json
import subprocess
import threading

import pytest
from counting import calls_during
from hypothesis import given, settings
from hypothesis import strategies as some
from kernel.live import Outcome, wait_for
from kernel.test_stopping import Control
from scripted_server import Reply

from askance.kernel import answers as answers_
from askance.kernel.answers import Answers
from askance.kernel.diff import MOST_LINES, diff_text, meant
from askance.kernel.facts import MOST_FACTS, MOST_ITEMS, seconds_of, watched
from askance.kernel.namespace import Namespace
from askance.loop import LoopThread
from askance.records import Answer, Candidate, EndChunk, Item, Ledger
from askance.staleness import Saw
from askance.testing import FakeClock, session_for_tests

HELLO = {"type": "hello", "path": "work/n.ipynb"}
ENVIRON = "GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b.c GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b.c".split()


def pushes(outcome, kind="stale"):
    """What was pushed of a kind, in order."""
    data = [content["data"] for content in outcome.contents("comm_msg")]
    return [one for one in data if one.get("type") == kind]


def told(outcome):
    """The words of all pushes, in order."""
    return [words for push in pushes(outcome) for words in push["answers"].values()]


def pushed(*words):
    """A condition for `until`: one answer is said to be so."""

    def condition(message):
        data = message["content"].get("data", {}) if message["msg_type"] == "comm_msg" else {}
        return data.get("type") == "stale" and list(data["answers"].values()) == list(words)

    return condition


def manifest(outcome):
    """What an answer's output says it saw."""
    (output,) = outcome.outputs()
    return output["metadata"]["askance"]


def noticed(kernel, server, **environ):
    """A kernel whose front end names its cells, and so is pushed to."""
    running = kernel(server, load=False, **environ)
    running.run("%load_ext askance", "load")
    return running


def settled(running, seen):
    """All that comes within a moment in which nothing changes: three quiet times, in the kernel's own words."""
    running.finish(running.start("import time; time.sleep(1)"), seen)
    return seen


@pytest.fixture
def project(home):
    """A project under git with one file; gives its folder and a way to run git."""
    work = home / "work"
    (work / "utils.py").write_text("def clean(x):\n    return x\n")
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(home), **dict(pair.split("=") for pair in ENVIRON)}

    def git(*command):
        subprocess.run(["git", *command], cwd=work, env=environ, check=True, capture_output=True)

    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "first"]):
        git(*command)
    return work, git


def test_two_more_columns_and_back_again(kernel, serve):
    """A push says what changed, another that the answer holds again; a cell that changes nothing says nothing."""
    running = noticed(kernel, serve(Reply(["Because."])))
    running.run("import pandas as pd\ndf = pd.DataFrame({'a': [1, 2]})", "a")
    asked = running.run("%ask what is @df?", "b")
    seen = running.run("other = 1", "c")
    settled(running, seen)
    assert pushes(seen) == []
    seen = running.run("df['b'] = df['c'] = 0", "d")
    running.until(seen, pushed("df +2 columns"))
    settled(running, seen)
    assert pushes(seen) == [{"type": "stale", "answers": {manifest(asked)["id"]: "df +2 columns"}}]
    seen = running.run("df = df[['a']]", "e")
    running.until(seen, pushed(""))
    assert told(seen) == [""]


def test_files_and_git_change_while_no_cell_runs(kernel, serve, project):
    """An edit, a commit and a deletion are noticed with nobody at the keyboard; putting the file back heals."""
    work, git = project
    running = noticed(kernel, serve(Reply(["Because."])), JPY_SESSION_NAME=str(work / "n.ipynb"))
    running.run("%ask what do @utils.py and @git say?", "a")
    seen = Outcome()
    text = (work / "utils.py").read_text()
    (work / "utils.py").write_text(text + "\n\ndef more(x):\n    return x\n")
    running.until(seen, pushed("utils.py edited"))
    git("commit", "-q", "-a", "-m", "second")
    running.until(seen, pushed("utils.py edited, main: 1 new commit"))
    (work / "utils.py").unlink()
    running.until(seen, pushed("utils.py gone, main: 1 new commit"))
    git("reset", "-q", "--hard", "HEAD~1")
    running.until(seen, pushed(""))


def test_a_new_kernel_says_the_same_of_a_saved_answer(kernel, serve, project):
    """After a restart the front end tells what the answer saw; what is not defined yet makes nothing stale, an edit does."""
    work, _ = project
    environ = {"JPY_SESSION_NAME": str(work / "n.ipynb")}
    server = serve(Reply(["Because."]))
    first = noticed(kernel, server, **environ)
    make = "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2]})"
    first.run(make, "a")
    saved = json.loads(json.dumps(manifest(first.run("%ask what is @df, and @utils.py?", "b"))))
    seen = first.run("df = df.assign(b=0, c=0)", "c")
    (work / "utils.py").write_text("x = 1\n")
    first.until(seen, pushed("df +2 columns, utils.py edited"))

    second = noticed(kernel, server, **environ)
    control = Control(second)
    control.open(HELLO)
    control.send({"type": "watch", "answers": [{"id": saved["id"], "items": saved["items"]}]})
    seen = Outcome()
    second.until(seen, pushed("utils.py edited"))
    (work / "utils.py").write_text("def clean(x):\n    return x\n")
    second.until(seen, pushed(""))
    second.finish(second.start(make, "a"), seen)
    second.finish(second.start("df['b'] = df['c'] = 0", "c"), seen)
    (work / "utils.py").write_text("x = 1\n")
    second.until(seen, pushed("df +2 columns, utils.py edited"))
    control.send({"type": "refresh"})
    second.until(seen, control.replied("state"))
    assert seen.messages[-1]["content"]["data"]["stale"] == {saved["id"]: "df +2 columns, utils.py edited"}


@pytest.mark.parametrize("names_cells", [True, False])
def test_where_no_part_of_ours_listens_the_output_says_it(kernel, serve, names_cells):
    """A front end that names its cells gets a line below the answer; a program that executes notebooks keeps its output."""
    running = kernel(serve(Reply(["Because."])))
    cells = iter("abcdef") if names_cells else iter([None] * 6)
    running.run("x = [1]", next(cells))
    asked = running.run("%ask what is @x?", next(cells))
    seen = running.run("x = [1, 2]", next(cells))
    asked.messages += settled(running, seen).messages
    lines = asked.outputs()[0]["data"]["text/plain"].splitlines()
    assert lines[0] == "Because."
    assert (lines[-1] == "stale: x length 1 -> 2. Run the cell to ask again.") is names_cells
    assert len(asked.outputs()) == 1


def test_nothing_is_left_after_unloading(kernel, serve):
    """With an answer that is followed, unloading ends the following: no thread, no push, whatever changes."""
    running = kernel(serve(Reply(["Because."])))
    running.run("x = [1]", "a")
    running.run("%ask what is @x?", "b")
    seen = running.run("%unload_ext askance\nx = [1, 2]", "c")
    assert pushes(settled(running, seen)) == []
    threads = running.run("import threading; print([t.name for t in threading.enumerate() if 'askance' in t.name])")
    assert threads.printed == "[]\n"


def test_a_retry_asks_anew_once(kernel, serve):
    """The next ask of that cell goes past the cache, the one after that does not; others are not touched."""
    server = serve(Reply(["Because."]))
    running = kernel(server)
    control = Control(running)
    control.open(HELLO)
    for cell in "ab":
        running.run(f"%ask why {cell}?", cell)
    assert len(server.asked) == 2
    control.send({"type": "retry", "cell": "a"})
    seen = Outcome()
    running.until(seen, control.replied("retrying"))
    assert seen.messages[-1]["content"]["data"] == {"type": "retrying", "cell": "a"}
    for cell in "baa":
        running.run(f"%ask why {cell}?", cell)
    assert len(server.asked) == 3


HOSTILE = [
    {"type": "watch"},
    {"type": "watch", "answers": {}},
    {"type": "watch", "answers": [None, 3, [], {"id": 3}, {"id": "x", "items": 3}, {"id": "y", "items": [{}]}]},
    {"type": "watch", "answers": [{"id": "z", "items": [{"id": "variables:x", "fingerprint": ["a"]}]}]},
    {"type": "watch", "answers": [{"id": "l", "items": [{"id": "files:" + "x" * 70_000, "fingerprint": "a"}]}]},
    {"type": "retry"},
    {"type": "retry", "cell": ["a"]},
    {"type": "pace", "interval": "fast"},
    {"type": "pace", "interval": None},
    {"type": "pace", "interval": -1},
    {"type": "pace", "interval": True},
    {"type": "insert", "cell": "a", "code": "1/0"},
    {"type": ["watch"]},
]


def test_hostile_messages_do_nothing(kernel, serve):
    """Whatever a front end sends, the kernel lives, nothing is asked, no file outside is looked at, nothing is stale."""
    server = serve(Reply(["Because."]))
    running = kernel(server)
    running.run("x = 1", "a")
    control = Control(running)
    control.open(HELLO)
    outside = [
        {"id": f"files:{name}", "fingerprint": "a"} for name in ("../../etc/passwd", "/etc/passwd", "\0", ".git/config")
    ]
    for message in [*HOSTILE, {"type": "watch", "answers": [{"id": "o", "items": outside}]}]:
        control.send(message)
    seen = Outcome()
    control.send({"type": "refresh"})
    running.until(seen, control.replied("state"))
    settled(running, seen)
    assert server.asked == []
    assert pushes(seen, "insert") == pushes(seen, "retrying") == []
    assert not any(id_ == "x" for push in pushes(seen) for id_ in push["answers"])


def test_the_front_end_sets_the_pace(kernel):
    """Within bounds, whatever it says."""
    running = kernel()
    control = Control(running)
    control.open(HELLO)
    running.until(Outcome(), control.replied("state"))
    look = "from askance.kernel.extension import _loaded; [round(e._host.state.pace, 4) for e in _loaded.values()]"
    for interval, seconds in ((None, 0.0333), (120, 0.12), (1, 0.0333), (9000, 0.5)):
        control.send({"type": "pace", "interval": interval})
        control.send({"type": "refresh"})
        running.until(Outcome(), control.replied("state"))
        assert running.run(look).result == f"[{seconds}]"


def test_one_name_is_looked_up_without_a_copy_of_all():
    """A thousand times more variables cost no more calls; names of IPython's own and private ones are not there."""
    small, large = ({f"v{number}": number for number in range(size)} for size in (10, 10_000))
    few, many = (Namespace(every | {"_x": 1, "In": 2}, {"In": 2}) for every in (small, large))
    assert calls_during(lambda: ("v3" in many, many["v3"])) == calls_during(lambda: ("v3" in few, few["v3"]))
    assert [name in many for name in ("v3", "_x", "In", "gone")] == [True, False, False, False]
    assert list(few) == list(small)
    assert dict(few.items()) == small
    assert (list(few.values()), len(few)) == (list(small.values()), 10)


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(
            some.sampled_from(("id", "items", "fingerprint", "facts", "level", "answers")), inner, max_size=5
        )
    ),
    max_leaves=30,
)


@given(some.dictionaries(some.sampled_from(("answers", "type")), JSON, max_size=2))
@settings(max_examples=300, deadline=None)
def test_any_message_gives_well_formed_answers(data):
    """What is taken from a message has the right types and is bounded, whatever stands in it."""
    for id_, saw in watched(data).items():
        assert isinstance(id_, str)
        for one in saw:
            assert isinstance(one.id, str)
            assert isinstance(one.fingerprint, str)
            assert {type(value) for value in one.facts.values()} <= {int, str}


def test_messages_are_bounded():
    """Of too many items and facts the first are taken."""
    item = {"id": "variables:x", "fingerprint": "a", "facts": {f"f{number}": number for number in range(99)}}
    (saw,) = watched({"answers": [{"id": "a", "items": [item] * 500}]}).values()
    assert (len(saw), len(saw[0].facts)) == (MOST_ITEMS, MOST_FACTS)
    assert [seconds_of(value) for value in (100, 33.5, float("nan"), float("inf"), True, "1")] == [
        0.1,
        0.0335,
        *[None] * 4,
    ]


class Engine:
    """A context engine whose world is a dict of fingerprints; counts what it is asked."""

    def __init__(self, **world):
        self.world = {f"variables:{name}": value for name, value in world.items()}
        self.asked = []
        self.clock = FakeClock()
        self.costs = 0.0

    def fingerprint(self, source, name):
        self.asked.append(name)
        self.clock.move(self.costs)
        return self.world.get(f"{source}:{name}")

    def facts(self, source, name):
        return {}

    def knows(self, source):
        return source in ("variables", "files")

    def pulse(self):
        return ()


class Followed:
    """Answers over such an engine, with what they told."""

    def __init__(self, **world):
        self.engine = Engine(**world)
        self.engine.engine = self.engine
        self.news = []
        self.loop = LoopThread("askance-test")
        self.answers = Answers(lambda: self.engine, self.loop, self.news.append, clock=self.engine.clock)
        self.soon, self.answers._soon = self.answers._soon, lambda: None

    def add(self, id_, *names):
        """An answer of this kernel that saw these as they are now."""
        items = tuple(
            Item(
                source="variables", name=name, level="full", tokens=1, score=1.0, parts={}, why="", status="sent",
                fingerprint=self.engine.world[f"variables:{name}"],
            )
            for name in names
        )  # fmt: skip
        self.answers.add(Answer(question="?", text="!", model="m", id=id_, ledger=Ledger(items=items)))
        self.answers._left = ()

    def look(self):
        """A cell has ended: one look, now."""
        self.answers.look()
        return self.go_on()

    def go_on(self):
        """What is left to look at, now."""
        self.engine.asked.clear()
        self.answers._look()
        return list(self.engine.asked)

    def close(self):
        self.answers.close()
        self.loop.close()


@pytest.fixture
def followed():
    made = []

    def make(**world):
        made.append(Followed(**world))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_look_asks_for_each_thing_once(followed):
    """However many answers saw it; and tells in one go only what is news."""
    world = followed(a="1", b="1", c="1")
    for number in range(20):
        world.add(f"id{number}", "a", "b")
    world.add("last", "c")
    assert sorted(world.look()) == ["a", "b", "c"]
    assert world.news == []
    world.engine.world["variables:a"] = "2"
    world.look()
    world.look()
    assert world.news == [{f"id{number}": "a changed" for number in reversed(range(20))}]
    assert world.answers.stale == {f"id{number}": "a changed" for number in range(20)}
    world.engine.world["variables:a"] = "1"
    world.look()
    assert set(world.news[1].values()) == {""}
    assert world.answers.stale == {}


def test_the_latest_fifty_are_followed(followed):
    """Older ones make room; saved ones make room before those of this kernel."""
    world = followed(a="1")
    for number in range(40):
        world.add(f"own{number}", "a")
    saw = (Saw(id="variables:a", fingerprint="0"),)
    world.answers.watch({f"saved{number}": saw for number in range(70)} | {"own0": saw})
    world.look()
    assert world.answers.stale == {f"saved{number}": "a changed" for number in range(60, 70)}
    for number in range(40, 60):
        world.add(f"own{number}", "a")
    world.engine.world["variables:a"] = "2"
    world.look()
    assert world.answers.stale == {f"own{number}": "a changed" for number in range(10, 60)}


def test_a_look_that_takes_too_long_goes_on_where_it_ended(followed):
    """Each look does at least one answer and stops at its budget; together they do all, then begin anew."""
    names = [f"v{number}" for number in range(6)]
    world = followed(**dict.fromkeys(names, "1"))
    for name in names:
        world.add(f"id of {name}", name)
    world.engine.costs = 0.03
    assert [world.look(), world.go_on(), world.go_on(), world.go_on()] == [["v5", "v4"], ["v3", "v2"], ["v1", "v0"], []]
    assert [world.look(), world.look(), world.go_on(), world.go_on(), world.go_on()] == [
        ["v5", "v4"], ["v3", "v2"], ["v1", "v0"], ["v5", "v4"], []
    ]  # fmt: skip
    world.engine.costs = 1.0
    assert world.look() == ["v5"]


def test_what_this_kernel_never_had_makes_nothing_stale(followed):
    """A saved answer's variable that is not defined yet is no change; defined and deleted it is, and so is a missing file."""
    world = followed()
    saw = [
        Saw(id="variables:a", fingerprint="1"),
        Saw(id="files:b.py", fingerprint="1"),
        Saw(id="other:c", fingerprint="1"),
    ]
    world.answers.watch({"saved": saw})
    world.look()
    assert world.answers.stale == {"saved": "b.py gone"}
    world.engine.world["variables:a"] = "1"
    world.look()
    assert world.answers.stale == {"saved": "b.py gone"}
    del world.engine.world["variables:a"]
    world.look()
    assert world.answers.stale == {"saved": "a gone, b.py gone"}


def test_a_source_that_fails_is_no_change(followed):
    """What cannot be told is not called changed."""
    world = followed(a="1")
    world.add("id", "a")

    def fail(source, name):
        raise RuntimeError

    world.engine.fingerprint = fail
    world.look()
    assert world.news == []


def test_cells_that_follow_each_other_cost_one_look(followed, monkeypatch):
    """It is put off as long as cells end, and as long as an ask is being prepared."""
    monkeypatch.setattr(answers_, "QUIET_SECONDS", 0.05)
    world = followed(a="1")
    busy = threading.Event()
    busy.set()
    world.answers._busy = busy.is_set
    looks = []
    world.answers._look = lambda: looks.append(1)
    world.answers._soon = world.soon
    world.add("id", "a")
    for _ in range(50):
        world.answers.look()
    world.engine.clock.move(1)
    assert not wait_for(lambda: looks, 0.5)
    busy.clear()
    assert wait_for(lambda: looks)
    assert looks == [1]


def test_nothing_runs_while_there_is_nothing_to_follow(followed):
    """A kernel without answers starts no thread of ours at the end of its cells, and none after it was closed."""
    before = set(threading.enumerate())
    world = followed(a="1")
    world.answers._soon = world.soon
    world.answers.look()
    world.answers.close()
    world.add("late", "a")
    world.answers.watch({"late": [Saw(id="variables:a", fingerprint="0")]})
    assert "askance-test" not in [thread.name for thread in set(threading.enumerate()) - before]
    assert world.look() == []


class Variables:
    """A source of variables that are lines of text."""

    name = "variables"

    def __init__(self, **values):
        self.values = values

    async def collect(self, ask):
        return [
            Candidate(
                source="variables", name=name, render=lambda _, name=name, text=text: f"{name}:\n{text}", fingerprint=lambda text=text: text
            )
            for name, text in self.values.items()
        ]  # fmt: skip

    def fingerprint(self, name):
        return self.values.get(name)


def test_the_difference_is_shown():
    """Each change in words, then how the text differs; nothing if nothing changed; a long difference is cut."""
    source = Variables(a="one\ntwo\nthree", b="x", c="\n".join(map(str, range(90))))
    session = session_for_tests("Because.", EndChunk("stop"), sources=[source])
    answer = session.ask("what are @a, @b and @c?")
    assert diff_text(session, answer) == "Nothing has changed since this answer."
    source.values |= {"a": "one\n2\nthree"}
    assert diff_text(session, answer).splitlines() == [
        "a changed",
        "    @@ -2,3 +2,3 @@",
        "     one",
        "    -two",
        "    +2",
        "     three",
    ]
    source.values = {"a": "one\ntwo\nthree", "c": "\n".join(map(str, range(200, 290)))}
    lines = diff_text(session, answer).splitlines()
    assert lines[:2] == ["b gone", "c changed"]
    assert len(lines) == 2 + MOST_LINES + 1
    assert lines[-1].endswith("more lines")
    session.loop.close()


def test_which_answer_is_meant():
    """The word "diff" alone means the last one, with a name the one in a variable; anything else is a question."""
    last, named = (Answer(question="?", text="!", model="m", id=id_) for id_ in "ab")
    namespace = {"first": named, "a": 1}
    names: list[list[str]] = [[], ["first"], ["a"], ["gone"]]
    assert [meant(some, last, namespace) for some in names] == [last, named, None, None]


def test_ctx_diff_in_a_kernel(kernel, serve):
    """One line before anything was answered; then words and the difference."""
    running = kernel(serve(Reply(["Because."])))
    assert len(running.run("%ctx diff").error) == 1
    running.run("x = 3", "a")
    running.run("%ask what is @x? << first", "b")
    assert running.run("%ctx diff").printed == "Nothing has changed since this answer.\n"
    running.run("x = 4", "c")
    assert running.run("%ctx diff first").printed.splitlines() == [
        "x changed",
        "    @@ -1 +1 @@",
        "    -x: int 3",
        "    +x: int 4",
    ]
