"""Hostile and broken repositories: nothing they name is run, nothing hangs, and what is left out is said in one line."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from faults.git_attacks import ATTACKS, Place, make
from faults.git_broken import BROKEN, SLOW

from askance.errors import AskanceError
from askance.index.history import head, read_history
from askance.index.project import Project
from askance.index.root import find_root
from askance.records import Ask
from askance.sources.git import GitSource

SECONDS = 2.0
ASKED = Ask(question="what has changed in git since the last commit?", model="m")
BESIDE = Ask(question="why is revenue negative?", model="m")


def said(source, ask):
    return [candidate.render("outline") for candidate in asyncio.run(source.collect(ask))]


def indexed(place):
    project = Project(place.root, environ=place.environ, watch=False)
    try:
        project.refresh()
        return [*project.paths(), *project.history(), *project.subjects(head(place.root)), *project.notes]
    finally:
        project.close()


def compared(place):
    source = GitSource(place.root, place.environ, timeout=SECONDS)
    names = ("branch", "changes", "commits")
    return [source.pulse(), *map(source.fingerprint, names), *map(source.facts, names)]


HARMLESS = frozenset(
    ("index.lock", "order of files is a pipe", "the diary is a pipe", "config includes itself", "HEAD of 100 MB")
)
"""What keeps nobody from telling the state."""

CALLS = {
    "state": lambda place: said(GitSource(place.root, place.environ, timeout=SECONDS), ASKED),
    "beside": lambda place: said(GitSource(place.root, place.environ, timeout=SECONDS), BESIDE),
    "compared": compared,
    "history": lambda place: read_history(place.root, place.environ, timeout=SECONDS),
    "index": indexed,
    "root": lambda place: [find_root(place.root, Path("/nowhere")), head(place.root)],
}
"""All that is done with git."""


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A plain repository."""
    return make(tmp_path_factory.mktemp("template"))


@pytest.fixture
def place(template, tmp_path):
    """A copy of it to be spoilt."""
    shutil.copytree(template.root.parent, tmp_path / "all", symlinks=True)
    folder = tmp_path / "all"
    environ = {**template.environ, "HOME": str(folder / "home")}
    return Place(folder / "repo", folder / "outside", environ, folder / "marks")


def marks(place):
    return {mark: (place.marks / mark).read_text() for mark in os.listdir(place.marks)}


def children():
    """Processes that this one has started and that are still there, zombies included."""
    found = []
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found += [int(pid)] if int(state[1]) == os.getpid() else []
    return found


def called(place, call, monkeypatch):
    """What a call says: a value, or one line. It stands in the project's folder, as a kernel does."""
    monkeypatch.chdir(place.root)
    before = children()
    try:
        text = str(CALLS[call](place))
    except AskanceError as error:
        assert "\n" not in str(error)
        text = str(error)
    assert set(children()) <= set(before)
    return text


def attacked(place, attack, call, monkeypatch):
    command = ATTACKS[attack](place)
    for mark in marks(place):  # left while it was set up
        (place.marks / mark).unlink()
    text = called(place, call, monkeypatch)
    assert marks(place) == {}
    return command, text


RUNS = [(attack, call) for attack in ATTACKS for call in CALLS]
TENTH = [(attack, call) for number, (attack, call) in enumerate(RUNS) if number % 7 == 0]


@pytest.mark.parametrize(("attack", "call"), TENTH)
def test_no_program_is_run(place, attack, call, monkeypatch):
    """One way of asking git for each attack; that the trap is set is shown first to be true of git itself."""
    command, _ = attacked(place, attack, call, monkeypatch)
    place.git(*command, check=False)
    assert marks(place) != {}


@pytest.mark.full
@pytest.mark.parametrize(("attack", "call"), [run for run in RUNS if run not in TENTH])
def test_no_program_is_run_by_any_call(place, attack, call, monkeypatch):
    """Every other way."""
    attacked(place, attack, call, monkeypatch)


def broken(place, how, call, monkeypatch):
    if how == "another's repository" and os.geteuid():
        pytest.skip("only root can give a file to somebody else")
    BROKEN[how](place)
    text = called(place, call, monkeypatch)
    assert marks(place) == {}
    assert "private" not in text
    assert "secret-branch" not in text
    child = place.outside / "child"
    if child.exists():
        assert not _lives(int(child.read_text()))
    return text


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_repository_is_one_line(place, how, monkeypatch):
    """Asked for its state, each answers in time, with what can be told or a sentence."""
    text = broken(place, how, "state", monkeypatch)
    if how in SLOW:
        assert "longer than" in text
    elif how not in HARMLESS:
        assert "git state left out" in text


@pytest.mark.full
@pytest.mark.parametrize("call", [call for call in CALLS if call not in ("state", "index")])
@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_repository_stops_no_call(place, how, call, monkeypatch):
    """Nor does any other call hang or raise something else."""
    broken(place, how, call, monkeypatch)


@pytest.mark.full
@pytest.mark.parametrize("how", [how for how in BROKEN if how not in ("git hangs", "git leaves a child")])
def test_a_broken_repository_is_still_indexed(place, how, monkeypatch):
    """Its files are found all the same."""
    assert "a.py" in broken(place, how, "index", monkeypatch)
