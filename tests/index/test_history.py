"""git's history of real repositories: what HEAD reaches, what each file was changed for, and what never runs."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from askance.errors import AskanceError
from askance.index.git_process import run_git
from askance.index.history import MOST_FILES, MOST_LETTERS, Commit, History, head, messages, read_history


@pytest.fixture
def git(tmp_path, environ):
    """Runs git in a new repository on main."""

    def run(*command, cwd=tmp_path / "repo"):
        done = subprocess.run(["git", *command], cwd=cwd, env=environ, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    (tmp_path / "repo").mkdir()
    run("init", "-q", "-b", "main")
    return run


@pytest.fixture
def repository(tmp_path):
    """The repository's folder."""
    return tmp_path / "repo"


@pytest.fixture
def commit(git, repository):
    """Commits files of the given names under a message; gives the sha."""

    def run(message, *names):
        for name in names:
            (repository / name).parent.mkdir(exist_ok=True)
            with (repository / name).open("a") as file:
                file.write(message)
        git("add", ".")
        git("commit", "-q", "--allow-empty", "-m", message)
        return git("rev-parse", "HEAD")

    return run


def test_commits_latest_first(repository, environ, commit):
    """Sha, time, message without signatures, and paths as they are, odd names included."""
    body = "fix: totals\n\nThey were negative.\n\nSigned-off-by: Anna <anna@example.org>"
    shas = [commit("first", "a.py", "d/b c.py", "ü\n.py"), commit(body, "a.py")]
    history = read_history(repository, environ)
    assert history.head == shas[1]
    assert [(made.sha, made.message, made.paths) for made in history.commits] == [
        (shas[1], "fix: totals\nThey were negative.", ("a.py",)),
        (shas[0], "first", ("a.py", "d/b c.py", "ü\n.py")),
    ]
    assert all(made.time > 1_600_000_000 for made in history.commits)


def test_only_what_head_reaches(repository, environ, git, commit):
    """Other branches, tags and stashes are the future or somebody else's."""
    commit("ours", "a.py")
    git("checkout", "-q", "-b", "other")
    commit("theirs", "b.py")
    git("tag", "v1")
    git("checkout", "-q", "main")
    assert [made.message for made in read_history(repository, environ).commits] == ["ours"]


def test_merges_are_followed(repository, environ, git, commit):
    """What came in through a branch is told too, and of the merge itself no file."""
    commit("first", "a.py")
    git("checkout", "-q", "-b", "side")
    commit("side", "b.py")
    git("checkout", "-q", "main")
    commit("main", "c.py")
    git("merge", "-q", "--no-edit", "side")
    told = {made.message: made.paths for made in read_history(repository, environ).commits}
    assert told == {"Merge branch 'side'": (), "main": ("c.py",), "side": ("b.py",), "first": ("a.py",)}


def test_the_number_of_commits_is_bounded(repository, environ, commit):
    """The latest ones are kept."""
    for number in range(5):
        commit(f"c{number}", "a.py")
    assert [made.message for made in read_history(repository, environ, limit=2).commits] == ["c4", "c3"]


def test_one_process_at_most(repository, environ, commit, monkeypatch):
    """HEAD is read by hand; git is started once, and not at all without any commit."""
    started = []
    popen = subprocess.Popen
    known = commit("first", "a.py")
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **more: started.append(args) or popen(*args, **more))
    assert head(repository) == known
    assert len(started) == 0
    read_history(repository, environ)
    assert len(started) == 1


def test_head_wherever_git_keeps_it(repository, environ, git, commit, tmp_path):
    """A loose or packed reference, a detached HEAD, a second work tree; nothing without commits or repository."""
    assert head(repository) == head(tmp_path) == ""
    assert read_history(repository, environ) == History("", ())
    first = commit("first", "a.py")
    assert head(repository) == first
    git("pack-refs", "--all")
    assert not (repository / ".git/refs/heads/main").exists()
    assert head(repository) == first
    git("worktree", "add", "-q", "-b", "feature/x", str(tmp_path / "second"))
    assert head(tmp_path / "second") == first
    second = commit("second", "a.py")
    git("checkout", "-q", "--detach")
    assert head(repository) == second
    assert [made.sha for made in read_history(tmp_path / "second", environ).commits] == [first]


@pytest.mark.parametrize(
    "text", ["ref: ../../secret", "ref: refs/../../../secret", "ref: refs/heads/gone", "no sha", ""]
)
def test_a_head_that_leads_nowhere(repository, git, tmp_path, text):
    """A stranger's HEAD never makes us read another file."""
    (tmp_path / "secret").write_text("a" * 40)
    (repository / ".git/HEAD").write_text(text)
    assert head(repository) == ""


def test_pipes_are_not_waited_on(repository, environ, commit):
    """A pipe in the place of HEAD, or of another of git's files."""
    commit("first", "a.py")
    os.mkfifo(repository / ".git" / "packed-refs")
    with pytest.raises(AskanceError, match="packed-refs is not a regular file"):
        read_history(repository, environ)
    (repository / ".git" / "HEAD").unlink()
    os.mkfifo(repository / ".git" / "HEAD")
    assert head(repository) == ""


@pytest.mark.parametrize(
    "settings",
    [
        {"log.showSignature": "true", "gpg.program": "PROGRAM"},
        {"core.fsmonitor": "PROGRAM", "core.pager": "PROGRAM", "diff.external": "PROGRAM"},
        {"core.hooksPath": "HOOKS"},
        {"filter.x.clean": "PROGRAM", "diff.x.textconv": "PROGRAM", "diff.x.command": "PROGRAM"},
    ],
)
def test_no_program_of_the_repository_runs(repository, environ, git, commit, tmp_path, settings):
    """Signature checkers, monitors, pagers, hooks, filters and drivers stay silent."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    program = hooks / "post-index-change"
    program.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    program.chmod(0o755)
    commit("first", "a.py")
    signed = git("cat-file", "commit", "HEAD").replace("\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n\n", 1)
    sha = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=repository, env=environ, input=signed + "\n", capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    git("update-ref", "refs/heads/main", sha)
    (repository / ".gitattributes").write_text("* filter=x diff=x\n")
    for key, value in settings.items():
        git("config", key, value.replace("PROGRAM", str(program)).replace("HOOKS", str(hooks)))
    assert len(read_history(repository, environ).commits) == 1
    assert not (tmp_path / "ran").exists()


def test_missing_objects_are_not_fetched(repository, environ, git, commit, tmp_path):
    """A partial clone names a program that would bring what is missing; it does not run."""
    commit("first", "a.py")
    (tmp_path / "fetch").write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    (tmp_path / "fetch").chmod(0o755)
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": f"ext::{tmp_path}/fetch",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
    }.items():
        git("config", key, value)
    tree = git("rev-parse", "HEAD^{tree}")
    (repository / ".git/objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(AskanceError, match="git refused this repository"):
        read_history(repository, environ)
    assert not (tmp_path / "ran").exists()


def test_a_slow_git_is_ended_with_its_children(repository, environ, commit, tmp_path):
    """Past its time git is killed, and the message says so."""
    commit("first", "a.py")
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text(f"#!/bin/sh\nsh -c 'echo $$ > {tmp_path}/child; exec sleep 60'\n")
    slow.chmod(0o755)
    with pytest.raises(AskanceError, match=r"took longer than 0\.5 s"):
        run_git(repository, ["status"], {**environ, "PATH": f"{slow.parent}:{environ['PATH']}"}, 0.5)
    child = Path(f"/proc/{int((tmp_path / 'child').read_text())}/stat")
    for _ in range(500):
        if not child.exists() or " Z " in child.read_text():
            break
        time.sleep(0.01)
    else:
        pytest.fail("the child of git still runs")


def test_words_of_each_file():
    """How often, how long ago, and what for; words once, the latest first."""
    history = History(
        "",
        (
            Commit("3", 3, "Fix loadTable again", ("a.py",)),
            Commit("2", 2, "Merge branch", ()),
            Commit("1", 1, "Fix rounding", ("a.py", "b.py")),
        ),
    )
    assert messages(history) == {
        "a.py": (2, 0, "fix loadtable load table again rounding"),
        "b.py": (1, 2, "fix rounding"),
    }


def test_words_are_bounded(repository, environ, commit):
    """However long the history, and however many files a commit changed."""
    many = History("", tuple(Commit("", 0, f"word{number} other{number}", ("a.py",)) for number in range(2000)))
    count, place, said = messages(many)["a.py"]
    assert (count, place) == (2000, 0)
    assert len(said) <= MOST_LETTERS
    assert not said.endswith(" ")
    commit("everything", *(f"f{number}.py" for number in range(MOST_FILES + 1)))
    assert [made.paths for made in read_history(repository, environ).commits] == [()]
