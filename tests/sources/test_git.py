"""git's state from real repositories, hostile ones included."""

import asyncio
import os
import subprocess
import time

import pytest

from askance.errors import AskanceError
from askance.index.project import Project
from askance.records import Ask
from askance.sources.git import GitSource
from askance.sources.git_status import hosts

ASK = Ask(question="what has changed in git?", model="m")


@pytest.fixture
def repository(tmp_path, environ):
    """One commit with two files, on main."""
    root = tmp_path / "repo"
    root.mkdir()
    (root / "a.py").write_text("1\n")
    (root / "n.ipynb").write_text("{}\n")
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", *command], cwd=root, env=environ, check=True)
    return root


def git(root, environ, *command):
    return subprocess.run(
        ["git", *command], cwd=root, env=environ, check=True, capture_output=True, text=True
    ).stdout.strip()


def collect(source):
    return {candidate.name: candidate for candidate in asyncio.run(source.collect(ASK))}


def test_branch_and_changes(repository, environ):
    """Branch, head, host without credentials; changed files in words, without the asking notebook."""
    git(repository, environ, "remote", "add", "origin", "https://anna:tok3n@example.org/x.git")
    source = GitSource(repository, environ, lambda: repository / "n.ipynb")
    assert collect(source)["branch"].render("outline") == "branch main"
    assert (
        collect(source)["commits"]
        .render("outline")
        .startswith(
            f"branch main at {git(repository, environ, 'rev-parse', 'HEAD')[:8]}\nremote on example.org\nlatest commits:\n"
        )
    )
    assert "changes" not in collect(source)
    (repository / "a.py").write_text("2\n")
    (repository / "new file.py").write_text("")
    (repository / "n.ipynb").write_text("{1}\n")
    found = collect(source)
    assert found["changes"].render("outline") == "2 uncommitted files\nmodified: a.py\nuntracked: new file.py"
    assert all(candidate.aliases == ("git",) for candidate in found.values())


def test_fingerprints_follow_the_repository(repository, environ):
    """A commit changes the commits', an edit the changes', a switch the branch's; one reading serves half a second."""
    now = [0.0]
    source = GitSource(repository, environ, clock=lambda: now[0])
    before, branch = collect(source)["commits"].fingerprint(), collect(source)["branch"].fingerprint()
    (repository / "a.py").write_text("2\n")
    assert source.fingerprint("changes") is None
    now[0] = 1.0
    assert source.fingerprint("changes") is not None
    git(repository, environ, "commit", "-qam", "second")
    now[0] = 2.0
    assert source.fingerprint("commits") != before
    assert source.fingerprint("branch") == branch
    git(repository, environ, "checkout", "-qb", "dev")
    assert source.fingerprint("branch") != branch


def test_only_the_branch_is_background(repository, environ):
    """An edit of any file, and any commit, leaves it as it is; no git runs for it. Who asks is told the rest."""
    (repository / "a.py").write_text("2\n")
    quiet = GitSource(repository, {**environ, "PATH": str(repository)})

    def offered(source, **ask):
        return [candidate.name for candidate in asyncio.run(source.collect(Ask(model="m", **ask)))]

    assert offered(quiet, question="why is revenue negative?") == ["branch"]
    fingerprint = quiet.fingerprint("branch")
    git(repository, environ, "commit", "-qam", "second")
    assert quiet.fingerprint("branch") == fingerprint
    (repository / "a.py").write_text("3\n")
    source, all_of_it = GitSource(repository, environ), ["branch", "changes", "commits"]
    assert offered(source, question="what did I change?") == ["branch"]
    for question in ("write a commit message", "show my uncommitted work", "which files are modified?"):
        assert offered(source, question=question) == all_of_it
    assert offered(source, question="why?", mentions=("git",)) == all_of_it
    assert offered(source, question="why?", pins=frozenset(("git:changes",))) == all_of_it


def test_a_detached_head_and_references_in_tables(repository, environ):
    """No branch is a branch too; what the small file does not tell is git's to say."""
    git(repository, environ, "checkout", "-q", "--detach")
    source = GitSource(repository, environ)
    assert collect(source)["branch"].render("outline") == "no branch (detached)"
    assert source.fingerprint("branch") == collect(source)["branch"].fingerprint()
    assert source.facts("branch") == {"branch": ""}
    git(repository, environ, "checkout", "-q", "main")
    head = repository / ".git" / "HEAD"
    said = head.read_text()
    head.write_text("ref: refs/heads/.invalid\n")
    assert GitSource(repository, {**environ, "PATH": str(repository)}).fingerprint("branch") is None
    head.write_text(said)


def test_no_repository_no_candidates(tmp_path, environ):
    """Outside a repository there is nothing to say, and no folder is fine too."""
    assert collect(GitSource(tmp_path, environ)) == collect(GitSource(None, environ)) == {}


def test_git_missing_is_one_line(repository, environ):
    """A repository without git gives a sentence, and a fingerprint of nothing."""
    source = GitSource(repository, {**environ, "PATH": str(repository)})
    with pytest.raises(AskanceError, match="git is not installed"):
        collect(source)
    assert source.fingerprint("commits") is None


def program(path, mark):
    path.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    "key",
    ["core.fsmonitor", "filter.evil.clean", "filter.e=v=il.clean", "filter.evil.process", "hook", "diff.external"],
)
def test_programs_named_by_a_repository_do_not_run(repository, environ, tmp_path, key):
    """Monitors, filters and hooks of a stranger's configuration stay silent; that they would run is checked first."""
    mark = tmp_path / "ran"
    evil = program(tmp_path / "evil", mark)
    name = key.partition(".")[2].rpartition(".")[0]
    if key == "hook":
        program(repository / ".git" / "hooks" / "post-index-change", mark)
    else:
        git(repository, environ, "config", key, evil)
    if key.startswith("filter"):
        (repository / ".git" / "info" / "attributes").write_text(f"*.py filter={name}\n")
    # The same size at another time: git has to read, and so filter, the file.
    (repository / "a.py").write_text("3\n")
    os.utime(repository / "a.py", (1, 1))
    collect(GitSource(repository, environ))
    assert not mark.exists()
    if key in ("core.fsmonitor", "filter.evil.clean", "filter.e=v=il.clean"):
        subprocess.run(["git", "status"], cwd=repository, env=environ, capture_output=True, check=False)
        assert mark.exists()


def test_a_pipe_in_the_place_of_the_configuration_is_refused(repository, environ):
    """Git would wait on it for ever."""
    (repository / ".git" / "config").unlink()
    os.mkfifo(repository / ".git" / "config")
    with pytest.raises(AskanceError, match="not a regular file"):
        collect(GitSource(repository, environ))


def test_a_slow_git_is_killed_with_its_children(repository, environ, tmp_path):
    """After the time limit the whole process group is gone."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\nsleep 60 & echo $! > '{tmp_path}/pid'\nwait\n")
    (folder / "git").chmod(0o755)
    with pytest.raises(AskanceError, match="longer than"):
        collect(GitSource(repository, {**environ, "PATH": f"{folder}:{environ['PATH']}"}, timeout=0.5))
    child = int((tmp_path / "pid").read_text())
    for _ in range(100):
        state = _state(child)
        if state in ("", "Z"):
            break
        time.sleep(0.02)
    assert state in ("", "Z")


def _state(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def test_a_worktree_elsewhere_is_refused(repository, environ):
    """core.worktree could make git list a stranger's choice of folder."""
    git(repository, environ, "config", "core.worktree", "/etc")
    with pytest.raises(AskanceError, match="worktree"):
        collect(GitSource(repository, environ))


def test_hosts_have_no_credentials():
    """Addresses of all forms give their host alone."""
    urls = [
        "https://u:p@a.org/x",
        "git@b.org:x/y.git",
        "ssh://git@c.org:22/x",
        "/local/path",
        "../up",
        "https://u:p@a.org/z",
    ]
    assert hosts(urls) == ("a.org", "b.org", "c.org")


def test_a_fresh_clone_tells_its_commits_too(repository, environ, tmp_path):
    """What git's diary of this clone does not know, the index's history does."""
    git(repository, environ, "commit", "-q", "--allow-empty", "-m", "second")
    git(tmp_path, environ, "clone", "-q", str(repository), "clone")
    clone = tmp_path / "clone"
    project = Project(clone, folder=tmp_path / "cache", environ=environ, watch=False)
    project.refresh()
    source = GitSource(clone, environ, subjects=project.subjects)
    found = collect(source)["commits"]
    project.close()
    assert found.render("outline").endswith("\nlatest commits:\nsecond\nfirst")
    assert source.fingerprint("commits") == found.fingerprint()
