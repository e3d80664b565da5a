"""The index over real trees: what is left out, what is seen, and what never blocks."""

import os
import threading
import time
from pathlib import Path

import pytest

from askance.index.files import read_bytes
from askance.index.project import Project
from askance.index.root import find_root


def write(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())


def indexed(root, **more):
    project = Project(root, watch=False, **more)
    project.refresh()
    return project


def test_ignore_files_of_all_kinds_and_depths(tmp_path):
    """Nested files win over outer ones of their kind; each kind counts by itself; `allows` agrees with the scan."""
    write(
        tmp_path,
        {
            ".gitignore": "*.log\nout/\n!keep.log\n",
            "a.log": "", "keep.log": "", "out/x.py": "", "a.py": "",
            "sub/.gitignore": "!b.log\nc.py\n", "sub/b.log": "", "sub/c.py": "", "sub/d.py": "",
            ".askignore": "private/\n", "private/p.py": "",
            ".aiexclude": "*.ai\n", "x.ai": "",
            ".cursorignore": "/top.py\n", "top.py": "", "sub/top.py": "",
            ".git/info/exclude": "local.py\n", "local.py": "",
        },
    )  # fmt: skip
    project = indexed(tmp_path)
    kept = {path for path in project.paths() if not Path(path).name.startswith(".")}
    assert kept == {"keep.log", "a.py", "sub/b.log", "sub/d.py", "sub/top.py"}
    every = [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()]
    assert {path for path in every if project.allows(path)} == set(project.paths())


@pytest.mark.parametrize(
    "path",
    [".env", ".env.local", "key.pem", "server.key", "id_rsa", "id_ed25519.pub", ".netrc", "gcp-credentials.json", "secrets.yaml",
     "terraform.tfstate", ".git/config.py", "node_modules/x.js", "venv/lib.py", "__pycache__/a.py", ".ssh/config", "image.png"],
)  # fmt: skip
def test_what_is_never_read(tmp_path, path):
    """Secret names, virtual environments, caches and binaries are left out; a fingerprint of them is refused."""
    write(tmp_path, {path: "treasure = 1", "venv/pyvenv.cfg": "", "ok.py": "treasure = 2"})
    project = indexed(tmp_path)
    assert list(project.search(["treasure"], 10)) == ["ok.py"]
    assert project.read(path) is None
    assert project.fingerprint(path) is None


def test_odd_files_are_skipped_with_a_reason(tmp_path):
    """Binary content, a broken notebook and a large file are counted; text that is not UTF-8 is read all the same."""
    write(
        tmp_path,
        {"blob.txt": b"a\0b", "broken.ipynb": '{"cells": [', "odd.ipynb": '{"cells": 3}', "big.py": "x" * 1_000_001,
         "latin.py": "straße = 'größe'".encode("latin-1"), "deep.ipynb": "[" * 100_000, "fine.py": "größe = 1"},
    )  # fmt: skip
    project = indexed(tmp_path)
    assert sorted(project.paths()) == ["fine.py", "latin.py"]
    assert project.notes == ("1 files are too large", "4 files are no readable text")


def test_links_pipes_and_sockets_are_never_opened(tmp_path):
    """Links out of and around the tree, and a pipe, neither block nor lead anywhere."""
    root = tmp_path / "root"
    write(root, {"a.py": "x"})
    write(tmp_path, {"outside.py": "treasure"})
    (root / "link.py").symlink_to(tmp_path / "outside.py")
    (root / "loop").symlink_to(root)
    (root / "up").symlink_to(tmp_path)
    os.mkfifo(root / "pipe.py")
    project = indexed(root)
    assert list(project.paths()) == ["a.py"]
    assert [
        read_bytes(root, path) for path in ("link.py", "up/outside.py", "pipe.py", "../outside.py", "no\0name")
    ] == [None] * 5


def test_a_pipe_or_link_that_takes_a_files_place_is_not_read(tmp_path):
    """Between scan and read a file may become anything."""
    write(tmp_path, {"a.py": "x", "b.py": "x", "d/c.py": "x", "e/c.py": "treasure"})
    project = indexed(tmp_path)
    (tmp_path / "a.py").unlink()
    os.mkfifo(tmp_path / "a.py")
    (tmp_path / "b.py").unlink()
    (tmp_path / "b.py").symlink_to(tmp_path / "e" / "c.py")
    (tmp_path / "d" / "c.py").unlink()
    (tmp_path / "d").rmdir()
    (tmp_path / "d").symlink_to(tmp_path / "e")
    assert [project.read(path) for path in ("a.py", "b.py", "d/c.py")] == [None] * 3


def test_the_number_of_files_is_bounded_and_said(tmp_path):
    """Past the limit the scan stops and a note says so."""
    write(tmp_path, {f"f{i}.py": "" for i in range(12)})
    project = indexed(tmp_path, limit=10)
    assert len(project.paths()) == 10
    assert project.notes == ("only the first 10 files are searched",)


def test_roots(tmp_path):
    """Git's top level, else pyproject.toml's folder, else the folder; never home, nor anything above it."""
    home = tmp_path / "home"
    write(home, {"repo/.git/HEAD": "", "repo/a/b/x": "", "proj/pyproject.toml": "", "proj/n/x": "", "plain/n/x": ""})
    assert find_root(home / "repo/a/b", home) == home / "repo"
    assert find_root(home / "proj/n", home) == home / "proj"
    assert find_root(home / "plain/n", home) == home / "plain/n"
    (home / ".git").mkdir()
    assert find_root(home / "plain/n", home) == home / "plain/n"
    assert find_root(home, home) is find_root(tmp_path, home) is find_root(Path("/"), home) is None


def test_same_size_edits_right_after_each_other_are_seen(tmp_path):
    """A file's clock is coarse: a second edit of the same size in the same tick still counts."""
    write(tmp_path, {"a.py": "alpha"})
    project = indexed(tmp_path)
    os.utime(tmp_path / "a.py", ns=(time.time_ns(), time.time_ns()))
    project.refresh()
    before, state = project.fingerprint("a.py"), (tmp_path / "a.py").stat()
    (tmp_path / "a.py").write_text("gamma")
    os.utime(tmp_path / "a.py", ns=(state.st_atime_ns, state.st_mtime_ns))
    project.refresh()
    assert project.fingerprint("a.py") != before
    assert list(project.search(["gamma"], 5)) == ["a.py"]


def test_an_unchanged_tree_is_not_read_again(tmp_path):
    """Old files are read once, whatever the number of refreshes."""
    write(tmp_path, {"a.py": "alpha", "b.py": "beta"})
    for name in ("a.py", "b.py"):
        os.utime(tmp_path / name, (1, 1))
    project = indexed(tmp_path)
    for name in ("a.py", "b.py"):
        (tmp_path / name).chmod(0o644)
    opened = []
    real = os.open
    try:
        os.open = lambda path, *rest, **more: opened.append(str(path)) or real(path, *rest, **more)
        project.refresh()
        os.utime(tmp_path / "b.py", (2, 2))
        project.refresh()
    finally:
        os.open = real
    assert [path for path in opened if path.endswith(".py")] == ["b.py"]  # from its folder's handle


def test_a_new_ignore_file_takes_effect(tmp_path):
    """What became ignored is forgotten by the next refresh."""
    write(tmp_path, {"a.py": "alpha"})
    project = indexed(tmp_path)
    write(tmp_path, {".askignore": "a.py"})
    project.refresh()
    assert project.search(["alpha"], 5) == {}


def until(project, condition):
    for _ in range(250):
        project.refresh()
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_watched_changes_arrive_and_stopping_leaves_no_thread(tmp_path):
    """Created, edited, moved and deleted files, new folders too, come through events; close ends every thread."""
    threads = set(threading.enumerate())
    write(tmp_path, {"a.py": "alpha", "node_modules/m.js": "", "pkg/__pycache__/x.pyc": ""})
    project = Project(tmp_path)
    project.refresh()
    project.refresh()
    assert project._mirror._watcher.alive
    write(tmp_path, {"b.py": "beta"})
    assert until(project, lambda: "b.py" in project.search(["beta"], 5))
    write(tmp_path, {"a.py": "gamma"})
    assert until(project, lambda: "a.py" in project.search(["gamma"], 5))
    write(tmp_path, {"pkg/new/c.py": "delta"})
    assert until(project, lambda: "pkg/new/c.py" in project.search(["delta"], 5))
    write(tmp_path, {"pkg/new/d.py": "epsilon"})
    assert until(project, lambda: "pkg/new/d.py" in project.search(["epsilon"], 5))
    (tmp_path / "b.py").rename(tmp_path / "e.py")
    assert until(project, lambda: list(project.search(["beta"], 5)) == ["e.py"])
    (tmp_path / "e.py").unlink()
    assert until(project, lambda: not project.search(["beta"], 5))
    project.close()
    assert [thread.name for thread in threading.enumerate() if thread not in threads] == []


def test_a_forked_child_works_and_leaves_the_parents_watch_alone(tmp_path):
    """The child scans by itself and closes; the parent still sees changes by events."""
    write(tmp_path, {"a.py": "alpha"})
    project = Project(tmp_path)
    project.refresh()
    project._lock.acquire()
    child = os.fork()
    if child == 0:
        project.refresh()
        found = list(project.search(["alpha"], 5)) == ["a.py"]
        project.close()
        os._exit(0 if found else 1)
    project._lock.release()
    assert os.waitpid(child, 0)[1] == 0
    assert project._mirror._watcher.alive
    project.refresh()
    write(tmp_path, {"b.py": "beta"})
    assert until(project, lambda: "b.py" in project.search(["beta"], 5))
    project.close()


def test_a_tree_that_cannot_be_watched_is_scanned(tmp_path, monkeypatch):
    """Where no change is reported, changes are found all the same."""
    write(tmp_path, {"d1/x.py": ""})
    monkeypatch.setattr("askance.index.watcher.Watcher.start", lambda self: False)
    project = Project(tmp_path)
    project.refresh()
    assert not project._mirror._watcher.alive
    write(tmp_path, {"d1/new.py": "beta"})
    project.refresh()
    assert list(project.search(["beta"], 5)) == ["d1/new.py"]
    project.close()


def test_no_root_no_files():
    """Without a project everything is empty and nothing fails."""
    project = Project(None)
    project.refresh()
    assert (list(project.paths()), project.search(["a"], 5), project.fingerprint("a"), project.read("a")) == (
        [],
        {},
        None,
        None,
    )


@pytest.mark.parametrize("word", ['"', "a'b", "NEAR", "*", "(", "", "ünïcode", "日本"])
def test_any_word_can_be_searched(tmp_path, word):
    """Words never act as search syntax."""
    write(tmp_path, {"a.py": "x = 'NEAR 日本 ünïcode'"})
    assert set(indexed(tmp_path).search([word, "or", "and"], 5)) <= {"a.py"}
