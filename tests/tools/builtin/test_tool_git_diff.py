"""git_diff: what was changed, what may be told of it, and repositories that would run programs."""

import json
import os
import shutil

import pytest
from faults.git_attacks import ATTACKS, Place, make
from faults.left_out import code


def test_changes_since_the_last_commit(repository):
    """Line by line; new and deleted files by name."""
    repository.write("utils.py", "def load(path):\n    return open(path)\n")
    repository.write("new.py", "new = 1\n")
    (repository.root / "main.py").unlink()
    said = repository.call("git_diff")
    assert said.startswith("2 changed files, compared with the last commit ")
    assert "deleted: main.py\nmodified: utils.py\nuntracked: new.py\ndiff --git a/utils.py b/utils.py\n" in said
    assert said.endswith("@@ -1,2 +1,2 @@\n def load(path):\n-    return path\n+    return open(path)")
    assert "a.csv" not in said  # a line of what was deleted
    assert repository.call("git_diff", path="./utils.py").startswith("modified: utils.py\ndiff --git")
    assert "read_file tells its lines" in repository.call("git_diff", path="new.py")


def test_staged_and_against_another_commit(repository):
    """Each compares what it says."""
    first = repository.git("rev-parse", "HEAD")
    repository.write("utils.py", "staged = 1\n")
    repository.git("add", ".")
    repository.write("utils.py", "later = 1\n")
    assert "+staged = 1" in repository.call("git_diff", staged=True)
    assert "later" not in repository.call("git_diff", staged=True)
    assert "+later = 1" in repository.call("git_diff")
    repository.commit("Second")
    assert "0 changed files" in repository.call("git_diff")
    assert "utils.py is unchanged" in repository.call("git_diff", path="utils.py")
    for name in (first, first[:8], "HEAD~1", "main^"):
        assert "+later = 1" in repository.call("git_diff", against=name)


@pytest.mark.parametrize(
    "name", ["nope", "--output=x", "-p", "HEAD:utils.py", "a..b", "HEAD@{1}", "$(touch x)", "HEAD^{/x}", " ", "x" * 300]
)
def test_what_is_no_commit_is_refused(repository, name):
    """None of it becomes an option of git's."""
    assert "There is no commit" in repository.refused("git_diff", against=name)
    assert sorted(os.listdir(repository.root)) == [".git", "main.py", "utils.py"]


def test_no_repository_and_no_commit(world):
    """Said in one line; nothing to be cached."""
    assert world.refused("git_diff") == "This project is no git repository"
    assert world.fingerprint("git_diff") is None
    world.git("init", "-q")
    world.write("a.py", "x")
    assert world.refused("git_diff") == "There is no commit yet"


def test_levels(repository):
    """How many files; their names; lines, unless the file's own level is lower."""
    repository.write("utils.py", "changed = 1\n")
    repository.write("data.csv", "name\nAnna\n")
    repository.commit("Data")
    repository.write("utils.py", "changed = 2\n")
    repository.write("data.csv", "name\nBerta\n")
    said = [repository.call("git_diff", repository.ask(levels=(("git", level),))) for level in range(4)]
    assert said[0].startswith("2 changed files")
    assert "utils" not in said[0]
    assert "utils.py" in said[1]
    assert "changed = 2" not in said[1] + said[2]
    assert "changed = 2" in said[3]
    assert "Berta" not in said[3]
    assert "Berta" in repository.call("git_diff", repository.ask(most=3))
    assert "changed = 2" not in repository.call("git_diff", repository.ask(levels=(("utils.py", 1),)))


def test_what_is_left_out_is_in_no_diff(repository):
    """Ignored since, muted, a second name of it, a link, what became it, and the notebook that asks."""
    mark = code("walrus").decode()
    for path in ("hidden.py", "moved.py", "mine.ipynb"):
        repository.write(path, "before = 1\n")
    (repository.root / "link.py").symlink_to("main.py")
    repository.commit("Files")
    repository.write("moved.py", mark)
    repository.commit("Moved")
    repository.write("hidden.py", mark)
    repository.write("mine.ipynb", mark)
    (repository.root / "link.py").unlink()
    (repository.root / "link.py").symlink_to("hidden-walrus.py")
    (repository.root / "moved.py").rename(repository.root / "private.py")
    os.link(repository.root / "hidden.py", repository.root / "second.py")
    repository.git("add", "-N", "second.py")
    repository.write("utils.py", "visible = 1\n")
    repository.write(".askignore", "hidden.py\nprivate.py\n")
    repository.notebook = repository.root / "mine.ipynb"
    for arguments in ({}, {"staged": True}, {"against": "HEAD~1"}, {"against": "HEAD~2"}):
        said = repository.call("git_diff", repository.ask(most=3), **arguments)
        assert "walrus" not in said
        assert "hidden.py" not in said
    assert "visible = 1" in repository.call("git_diff")
    for path in ("hidden.py", "private.py", "second.py", "mine.ipynb", "moved.py", "link.py"):
        assert "walrus" not in repository.said("git_diff", repository.ask(most=3), path=path)
    muted = repository.ask(mutes=frozenset({"files:utils.py"}))
    assert "visible" not in repository.call("git_diff", muted)
    assert "utils" not in repository.call("git_diff", muted)
    assert "Nothing may be told" in repository.refused("git_diff", repository.ask(mutes=frozenset({"git"})))


def test_notebooks_are_compared_by_their_cells(repository):
    """Outputs are in no diff."""

    def notebook(source, output):
        cell = {"cell_type": "code", "source": [source], "outputs": [{"text": [output]}]}
        return json.dumps({"cells": [cell]}, indent=1)

    repository.write("n.ipynb", notebook("x = 1", "private one"))
    repository.commit("Notebook")
    repository.write("n.ipynb", notebook("x = 2", "private two"))
    for staged in (False, True):
        said = repository.call("git_diff", repository.ask(most=3), staged=staged)
        assert "-x = 1\n+x = 2" in said
        assert "private" not in said
        repository.git("add", ".")


def test_a_long_diff_comes_in_pages(repository):
    """Whole lines, and how to get the rest."""
    repository.write("utils.py", "\n".join(f"value_{number} = {number}" for number in range(2000)))
    said = repository.call("git_diff")
    start = int(said.rpartition("start=")[2])
    assert len(said) < 8200
    assert repository.call("git_diff", start=start).startswith("+value_")


def test_fingerprints_follow_the_changes(repository):
    """Edited, staged, committed, ignored: each is another one; the same again is the same."""
    prints = [repository.fingerprint("git_diff")]
    assert repository.fingerprint("git_diff") == prints[0]
    repository.tools["git_diff"]._clock = iter(range(100)).__next__  # nobody watches: a reading holds for half a second
    for step in (
        lambda: repository.write("utils.py", "x = 2\n"),
        lambda: repository.write("utils.py", "x = 3\n"),
        lambda: repository.write("new.py", ""),
        lambda: repository.commit("More"),
        lambda: repository.write("utils.py", "x = 4\n"),
        lambda: repository.write(".askignore", "utils.py\n"),
    ):
        step()
        prints.append(repository.fingerprint("git_diff"))
    assert len(set(prints)) == 7
    repository.write("main.py", "staged = 1\n")
    staged = repository.fingerprint("git_diff", staged=True)
    repository.git("add", "main.py")
    assert repository.fingerprint("git_diff", staged=True) != staged
    assert repository.reads("git_diff") == {"git:changes", "files:*"}
    assert repository.reads("git_diff", path="utils.py") == {"git:changes", "files:utils.py"}


ALL = list(ATTACKS)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A plain repository."""
    return make(tmp_path_factory.mktemp("template"))


def attacked(template, world, tmp_path, attack):
    """What the tools say in such a repository; nothing was run."""
    shutil.copytree(template.root.parent, tmp_path / "all", symlinks=True)
    folder = tmp_path / "all"
    environ = {**template.environ, "HOME": str(folder / "home")}
    place = Place(folder / "repo", folder / "outside", environ, folder / "marks")
    ATTACKS[attack](place)
    for mark in os.listdir(place.marks):
        (place.marks / mark).unlink()
    world.root, world.environ = place.root, place.environ
    calls = [("git_diff", {}), ("git_diff", {"staged": True}), ("git_diff", {"against": "HEAD~1", "path": "a.py"})]
    calls += [("git_log", {}), ("git_log", {"path": "a.py", "query": "commit"})]
    said = [world.said(tool, world.ask(most=3), **arguments) for tool, arguments in calls]
    for tool, arguments in calls:
        world.fingerprint(tool, **arguments)
    assert os.listdir(place.marks) == []
    return said


@pytest.mark.parametrize("attack", ALL[::3])
def test_no_program_of_the_repository_is_run(template, world, tmp_path, attack):
    """Filters, monitors, drivers, hooks and the like: a third of them."""
    assert all(attacked(template, world, tmp_path, attack))


@pytest.mark.full
@pytest.mark.parametrize("attack", ALL)
def test_no_program_is_run_by_any_attack(template, world, tmp_path, attack):
    """All of them."""
    assert all(attacked(template, world, tmp_path, attack))
