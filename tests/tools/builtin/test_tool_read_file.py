"""read_file: whole, in parts, notebooks, data, levels; no path leads elsewhere."""

import json
import shutil
import subprocess

import pytest
from faults.reaching import TREASURE, build, paths


def test_lines_of_a_file(world):
    """All of it, or some; numbers that are too large are answered by how many there are."""
    world.write("a.py", "one\ntwo\nthree\n")
    assert world.call("read_file", path="a.py") == "a.py, lines 1-3 of 3\none\ntwo\nthree"
    assert world.call("read_file", path="./a.py", start=2, end=2).endswith(
        "lines 2-2 of 3\ntwo\n… 1 more lines: call again with start=3"
    )
    assert "a.py has 3 lines" in world.refused("read_file", path="a.py", start=9)
    assert "a.py has 3 lines" in world.refused("read_file", path="a.py", start=3, end=2)
    assert world.call("read_file", path=str(world.root / "a.py")).startswith("a.py, lines")
    world.write("empty.py", "")
    assert world.call("read_file", path="empty.py") == "empty.py is empty"


def test_a_large_file_comes_in_pages(world):
    """The pages together are the file; a line without end is cut."""
    text = "\n".join(f"line {number} of the file" for number in range(2000))
    world.write("large.txt", text)
    found, start = [], 1
    while True:
        _, *lines = world.call("read_file", path="large.txt", start=start).split("\n")
        assert sum(map(len, lines)) < 8200
        found += lines[:-1] if lines[-1].startswith("…") else lines
        if not lines[-1].startswith("…"):
            break
        start = int(lines[-1].rpartition("=")[2])
    assert "\n".join(found) == text
    world.write("minified.js", "x=1;" * 100_000)
    assert len(world.call("read_file", path="minified.js")) < 2500


def test_a_page_is_no_half_of_a_key(world):
    """The gate knows a key of several lines by its first one: the others are in no page that begins later."""
    key = subprocess.run(["openssl", "genrsa", "2048"], capture_output=True, text=True, check=True).stdout
    world.write("config.py", "before = 1\nKEY = '''\n" + key + "'''\nafter = 2\n")
    said = world.call("read_file", path="config.py", start=10)
    assert "after = 2" in said
    assert not any(line in said for line in key.splitlines()[1:-1])
    assert not any(line in world.said("search_project", query=line[:12]) for line in key.splitlines()[1:-1])


def test_notebooks_are_cells_and_rows_are_values(world):
    """No outputs; a table's header, its rows at level 3; definitions of code below it."""
    cells = [{"cell_type": "code", "source": ["x = 1\n"], "outputs": [{"text": "private output"}]}]
    world.write("other.ipynb", json.dumps({"cells": cells}))
    world.write("people.csv", "name,age\nAnna,3\n")
    world.write("a.py", "def f(x='private'):\n    return 'private'\n")
    assert world.call("read_file", path="other.ipynb") == "other.ipynb, lines 1-2 of 2\n# %% [code]\nx = 1"
    assert world.call("read_file", path="people.csv").endswith("\nname,age")
    assert "Anna,3" in world.call("read_file", world.ask(most=3), path="people.csv")
    said = [world.call("read_file", world.ask(most=most), path="a.py") for most in (0, 1, 2)]
    assert [one.partition("\n")[2] for one in said] == ["(nothing)", "def f(x)", "def f(x)"]


def test_what_is_not_there(world):
    """Near names are offered; what may not be told of sounds the same as what is not there."""
    world.write("utils.py", "")
    world.write("hidden.py", "")
    world.write(".askignore", "hidden.py\n")
    assert (
        world.refused("read_file", path="util.py")
        == "There is no text file util.py that may be told of. Did you mean: utils.py?"
    )
    refused = [world.refused("read_file", path=path).partition(". ")[0] for path in ("hidden.py", "absent.py")]
    assert refused[0].replace("hidden", "absent") == refused[1]
    for ask in (
        world.ask(mutes=frozenset({"files:utils.py"})),
        world.ask(never=("utils.py",)),
        world.ask(mutes=frozenset({"files"})),
    ):
        assert "utils" not in world.refused("read_file", ask, path="utils.py").replace("utils.py that", "")


def test_the_notebook_that_asks_is_no_file(world):
    """Its cells are told by read_cell, and its outputs by nobody."""
    world.notebook = world.write("mine.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": "mine = 1"}]}))
    assert "mine = 1" not in world.refused("read_file", path="mine.ipynb")


def test_fingerprints_follow_the_file(world):
    """Whatever part is read; equal texts have equal ones."""
    file = world.write("a.py", "x = 1\n")
    before = world.fingerprint("read_file", path="a.py")
    assert before == world.fingerprint("read_file", path="./a.py") is not None
    file.write_text("x = 2\n")
    assert world.fingerprint("read_file", path="a.py") != before
    file.write_text("x = 1\n")
    assert world.fingerprint("read_file", path="a.py") == before
    world.write(".askignore", "a.py\n")
    assert world.fingerprint("read_file", path="a.py") is None
    assert world.reads("read_file", path="./a.py", start=3) == {"files:a.py"}


def test_a_file_written_a_moment_ago_is_there(world):
    """Though the index was read before."""
    world.call("read_file", path=world.write("a.py", "1").name)
    world.write("new/deep.py", "fresh = 1")
    assert "fresh = 1" in world.call("read_file", path="new/deep.py")


@pytest.mark.parametrize("tool", ["read_file", "git_diff", "git_log", "list_files"])
def test_no_path_leads_out(world, tmp_path, tool):
    """Eighty paths that try to: to another folder, or to files that are denied."""
    build(world.root, tmp_path / "outside")
    shutil.rmtree(world.root / ".git")  # it was no repository
    world.git("init", "-q")
    world.git("add", "-f", "good.py", ".env", "ignored.py", "private/x.py")
    world.git("commit", "-qm", "All")
    for path in ("good.py", ".env", "ignored.py", "private/x.py"):
        world.write(path, f"{'fine' if path == 'good.py' else TREASURE} = 1  # edited\n")
    name = "pattern" if tool == "list_files" else "path"
    for path in paths(world.root, tmp_path / "outside"):
        said = world.said(tool, world.ask(most=3), **{name: path})
        assert TREASURE not in said
        assert not any(line.strip() == "ignored.py" for line in said.splitlines())
        world.fingerprint(tool, **{name: path})
        assert {one.split(":")[0] for one in world.reads(tool, **{name: path})} <= {"files", "git"}
    good = {"read_file": "fine = 1", "git_diff": "+fine = 1", "git_log": "All", "list_files": "good.py"}
    assert good[tool] in world.call(tool, **{name: "good.py"})
