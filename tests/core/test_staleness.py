"""What has changed since an answer: the words name exactly that, and an unchanged world gives none."""

import subprocess
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from askance.differences import words
from askance.index.project import Project
from askance.records import Cell, Item, Ledger
from askance.sources.base import StaticState
from askance.sources.cells import CellsSource
from askance.sources.error import ErrorSource
from askance.sources.files import FilesSource
from askance.sources.git import GitSource
from askance.sources.variables import VariablesSource
from askance.staleness import Change, Saw, changes, line, seen

FRAME = {"type": "pandas.DataFrame", "rows": 100, "columns": 3, "schema": "a"}
HEAD = {"branch": "main", "head": "3f", "commits": "3f 2e 1d"}


@pytest.mark.parametrize(
    ("id_", "then", "now", "said"),
    [
        ("variables:df", FRAME, FRAME | {"columns": 5, "schema": "b"}, "df +2 columns"),
        ("variables:df", FRAME, FRAME | {"columns": 2, "schema": "b"}, "df -1 column"),
        ("variables:df", FRAME, FRAME | {"rows": 1120}, "df 100 -> 1,120 rows"),
        ("variables:df", FRAME, FRAME | {"columns": 4, "rows": 99}, "df +1 column and 100 -> 99 rows"),
        ("variables:df", FRAME, FRAME | {"schema": "b"}, "df columns changed"),
        ("variables:df", FRAME, FRAME, "df changed"),
        ("variables:df", {}, FRAME, "df changed"),
        ("variables:df", FRAME, {"type": "list", "length": 3}, "df DataFrame -> list"),
        ("variables:df", FRAME, None, "df gone"),
        ("variables:x", {"type": "list", "length": 3}, {"type": "list", "length": 5}, "x length 3 -> 5"),
        ("variables:x", {"shape": "(3,)", "dtype": "a"}, {"shape": "(4,)", "dtype": "b"}, "x shape (3,) -> (4,) and dtype a -> b"),
        ('tools:read_file {"path":"utils.py"}', {}, {}, "what read_file(utils.py) gave has changed"),
        ('tools:read_file {"path":"utils.py"}', {}, None, "what read_file(utils.py) gave cannot be told any more"),
        ("tools:git_log", {}, {}, "what git_log() gave has changed"),
        ('tools:f {"a":1,"b":["x"],"c":null}', {}, {}, 'what f(1, ["x"], null) gave has changed'),
        ('tools:read_file {"path":"' + "deep/" * 20 + 'a.py"}', {}, {},
         "what read_file(…deep/deep/deep/deep/deep/deep/deep/a.py) gave has changed"),
        ('tools:run {"code":"' + "x = 1; " * 20 + '"}', {}, {},
         "what run(x = 1; x = 1; x = 1; x = 1; x = 1; x = …) gave has changed"),
        ('tools:f {"a":"x\\n\\u202ey"} and more', {}, {}, 'what f({"a":"x\\n\\u202ey"} and more) gave has changed'),
        ("files:src/utils.py", {"bytes": 10}, {"bytes": 11}, "src/utils.py edited"),
        ("files:src/utils.py", {"bytes": 10}, None, "src/utils.py gone"),
        ("files:" + "deep/" * 20 + "utils.py", {}, {}, "…/deep/deep/deep/deep/deep/deep/utils.py edited"),
        ("cells:0f3a", {"number": 3, "failed": 0}, {"number": 9, "failed": 0}, "cell[3] edited"),
        ("cells:0f3a", {"number": 3, "failed": 0}, {"number": 9, "failed": 1}, "cell[3] fails now"),
        ("cells:0f3a", {"number": 3, "failed": 1}, {"number": 9, "failed": 0}, "cell[3] no longer fails"),
        ("cells:0f3a5b7c9d1e", {}, {}, "cell 0f3a5b7c edited"),
        ("error:error", {"type": "KeyError"}, None, "KeyError gone"),
        ("error:error", {"type": "KeyError"}, {"type": "shop.NoStock"}, "KeyError -> NoStock"),
        ("error:error", {"type": "KeyError"}, {"type": "KeyError"}, "KeyError changed"),
        ("git:branch", HEAD, HEAD | {"head": "5a", "commits": "5a 4b 3f 2e"}, "main: 2 new commits"),
        ("git:commits", HEAD, HEAD | {"head": "5a", "commits": "5a 3f 2e"}, "main: 1 new commit"),
        ("git:branch", HEAD, HEAD | {"head": "5a", "commits": "5a 4b"}, "main moved to 5a"),
        ("git:branch", HEAD, HEAD | {"branch": "dev", "head": "5a"}, "branch main -> dev"),
        ("git:branch", HEAD, HEAD | {"branch": ""}, "branch main -> no branch"),
        ("git:branch", HEAD, HEAD, "git branch changed"),
        ("git:branch", HEAD, None, "git branch gone"),
        ("git:changes", {"files": 2}, {"files": 5}, "uncommitted files 2 -> 5"),
        ("git:changes", {"files": 2}, {"files": 2}, "uncommitted files changed"),
        ("git:changes", {"files": 2}, None, "uncommitted files gone"),
        ("packages:numpy,pandas", {"numpy": "2.1", "pandas": "2.2"}, {"numpy": "2.1", "pandas": "2.3"}, "pandas 2.2 -> 2.3"),
        ("packages:declared", {"declared": 5}, {"declared": 5}, "declared packages changed"),
        ("packages:declared", {"declared": 5}, {"declared": 6}, "declared 5 -> 6"),
        ("imports:a.py", {}, {}, "imports of a.py changed"),
        ("environment:environment", {"python": "3.11.2 (CPython)"}, {"python": "3.12.1 (CPython)"}, "Python 3.11.2 -> 3.12.1"),
        ("environment:environment", {"python": "3.11.2"}, {"python": "3.11.2"}, "environment changed"),
        ("tabs:tabs", {}, {}, "open tabs changed"),
        ("others:thing", {}, {}, "thing changed"),
    ],
)  # fmt: skip
def test_words(id_, then, now, said):
    """Each kind of thing in its own words, short and exact."""
    assert words(id_, then, now) == said


@given(some.text(), some.dictionaries(some.text(), some.integers() | some.text()), some.none() | some.just({}))
@settings(max_examples=200, deadline=None)
def test_words_are_one_short_line_whatever_comes(name, then, now):
    """Names and facts out of a saved notebook may be anything."""
    for source in ("variables", "files", "cells", "error", "git", "packages", "imports", "environment", "tabs", "x"):
        said = words(f"{source}:{name}", then, now if now is None else then)
        assert len(said) < 300
        assert "\n" not in said


def test_a_line_tells_the_most_telling_first_and_counts_the_rest():
    """At most four are named, none twice; a size before an edit, an edit before a mere change."""
    told = [
        ("tabs:tabs", "open tabs changed"),
        ("variables:threshold", "threshold changed"),
        ("git:branch", "main: 3 new commits"),
        ("git:commits", "main: 3 new commits"),
        ("files:utils.py", "utils.py edited"),
        ("variables:df", "df +2 columns"),
    ]
    found = [Change(*one) for one in told]
    assert line(found) == "df +2 columns, utils.py edited, threshold changed, main: 3 new commits and 1 more"
    assert line(found[-2:]) == "df +2 columns, utils.py edited"
    assert line([]) == ""


def test_only_what_was_sent_was_seen():
    """What was left out of the request makes no answer wrong."""
    item = Item(
        source="variables", name="df", level="name", tokens=3, score=1.0, parts={}, why="", fingerprint="a",
        status="sent", facts={"rows": 3},
    )  # fmt: skip
    ledger = Ledger(items=(item, replace(item, name="other", status="cut"), replace(item, name="old", status="kept")))
    expected = Saw(id="variables:df", fingerprint="a", facts={"rows": 3}, name_only=True)
    assert seen(ledger) == (expected, replace(expected, id="variables:old"))


def test_a_name_stays_true_whatever_happens_inside():
    """Of a file that went along as a name alone an edit is no news; that it is gone is."""
    saw = [Saw(id="files:a.py", fingerprint="1", name_only=True)]
    assert not list(changes(saw, lambda *_: "2", lambda *_: {"bytes": 3}))
    assert [one.words for one in changes(saw, lambda *_: None, lambda *_: {})] == ["a.py gone"]
    saw = [Saw(id="variables:x", fingerprint="1", facts={"type": "int"}, name_only=True)]
    assert not list(changes(saw, lambda *_: "2", lambda *_: {"type": "int"}))
    assert [one.words for one in changes(saw, lambda *_: "2", lambda *_: {"type": "str"})] == ["x int -> str"]


@pytest.mark.parametrize("source", ["cells", "error", "git", "packages", "imports", "environment", "tabs", "others"])
def test_a_name_of_other_things_says_what_they_are(source):
    """The one line told of an error, a branch or the machine is its content."""
    saw = [Saw(id=f"{source}:x", fingerprint="1", name_only=True)]
    assert len(list(changes(saw, lambda *_: "2", lambda *_: {}))) == 1
    assert not list(changes(saw, lambda *_: "1", lambda *_: {}))


def test_a_sampled_value_is_told_of_like_others():
    """How much of a value was looked at is no difference in words."""
    sampled = {"type": "list", "length": 9, "sampled": "3 of 9"}
    assert words("variables:x", sampled, sampled | {"sampled": "4 of 9"}) == "x changed"
    assert words("variables:x", sampled, {"type": "list", "length": 2}) == "x length 9 -> 2"


def test_facts_are_asked_only_of_what_has_changed():
    """A world that stands still costs its fingerprints and nothing more."""
    saw = [Saw(id=f"variables:{name}", fingerprint="1") for name in "abc"]
    asked = []
    list(changes(saw, lambda _, name: "2" if name == "b" else "1", lambda *one: asked.append(one) or {}))
    assert asked == [("variables", "b")]


class World:
    """Sources, as a session asks them."""

    def __init__(self, *sources):
        self._sources = {source.name: source for source in sources}

    def fingerprint(self, source, name):
        return self._sources[source].fingerprint(name)

    def facts(self, source, name):
        return self._sources[source].facts(name)

    def saw(self, *ids):
        pairs = [id_.split(":", 1) for id_ in ids]
        return [
            Saw(id=id_, fingerprint=self.fingerprint(*pair), facts=self.facts(*pair))
            for id_, pair in zip(ids, pairs, strict=True)
        ]

    def told(self, saw):
        return [change.words for change in changes(saw, self.fingerprint, self.facts)]


VALUES = (
    some.integers() | some.floats() | some.text(max_size=20) | some.booleans() | some.none() | some.binary(max_size=9)
    | some.lists(some.integers(), max_size=6) | some.dictionaries(some.text(max_size=5), some.integers(), max_size=4)
)  # fmt: skip


@given(some.dictionaries(some.sampled_from("abcdef"), VALUES), some.data())
@settings(max_examples=150, deadline=None)
def test_random_edits_of_values(namespace, data):
    """Exactly the variables that were replaced by something else, or removed, are named; setting an equal value is no change."""
    world = World(VariablesSource(StaticState(namespace)))
    saw = world.saw(*(f"variables:{name}" for name in namespace))
    assert world.told(saw) == []
    before = {name: repr(value) for name, value in namespace.items()}
    for name in list(namespace):
        match data.draw(some.sampled_from(("keep", "keep", "replace", "remove"))):
            case "replace":
                namespace[name] = data.draw(VALUES)
            case "remove":
                del namespace[name]
    touched = [name for name, value in before.items() if name not in namespace or repr(namespace[name]) != value]
    assert [said.partition(" ")[0] for said in world.told(saw)] == touched


@given(some.integers(1, 20), some.integers(0, 6), some.integers(0, 6), some.integers(0, 30), some.booleans())
@settings(max_examples=100, deadline=None)
def test_random_edits_of_frames(rows, width, new_width, new_rows, polars):
    """The words give the difference in columns and both numbers of rows; undone, there are none."""
    library = pytest.importorskip("polars") if polars else pd
    width, new_width = (max(1, width), max(1, new_width)) if polars else (width, new_width)

    def frame(rows, width):
        made = {f"c{number}": list(range(rows)) for number in range(width)}
        if polars:
            return library.DataFrame(made, schema=dict.fromkeys(made, library.Int64))
        return pd.DataFrame(made, index=range(rows), dtype="int64")

    namespace = {"df": frame(rows, width)}
    world = World(VariablesSource(StaticState(namespace)))
    saw = world.saw("variables:df")
    namespace["df"] = frame(new_rows, new_width)
    more = new_width - width
    expected = [f"{more:+} column{'' if abs(more) == 1 else 's'}"] if more else []
    expected += [f"{rows} -> {new_rows} rows"] if new_rows != rows else []
    assert world.told(saw) == ([f"df {' and '.join(expected)}"] if expected else [])
    namespace["df"] = frame(rows, width)
    assert world.told(saw) == []


def test_edits_inside_a_frame():
    """A new name, another dtype, another cell; each undone."""
    namespace = {"df": pd.DataFrame({"a": [1, 2], "b": [3, 4]})}
    world = World(VariablesSource(StaticState(namespace)))
    saw, df = world.saw("variables:df"), namespace["df"]
    namespace["df"] = df.rename(columns={"a": "c"})
    assert world.told(saw) == ["df columns changed"]
    namespace["df"] = df.astype({"a": float})
    assert world.told(saw) == ["df columns changed"]
    namespace["df"] = df.assign(a=[1, 3])
    assert world.told(saw) == ["df changed"]
    namespace["df"] = df.copy()
    assert world.told(saw) == []


@given(some.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_edits_of_files(tmp_path_factory, data):
    """Exactly the files that were edited or deleted are named; a file written anew with the same text is not."""
    root = tmp_path_factory.mktemp("files")
    names = [f"m{number}.py" for number in range(4)]
    for name in names:
        (root / name).write_text(f"x = '{name}'\n")
    project = Project(root, watch=False)
    world = World(FilesSource(project, StaticState()))
    saw = world.saw(*(f"files:{name}" for name in names))
    expected = []
    for name in names:
        match data.draw(some.sampled_from(("keep", "same", "edit", "delete"))):
            case "same":
                (root / name).write_text(f"x = '{name}'\n")
            case "edit":
                (root / name).write_text(f"y = '{name}'\n")
                expected.append(f"{name} edited")
            case "delete":
                (root / name).unlink()
                expected.append(f"{name} gone")
    assert world.told(saw) == expected
    project.close()


@given(some.lists(some.sampled_from(("commit", "edit", "branch", "amend")), max_size=5))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_acts_on_a_repository(tmp_path_factory, acts):
    """New commits are counted, another branch and a rewritten head are named, uncommitted files are counted."""
    root = tmp_path_factory.mktemp("repository")
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(root), "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c"}
    environ |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c"}

    def git(*command):
        done = subprocess.run(["git", *command], cwd=root, env=environ, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "first")
    first = git("rev-parse", "HEAD")
    (root / "edit-of-old").write_text("")
    clock = iter(range(100_000))
    world = World(GitSource(root, environ, clock=lambda: next(clock)))
    saw = world.saw("git:branch", "git:commits", "git:changes")
    assert world.told(saw) == []
    commits = branches = edits = amends = 0
    for number, act in enumerate(acts):
        match act:
            case "commit":
                git("commit", "-q", "--allow-empty", "-m", f"number {number}")
                commits += 1
            case "amend":
                git("commit", "-q", "--allow-empty", "--amend", "-m", f"amended {number}")
                amends += commits == 0
            case "branch":
                git("checkout", "-q", "-b", f"b{number}")
                branches, name = branches + 1, f"b{number}"
            case "edit":
                (root / f"new-{number}").write_text("")
                edits += 1
    moved = git("rev-parse", "HEAD") != first
    expected = [f"branch main -> {name}"] if branches else []
    if branches:
        expected.append(f"branch main -> {name}")
    elif amends:
        expected.append(f"main moved to {git('rev-parse', 'HEAD')[:8]}")
    elif moved:
        expected.append(f"main: {commits} new commit{'' if commits == 1 else 's'}")
    expected += [f"uncommitted files 1 -> {1 + edits}"] if edits else []
    assert world.told(saw) == expected


def test_cells_and_the_error():
    """A cell that runs again unchanged is no news, whatever its number; one that was edited, or fails now, is."""
    cells = [Cell(id="a", number=1, source="x = 1"), Cell(id="b", number=2, source="y = 1")]
    world = World(CellsSource(StaticState(cells=cells)), ErrorSource(StaticState(error=KeyError("x"))))
    saw = world.saw("cells:a", "cells:b", "error:error")
    cells[0] = replace(cells[0], number=7)
    assert world.told(saw) == []
    cells[:] = [replace(cells[0], failed=True), replace(cells[1], source="y = 2", number=8)]
    assert world.told(saw) == ["cell[1] fails now", "cell[2] edited"]
    gone = World(CellsSource(StaticState()), ErrorSource(StaticState()))
    assert gone.told(saw) == ["cell[1] gone", "cell[2] gone", "KeyError gone"]


def test_of_what_only_the_name_was_told_the_type_decides():
    """And nobody looks inside of it: it may be large."""
    saw = [
        Saw(id="variables:big", fingerprint="1", facts={"type": "list"}, name_only=True),
        Saw(id="variables:other", fingerprint="1", facts={"type": "list"}, name_only=True),
        Saw(id="variables:told", fingerprint="1", facts={"type": "list"}),
    ]
    looked = []

    def fingerprint(_source, name):
        looked.append(name)
        return "2"

    kinds = {"big": "list", "other": "dict", "told": "list"}
    facts = {name: {"type": kind} for name, kind in kinds.items()}
    found = changes(saw, fingerprint, lambda _source, name: facts[name], lambda _source, name: kinds[name])
    assert [change.id for change in found] == ["variables:other", "variables:told"]
    assert looked == ["other", "told"]
