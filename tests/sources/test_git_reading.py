"""How often git is started, what its configuration may hide, and what is known without asking it."""

import asyncio
import os
import subprocess

import pytest
from sources.test_git import ASK, collect, git, program, repository  # noqa: F401  the fixture

from askance.errors import AskanceError
from askance.index.git_config import read_configuration
from askance.index.project import Project
from askance.rank import rank
from askance.records import Ask
from askance.sources.git import GitSource
from askance.sources.git_log import lately


@pytest.fixture
def counted(tmp_path, environ):  # noqa: F811
    """An environment whose git takes note of each start; and how many there were."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\necho x >> '{tmp_path}/starts'\nexec /usr/bin/git \"$@\"\n")
    (folder / "git").chmod(0o755)

    def starts():
        file = tmp_path / "starts"
        return len(file.read_text().split()) if file.exists() else 0

    return {**environ, "PATH": f"{folder}:{environ['PATH']}"}, starts


def test_one_process_a_reading_and_none_when_nothing_changed(repository, counted):  # noqa: F811
    """With a watched working tree, asks and fingerprints start git only after a change; each time once."""
    environ, starts = counted  # noqa: F811
    changes = [0]
    source = GitSource(repository, environ, changes=lambda: changes[0])
    assert "changes" not in collect(source)
    assert starts() == 1
    for _ in range(5):
        assert source.fingerprint("branch") == collect(source)["branch"].fingerprint()
    assert starts() == 1
    (repository / "a.py").write_text("22\n")
    changes[0] += 1
    assert source.fingerprint("changes") is not None
    assert "changes" in collect(source)
    assert starts() == 2
    git(repository, environ, "commit", "-qam", "second")  # no file of the working tree changes
    before = starts()
    assert source.fingerprint("changes") is None
    assert collect(source)["commits"].render("outline").splitlines()[1:] == ["latest commits:", "second", "first"]
    assert starts() == before + 1


def test_the_project_tells_of_changes(repository, counted):  # noqa: F811
    """With a watched project an edit is in the next reading, of a file that is no text too, and nothing else starts git."""
    environ, starts = counted  # noqa: F811
    project = Project(repository)
    try:
        project.refresh()
        source = GitSource(repository, environ, changes=project.changes)
        assert "changes" not in collect(source)
        before = starts()
        for _ in range(3):
            assert source.fingerprint("branch") == collect(source)["branch"].fingerprint()
        assert starts() == before
        for number, name in enumerate(("new.py", "new.png")):
            (repository / name).write_text("1")
            assert f"{number + 1} uncommitted" in told(source, "changes")
            assert starts() == before + 1 + number
    finally:
        project.close()


def told(source, name):
    """What is told once git has read: under load an ask goes on with the reading before."""
    source.fingerprint(name)
    return collect(source)[name].render("outline")


def test_what_others_push_and_fetch_is_noticed(repository, environ, tmp_path):  # noqa: F811
    """The distance to the upstream follows its branch, whoever moved it."""
    git(tmp_path, environ, "clone", "-q", "--bare", str(repository), "far.git")
    git(repository, environ, "remote", "add", "origin", str(tmp_path / "far.git"))
    git(repository, environ, "fetch", "-q")
    git(repository, environ, "branch", "-q", "-u", "origin/main")
    source = GitSource(repository, environ, changes=lambda: 0)
    assert "0 ahead, 0 behind origin/main" in told(source, "commits")
    git(repository, environ, "commit", "-q", "--allow-empty", "-m", "mine")
    assert "1 ahead, 0 behind origin/main" in told(source, "commits")
    git(repository, environ, "push", "-q", "origin", "main")
    assert "0 ahead, 0 behind origin/main" in told(source, "commits")
    git(repository, environ, "config", "status.aheadBehind", "false")
    git(repository, environ, "reset", "-q", "--hard", "HEAD~1")
    assert "0 ahead, 1 behind origin/main" in told(source, "commits")


def test_a_slow_git_holds_nobody_up(repository, environ, tmp_path):  # noqa: F811
    """While git reads anew, an ask takes the older reading and says so; afterwards it takes the new one."""
    gate, folder = tmp_path / "gate", tmp_path / "bin"
    gate.touch()
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\nwhile [ ! -e '{gate}' ]; do sleep 0.01; done\nexec /usr/bin/git \"$@\"\n")
    (folder / "git").chmod(0o755)
    changes = [0]
    path = {**environ, "PATH": f"{folder}:{environ['PATH']}"}
    source = GitSource(repository, path, changes=lambda: changes[0], timeout=20.0)
    assert "changes" not in collect(source)
    (repository / "a.py").write_text("22\n")
    changes[0] += 1
    gate.unlink()
    assert "changes" not in collect(source)
    assert source.notes[0].startswith("git is still reading")
    gate.touch()
    assert source.fingerprint("changes") is not None
    assert "changes" in collect(source)
    assert source.notes == ()


def test_a_forked_child_reads_for_itself(repository, environ):  # noqa: F811
    """The parent's thread is not in the child: what it was about to read is read again there."""
    source = GitSource(repository, environ)
    reader = source._reader
    reader._current = type(reader.present(0))()  # a reading that never ends here
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if "branch" in collect(source) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


ODD = {
    "dotted": b"[filter.evil]\n\tclean = %s\n",
    "loud": b'[FILTER "evil"]\n\tCLEAN = %s\n',
    "escaped": b'[filter "ev\\il"]\n\tclean = %s\n',
    "one line": b'[core][filter "evil"]clean = %s\n',
    "after a tab": b'[filter\t"evil"]\n\tclean = %s\n',
    "carriage returns": b'[filter "evil"]\r\n\tclean = %s\r\n',
    "dotted and named": b'[filter.e "vil"]\n\tclean = %s\n',
    "no UTF-8": b'[filter "ev\xff"]\n\tclean = %s\n',
}
NAMES = {"dotted and named": b"e.vil", "no UTF-8": b"ev\xff"}


@pytest.mark.parametrize("where", ["config", "included", "config.worktree"])
@pytest.mark.parametrize("how", ODD)
def test_no_spelling_hides_a_filter(repository, environ, tmp_path, how, where):  # noqa: F811
    """However its section is written and wherever, a filter that git would run stays silent."""
    mark, folder = tmp_path / "ran", repository / ".git"
    text = ODD[how] % program(tmp_path / "evil", mark).encode()
    if where == "included":
        (folder / "more").write_bytes(text)
        text = b'[includeIf "gitdir:**"]\n\tpath = "more"\n'
    elif where == "config.worktree":
        git(repository, environ, "config", "extensions.worktreeConfig", "true")
    target = folder / ("config" if where == "included" else where)
    target.write_bytes((target.read_bytes() if target.exists() else b"") + text)
    (folder / "info" / "attributes").write_bytes(b"*.py filter=" + NAMES.get(how, b"evil") + b"\n")
    (repository / "a.py").write_text("3\n")
    os.utime(repository / "a.py", (1, 1))
    assert "changes" in collect(GitSource(repository, environ))
    assert not mark.exists()
    subprocess.run(["git", "status"], cwd=repository, env=environ, capture_output=True, check=True)
    assert mark.exists()


@pytest.mark.parametrize(
    "text",
    [
        b'[filter "evil.clean\0"]\n',
        b"[include]\n\tpath = ev\\\nil\n",
        b"[include]\n\tpath = ~anna/config\n",
        b"[include]\n\tpath = config\n" * 2 + b"[include]\n\tpath = ../a\n" + b"#" * 1_000_001,
        b"".join(b'[filter "f%d"]\n' % n for n in range(301)),
        b"[core]worktree=/etc\n",
    ],
)
def test_what_may_be_misread_is_refused(repository, environ, text):  # noqa: F811
    """Configurations that we might read otherwise than git, or not at all, end the reading in one line."""
    (repository / ".git" / "config").write_bytes(text)
    with pytest.raises(AskanceError, match="git state left out"):
        read_configuration(repository, environ)


def test_the_users_own_filters_do_not_run_either(repository, environ):  # noqa: F811
    """They are no danger, but a state of the working tree is not worth starting them."""
    git(repository, environ, "config", "--global", "filter.strip.clean", "strip")
    assert read_configuration(repository, environ).filters == {"lfs", "strip"}


def test_a_broken_repository_is_not_taken_for_the_one_around_it(repository, environ):  # noqa: F811
    """With a .git that git does not know, nothing of a parent's repository is told."""
    inner = repository / "inner"
    (inner / ".git").mkdir(parents=True)
    with pytest.raises(AskanceError, match="refused"):
        collect(GitSource(inner, environ))


@pytest.mark.parametrize("name", ["HEAD", "index", "config", "packed-refs"])
def test_a_corrupt_repository_is_one_line(repository, environ, name):  # noqa: F811
    """Garbage in any of git's files gives a sentence or the rest of the state, never another exception."""
    (repository / ".git" / name).write_bytes(b"\xff\xfegarbage\n" * 100)
    try:
        assert "branch" in collect(GitSource(repository, environ))
    except AskanceError as error:
        assert "\n" not in str(error)


def test_a_git_inside_the_project_is_not_ours(repository, environ, tmp_path):  # noqa: F811
    """Entries of PATH within the project, relative ones and links to it are passed over."""
    mark = tmp_path / "ran"
    (repository / "bin").mkdir()
    program(repository / "bin" / "git", mark)
    (tmp_path / "link").symlink_to(repository / "bin")
    path = f"{repository}/bin:bin:.:{tmp_path}/link:{environ['PATH']}"
    assert "branch" in collect(GitSource(repository, {**environ, "PATH": path}))
    assert not mark.exists()


def test_a_worktree_of_another_repository_is_read(repository, environ, tmp_path):  # noqa: F811
    """Its `.git` is a file; hosts come from the shared configuration, subjects from its own diary."""
    git(repository, environ, "remote", "add", "origin", "git@example.org:x/y.git")
    git(repository, environ, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    git(tmp_path / "side", environ, "commit", "-q", "--allow-empty", "-m", "beside")
    found = collect(GitSource((tmp_path / "side").resolve(), environ))
    assert found["branch"].render("outline") == "branch side"
    assert found["commits"].render("outline").startswith("branch side at ")
    assert found["commits"].render("outline").endswith("\nremote on example.org\nlatest commits:\nbeside")


def test_staged_changes_are_told_apart(repository, environ):  # noqa: F811
    """What a commit would take, in whole or in part, is said."""
    (repository / "b.py").write_text("1\n")
    git(repository, environ, "add", "b.py")
    (repository / "a.py").write_text("22\n")
    git(repository, environ, "add", "a.py")
    (repository / "a.py").write_text("333\n")
    assert collect(GitSource(repository, environ))["changes"].render("outline").splitlines()[1:] == [
        "modified, staged in part: a.py",
        "added, staged: b.py",
    ]


def test_subjects_follow_the_branch_that_is_checked_out(repository, environ):  # noqa: F811
    """Amended, reset and foreign commits are not told; the latest comes first."""

    def diary():
        return (repository / ".git" / "logs" / "HEAD").read_text()

    def told():
        return list(lately(diary(), git(repository, environ, "rev-parse", "HEAD")).subjects)

    git(repository, environ, "commit", "-q", "--allow-empty", "-m", "wrnog")
    git(repository, environ, "commit", "-q", "--allow-empty", "--amend", "-m", "wrong")
    git(repository, environ, "commit", "-q", "--allow-empty", "--amend", "-m", "second\n\nwith a body")
    git(repository, environ, "checkout", "-q", "-b", "other")
    git(repository, environ, "commit", "-q", "--allow-empty", "-m", "elsewhere")
    assert told() == ["elsewhere", "second", "first"]
    git(repository, environ, "checkout", "-q", "main")
    assert told() == ["second", "first"]
    git(repository, environ, "commit", "-q", "--allow-empty", "-m", "gone")
    git(repository, environ, "reset", "-q", "--hard", "HEAD~1")
    assert told() == ["second", "first"]
    assert lately("garbage\n" + "0" * 40, "0" * 40) == ((), ())


def test_waiting_for_git_leaves_the_loop_free(repository, environ):  # noqa: F811
    """The first reading is waited for without blocking others."""

    async def both():
        ticks = 0
        work = asyncio.ensure_future(GitSource(repository, environ).collect(ASK))
        while not work.done():
            await asyncio.sleep(0)
            ticks += 1
        return ticks

    assert asyncio.run(both()) > 1


def test_only_questions_about_git_match_it(repository, environ):  # noqa: F811
    """Names of changed files and words of subjects are no reason to tell the repository's state."""
    (repository / "late_source.py").write_text("1")
    candidates = list(collect(GitSource(repository, environ)).values())

    def best(question):
        return rank(candidates, Ask(question=question, model="m"))[0]

    assert best("how does the first late source end?").score < 0.1
    assert best("what has changed since the last commit?").candidate.name == "changes"
    assert best("which branch is this?").candidate.name == "branch"
