"""May a file be told of: from ignore files as they are at this moment, by names, by what the user set."""

import os
import shutil
from pathlib import Path

import pytest
from index.trees import write

from askance.index import patterns
from askance.index.access import Access
from askance.index.project import Project
from askance.index.spelled import may_name, may_show


def test_an_ignore_file_holds_at_once(tmp_path):
    """Written, changed, replaced by another of the same size and time, moved away: without index or watcher."""
    write(tmp_path, {"a/b.py": "", "a/c.py": "", "d.py": ""})
    access = Access(tmp_path)

    def allowed():
        return [path for path in ("a/b.py", "a/c.py", "d.py") if access.allows(path)]

    assert allowed() == ["a/b.py", "a/c.py", "d.py"]
    for number in range(20):
        write(tmp_path, {"a/.askignore": "b.py\n"})
        assert allowed() == ["a/c.py", "d.py"], number
        made = (tmp_path / "a/.askignore").stat()
        write(tmp_path, {"a/.askignore": "c.py\n"})
        os.utime(tmp_path / "a/.askignore", ns=(made.st_atime_ns, made.st_mtime_ns))
        assert allowed() == ["a/b.py", "d.py"], number
        write(tmp_path, {"new": "/a/\n"})
        (tmp_path / "new").rename(tmp_path / ".cursorignore")
        assert allowed() == ["d.py"], number
        (tmp_path / ".cursorignore").unlink()
        (tmp_path / "a/.askignore").unlink()
        assert allowed() == ["a/b.py", "a/c.py", "d.py"], number


def test_what_does_not_change_is_read_once(tmp_path, monkeypatch):
    """A hundred questions, one look into each folder."""
    write(tmp_path, {"a/.gitignore": "x\n", ".askignore": "y\n", "a/b.py": ""})
    old = tmp_path.stat().st_mtime_ns
    access = Access(tmp_path, now_ns=lambda: old + 10**12)
    read = []
    monkeypatch.setattr(patterns, "read", lambda file, real=patterns.read: read.append(file) or real(file))
    assert all(access.allows("a/b.py") for _ in range(100))
    assert sorted(file.name for file in read if file.is_file()) == [".askignore", ".gitignore"]


@pytest.mark.parametrize(
    "path", ["", "/", "..", "../a.py", "a/../b.py", "/etc/hosts", "a//b.py", "./a.py", "a\0b", "."]
)
def test_paths_that_are_none(tmp_path, path):
    """Outside the root, or spelled so that one could mean something else."""
    assert not Access(tmp_path).allows(path)


def test_folders_are_asked_for_with_a_stroke(tmp_path):
    """As git names untracked ones."""
    write(tmp_path, {".gitignore": "out/\n"})
    access = Access(tmp_path, never=["plans/"])
    assert [access.allows(path) for path in ("src/", "out/", "a/out/", "plans/", "out", ".aws/", "a/.envs/")] == [
        True, False, False, False, True, False, False,
    ]  # fmt: skip


def test_without_a_project_there_are_no_files():
    """And code may be shown whose name says nothing against it."""
    access = Access(None)
    assert not access.allows("a.py")
    assert may_show(access, "/somewhere/a.py")
    assert not may_show(access, "/somewhere/.env")
    assert not may_name(access, "conf/.env")


def test_ignore_files_that_cannot_be_understood_hide_all(tmp_path):
    """Too many patterns, too many bytes; a pipe or a folder of that name is none."""
    write(tmp_path, {f"{folder}/x.py": "" for folder in "abcd"})
    write(tmp_path, {"a/.askignore": "y\n" * 6000, "b/.askignore": "#" * 2_000_000, "d/.askignore/y": ""})
    os.mkfifo(tmp_path / "c" / ".askignore")
    access = Access(tmp_path)
    assert [access.allows(f"{folder}/x.py") for folder in "abcd"] == [False, False, True, True]


def test_patterns_that_would_match_for_ever():
    """After a few stars a pattern fits what follows; an exception with as many makes none."""
    spec = patterns.spec(["*a*a*a*a*a*a*a*a*b", "!*c*c*c*c*c*c*c*c", "x"])
    assert spec.check_file("a" * 200).include
    assert spec.check_file("x" + "c" * 200).include is None
    assert patterns.spec(["c*", "!*c*c*c*c*c"]).check_file("c" * 30).include


def test_a_second_name_tells_no_more(tmp_path):
    """Of a file that is left out, by an ignore file, its name, or its folder; other files may have as many as they like."""
    write(tmp_path, {".gitignore": "private/\n*.log\n", "private/a.py": "1", "b.log": "2", ".env": "3", "c.py": "4"})
    for number, path in enumerate(("private/a.py", "b.log", ".env", "c.py")):
        os.link(tmp_path / path, tmp_path / f"other{number}.py")
    project = Project(tmp_path, watch=False)
    project.refresh()
    assert [project.read(f"other{number}.py") for number in range(4)] == [None, None, None, "4"]
    project.close()


def test_code_as_its_own_objects_name_it(tmp_path, monkeypatch):
    """By absolute and relative names, through links; a library in the project is one."""
    root = tmp_path / "project"
    write(root, {".gitignore": "private/\n", "private/a.py": "", "b.py": "", "lib/site-packages/c.py": ""})
    write(tmp_path, {"elsewhere/d.py": "", "elsewhere/.env": ""})
    (root / "link.py").symlink_to("private/a.py")
    (root / "folder").symlink_to("private")
    (root / "out.py").symlink_to(tmp_path / "elsewhere/d.py")
    monkeypatch.chdir(root / "private")
    monkeypatch.syspath_prepend(str(root))
    access = Access(root, never=["/d.py"])
    shown = {
        str(root / "b.py"): True,
        str(root / "private/a.py"): False,
        str(root / "x/../private/a.py"): False,
        str(root / "link.py"): False,
        str(root / "folder/a.py"): False,
        str(root / "out.py"): False,
        str(root / "lib/site-packages/c.py"): True,
        str(tmp_path / "elsewhere/d.py"): True,
        str(tmp_path / "elsewhere/.env"): False,
        "a.py": False,
        "private/a.py": False,
        "b.py": True,
        "<string>": True,
        "gone.py": True,
    }
    assert {name: may_show(access, name) for name in shown} == shown


def test_files_as_cells_call_them(tmp_path, monkeypatch):
    """From the current folder, from the root, from home; there may be no such file yet."""
    root = tmp_path / "project"
    write(root, {".gitignore": "private/\nsub/x.py\n", "sub/y.py": ""})
    monkeypatch.chdir(root / "sub")
    access = Access(root)
    named = {
        "y.py": True, "x.py": False, "../private/new.py": False, "private/new.py": False, "~/.env": False, "/tmp/a": True,
        "~/notes.txt": True, str(root / "private/a"): False, "a b.py": True, "": True, "/etc/.env": False,
    }  # fmt: skip
    assert {name: may_name(access, name) for name in named} == named


def test_a_worktree_has_the_rules_of_its_repository(tmp_path):
    """Its own ignore file lies elsewhere."""
    import subprocess

    main, tree = tmp_path / "main", tmp_path / "tree"
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    for name in ("AUTHOR", "COMMITTER"):
        environ |= {f"GIT_{name}_NAME": "t", f"GIT_{name}_EMAIL": "t@example.org"}
    main.mkdir()
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"], ["worktree", "add", "-q", str(tree)]):
        subprocess.run(["git", *command], cwd=main, env=environ, check=True, capture_output=True)
    write(main, {".git/info/exclude": "private.py\n"})
    assert not Access(tree).allows("private.py")
    shutil.rmtree(tree)
    assert Path(main).is_dir()
