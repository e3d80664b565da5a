"""Files as context: found by words, by mention, by being open; privacy of data files; freshness."""

import asyncio
import json

import pytest

from askance.index.project import Project
from askance.records import LEVELS, Ask, Privacy
from askance.sources.base import StaticState
from askance.sources.files import FilesSource


@pytest.fixture
def project(tmp_path):
    """A project of a few files, by stat scans."""
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "ledger.py").write_text(
        "x = 1\n" * 40 + "def balanceSheet(rows):\n    return sum(rows)\n" + "y = 2\n" * 40
    )
    (tmp_path / "pkg" / "other.py").write_text("def unrelated():\n    pass\n")
    (tmp_path / "people.csv").write_text("name,balance\nAnna,3\n")
    cells = [{"cell_type": "code", "source": ["balance = 3\n"], "outputs": [{"text": "secret output"}]}]
    (tmp_path / "work.ipynb").write_text(json.dumps({"cells": cells}))
    project = Project(tmp_path, watch=False)
    yield project
    project.close()


def collect(source, question="where is the balance sheet?", **more):
    return asyncio.run(source.collect(Ask(question=question, model="m", **more)))


def test_best_match_first_with_an_excerpt_of_the_definition(project):
    """CamelCase names are found by their parts; the excerpt holds the definition with its lines, not the file."""
    best = collect(FilesSource(project, StaticState()))[0]
    assert (best.name, best.signals["similarity"], best.signals["symbols"]) == ("pkg/ledger.py", 1.0, 1.0)
    text = best.render("excerpt")
    assert "# lines 41-70 (balanceSheet)\ndef balanceSheet(rows):" in text
    assert len(text) < 1700
    assert best.render("outline") == "pkg/ledger.py\ndef balanceSheet(rows)"
    assert best.render("full").count("\n") == 83


def test_mentioned_and_open_files_are_offered_without_a_match(project):
    """A mention by the end of the path becomes an alias; the active tab counts more."""
    found = collect(
        FilesSource(project, StaticState(open_files=["people.csv", "gone.py"])), "?", mentions=("other.py",)
    )
    assert {c.name: (c.aliases, c.signals.get("open")) for c in found} == {
        "pkg/other.py": (("other.py",), None),
        "people.csv": ((), 1.0),
        "work.ipynb": ((), None),  # beside the open one
    }


def test_recent_files_are_offered_by_their_place(project):
    """The latest first; those that are no files of the project are left out."""
    recent = ["pkg/other.py", "gone.py", "people.csv"]
    found = {c.name: c.signals for c in collect(FilesSource(project, StaticState(recent_files=recent)), "?")}
    assert {name: signals["recency"] for name, signals in found.items()} == {"pkg/other.py": 1.0, "people.csv": 0.81}


def test_rows_of_data_files_need_privacy_three(project):
    """Below it only the header is told, at any level."""
    source = FilesSource(project, StaticState())
    by_privacy = [
        next(
            c for c in collect(source, mentions=("people.csv",), privacy=Privacy(most=p)) if c.name == "people.csv"
        ).render("full")
        for p in range(4)
    ]
    assert by_privacy[:3] == ["people.csv", "people.csv\nname,balance", "people.csv\nname,balance"]
    assert "Anna" in by_privacy[3]


def test_the_asking_notebook_is_no_context_and_outputs_are_not_read(project):
    """Another notebook is its cells' sources alone."""
    path = project.root / "work.ipynb"
    asking = collect(FilesSource(project, StaticState(), lambda: path))
    other = next(c for c in collect(FilesSource(project, StaticState())) if c.name == "work.ipynb")
    assert "work.ipynb" not in [c.name for c in asking]
    assert other.render("full") == "work.ipynb\n# %% [code]\nbalance = 3\n"


def test_changes_are_seen_by_the_next_ask(project):
    """An edit changes fingerprint and ranking, a deletion takes the file away, a new file comes."""
    source = FilesSource(project, StaticState())
    before = collect(source)[0]
    fingerprint = before.fingerprint()
    (project.root / "pkg" / "ledger.py").write_text("nothing here\n")
    assert source.fingerprint(before.name) != fingerprint
    (project.root / "new.py").write_text("balance = sheet = 1\n")
    assert collect(source)[0].name == "new.py"
    (project.root / "new.py").unlink()
    assert source.fingerprint("new.py") is None
    assert "new.py" not in [c.name for c in collect(source)]


def test_a_fresh_project_knows_fingerprints_without_an_index(project):
    """After a kernel restart a cached answer can be checked before any scan; ignored files stay out."""
    before = collect(FilesSource(project, StaticState()))[0]
    fresh = FilesSource(Project(project.root, watch=False), StaticState())
    assert fresh.fingerprint(before.name) == before.fingerprint()
    (project.root / ".askignore").write_text("pkg/\n")
    assert fresh.fingerprint(before.name) is None


def test_of_a_file_that_is_only_new_no_more_than_its_name_goes_along(tmp_path):
    """What is open gives its outline; what the question speaks of may be sent whole."""
    for name in ("sales.py", "tab.py", "lately.py"):
        (tmp_path / name).write_text(f"def {name[:-3]}():\n    return 1\n")
    project = Project(tmp_path, watch=False)
    state = StaticState(open_files=["tab.py"], recent_files=["lately.py"])
    found = collect(FilesSource(project, state), "where are sales computed?")
    project.close()
    levels = {candidate.name: candidate.levels for candidate in found}
    assert levels == {"sales.py": LEVELS, "tab.py": LEVELS[:2], "lately.py": LEVELS[:1]}


def test_a_mentioned_file_that_is_left_out_is_a_note(tmp_path):
    """So that nobody looks for a mistake in its name; of one that is not there nothing is said."""
    (tmp_path / ".askignore").write_text("plans.md\n")
    (tmp_path / "plans.md").write_text("x")
    project = Project(tmp_path, watch=False)
    source = FilesSource(project, StaticState())
    assert collect(source, mentions=("plans.md", "gone.md", "plans")) == []
    assert source.notes == ("plans.md is left out, by an ignore file or by its name",)
    collect(source)
    assert source.notes == ()
    project.close()
