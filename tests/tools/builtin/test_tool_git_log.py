"""git_log: commits, by file and by words; levels; what is left out."""

import pytest


@pytest.fixture
def history(repository):
    """Three more commits."""
    repository.write("utils.py", "changed = 1\n")
    repository.commit("Faster loading of tables")
    repository.write("docs/guide.md", "# Guide\n")
    repository.commit("A guide")
    repository.write("hidden.py", "x = 1\n")
    repository.commit("Write hidden.py about salaries")
    return repository


def test_the_latest_first_with_files(history):
    """Id, day, subject, files."""
    lines = history.call("git_log").splitlines()
    assert lines[0].startswith(history.git("rev-parse", "HEAD")[:8] + " 20")
    assert lines[0].endswith("Write hidden.py about salaries")
    assert lines[1] == "  hidden.py"
    assert lines[-1] == "  main.py, utils.py"
    assert len(history.call("git_log", count=2).splitlines()) == 4


def test_of_a_file_a_folder_or_words(history):
    """Only those; a file need not be there any more."""
    assert history.call("git_log", path="./utils.py").count("utils.py") == 2
    assert "A guide" in history.call("git_log", path="docs/")
    assert history.call("git_log", query="LOADING tables").count("\n") == 1
    (history.root / "docs" / "guide.md").unlink()
    assert "A guide" in history.call("git_log", path="docs/guide.md")
    assert "Try other words" in history.refused("git_log", query="absent")


def test_what_is_left_out(history):
    """A commit that is about such files alone is not told of, nor a subject that names one, nor the file in a list."""
    history.write("utils.py", "both = 1\n")
    history.write("hidden.py", "both = 1\n")
    history.commit("Both")
    history.write("utils.py", "named = 1\n")
    history.commit("Take salaries out of hidden.py")
    history.write(".askignore", "hidden.py\n")
    said = history.call("git_log")
    assert "Both\n  utils.py\n" in said
    assert "hidden" not in said
    assert "salaries" not in said
    assert "There is no file hidden.py that may be told of" in history.refused("git_log", path="hidden.py")
    assert "utils.py" not in history.call("git_log", history.ask(mutes=frozenset({"files:utils.py"})))
    assert "Nothing may be told" in history.refused("git_log", history.ask(never=("git",)))


def test_levels_and_no_repository(history, tmp_path):
    """Subjects are samples."""
    for most in (0, 1, 2):
        assert "privacy level 3" in history.refused("git_log", history.ask(most=most))
    assert "A guide" in history.call("git_log", history.ask(most=3))


@pytest.mark.parametrize("path", ["--all", "-p", ":(top)utils.py", ":!utils.py", "*.py", "../x", "/etc/passwd"])
def test_a_path_is_a_path(history, path):
    """No option, no pattern."""
    assert "A guide" not in history.said("git_log", path=path)


def test_fingerprints_follow_head(history):
    """A commit changes them; an edit does not."""
    before = history.fingerprint("git_log")
    history.tools["git_log"]._clock = iter(range(100)).__next__
    history.write("utils.py", "edited = 1\n")
    assert history.fingerprint("git_log") == before is not None
    history.commit("More")
    assert history.fingerprint("git_log") != before
    assert history.fingerprint("git_log", path="docs") is not None
    assert history.reads("git_log") == {"git:commits", "files:*"}
    assert history.reads("git_log", path="docs/") == {"git:commits", "files:docs"}


def test_no_repository(world):
    """Said in one line."""
    assert world.refused("git_log") == "This project is no git repository"
    assert world.fingerprint("git_log") is None
