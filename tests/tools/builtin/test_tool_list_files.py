"""list_files: all, folders, patterns; bounded; what is left out."""

import pytest


@pytest.fixture
def project(world):
    """A few files in folders."""
    for path in ("a.py", "src/b.py", "src/deep/c.py", "data/d.csv", "image.png"):
        world.write(path, "x")
    return world


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", ["a.py", "data/d.csv", "src/b.py", "src/deep/c.py"]),
        ("src", ["src/b.py", "src/deep/c.py"]),
        ("src/", ["src/b.py", "src/deep/c.py"]),
        ("*.py", ["a.py", "src/b.py", "src/deep/c.py"]),
        ("**/*.py", ["a.py", "src/b.py", "src/deep/c.py"]),
        ("src/*.py", ["src/b.py", "src/deep/c.py"]),
        ("./a.py", ["a.py"]),
    ],
)
def test_patterns_and_folders(project, pattern, found):
    """Text files alone, the shallow ones first."""
    head, *listed = project.call("list_files", pattern=pattern).splitlines()
    assert listed == found
    assert head == f"{len(found)} text file{'s' if len(found) > 1 else ''}"


def test_nothing_fits(project):
    """Folders are offered."""
    assert "Did you mean: src/" in project.refused("list_files", pattern="scr/")


def test_a_long_list_ends_with_a_count(project):
    """And says where the rest is."""
    for number in range(300):
        project.write(f"many/f{number:03}.py", "")
    said = project.call("list_files")
    assert said.count("\n") == 201
    assert "304 text files" in said
    assert said.endswith("(many/ 102, src/ 2): give a folder or a pattern")


def test_what_is_left_out_is_not_listed(project):
    """Nor counted; and the fingerprint says so."""
    before = project.fingerprint("list_files")
    assert before == project.fingerprint("list_files") is not None
    assert "src/" not in project.call("list_files", project.ask(never=("src/",)))
    assert project.call("list_files", project.ask(mutes=frozenset({"files:a.py"}))).startswith("3 text files\ndata")
    project.write(".askignore", "src/\n")
    assert project.call("list_files").startswith("3 text files")  # the ignore file is one
    assert project.fingerprint("list_files") != before
    assert project.reads("list_files", pattern="src/") == {"files:*"}


def test_no_files_at_all(world):
    """Said in one line."""
    assert world.refused("list_files") == "This project has no text file"
