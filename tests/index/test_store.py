"""The index's file: private, one for each root, and made anew by itself whatever became of it."""

import os
import sqlite3
import stat
import time

import pytest
from index.trees import held, index_file, write

from askance.index import database
from askance.index.project import Project


@pytest.fixture
def tree(tmp_path):
    """A few files."""
    root = tmp_path / "tree"
    write(root, {"a.py": "def alpha(): pass", "pkg/b.py": "import a\n", "c.txt": b"\0"})
    return root


@pytest.fixture
def folder(tmp_path):
    """Where the index is kept."""
    return tmp_path / "cache" / "index"


def opened(tree, folder):
    project = Project(tree, folder=folder, watch=False)
    project.refresh()
    return project


def finds_all(project):
    """Whether the index is whole."""
    project.refresh()
    return list(project.search(["alpha"], 5)) == ["a.py"] and list(project.paths()) == ["a.py", "pkg/b.py"]


def test_the_file_is_its_owners_alone(tree, folder, tmp_path):
    """Folder 0700, files 0600; another root has another file."""
    project = opened(tree, folder)
    modes = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}
    write(tmp_path / "other", {"x.py": ""})
    other = opened(tmp_path / "other", folder)
    assert len(list(folder.glob("*.sqlite"))) == 2
    project.close()
    other.close()


def test_a_second_kernel_starts_warm(tree, folder):
    """It reads no file of an unchanged tree, not even for fingerprints."""
    for path in ("a.py", "pkg/b.py", "c.txt"):
        os.utime(tree / path, (1, 1))
    first = opened(tree, folder)
    prints = [first.fingerprint(path) for path in first.paths()]
    read, real = [], os.open
    try:
        os.open = lambda path, *rest, **more: read.append(str(path)) or real(path, *rest, **more)
        second = opened(tree, folder)
        assert [second.fingerprint(path) for path in second.paths()] == prints
    finally:
        os.open = real
    assert [path for path in read if path.endswith((".py", ".txt"))] == []
    assert held(first._mirror.store) == held(second._mirror.store)
    first.close()
    second.close()


def garble(file):
    data = bytearray(file.read_bytes())
    data[100 : len(data) // 2] = os.urandom(len(data) // 2 - 100)
    file.write_bytes(data)


def cut_short(file):
    os.truncate(file, file.stat().st_size // 2)


def of_another_schema(file):
    with sqlite3.connect(file) as db:
        db.execute(f"PRAGMA user_version = {database.SCHEMA + 1}")
    db.close()


def of_another_root(file):
    with sqlite3.connect(file) as db:
        db.execute("UPDATE meta SET value = '/elsewhere' WHERE key = 'root'")
    db.close()


def someone_elses(file):
    file.unlink()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()


def without_a_table(file):
    with sqlite3.connect(file) as db:
        db.execute("DROP TABLE texts")
    db.close()


WRECKS = [garble, cut_short, of_another_schema, of_another_root, someone_elses, without_a_table,
          lambda file: file.write_bytes(b"no database"), lambda file: file.write_bytes(b""), lambda file: file.unlink()]  # fmt: skip


@pytest.mark.parametrize("wreck", WRECKS)
def test_a_useless_file_is_made_anew(tree, folder, wreck):
    """Found so at the start: the index is whole, and on disk again."""
    opened(tree, folder).close()
    wreck(index_file(folder))
    project = Project(tree, folder=folder, watch=False)
    assert finds_all(project)
    assert project._mirror.store.path is not None
    project.close()
    with sqlite3.connect(index_file(folder)) as db:
        assert db.execute("SELECT count(*) FROM files").fetchone() == (3,)
    db.close()


@pytest.mark.parametrize("wreck", [garble, cut_short, without_a_table, lambda file: file.unlink()])
def test_a_file_that_is_wrecked_while_it_is_open_heals(tree, folder, wreck):
    """The next ask finds everything; no call raises."""
    project = opened(tree, folder)
    project._mirror.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    project._mirror.store.rows("PRAGMA shrink_memory")
    wreck(index_file(folder))
    write(tree, {"pkg/b.py": "import alpha\n"})
    project.refresh()
    assert set(project.search(["alpha"], 5)) == {"a.py", "pkg/b.py"}
    assert project.defining(["alpha"]) == {"alpha": ["a.py"]}
    project.close()


@pytest.mark.parametrize("place", ["file", "pipe"])
def test_a_place_that_cannot_be_used_leaves_the_index_in_memory(tree, tmp_path, place):
    """The ask does not notice."""
    folder = tmp_path / "taken"
    folder.write_text("") if place == "file" else os.mkfifo(folder)
    project = Project(tree, folder=folder, watch=False)
    assert finds_all(project)
    assert project._mirror.store.path is None
    project.close()


def test_a_full_disk_leaves_the_index_in_memory(tree, folder, monkeypatch):
    """As SQLite says it, in the middle of a write."""
    project = opened(tree, folder)
    store = project._mirror.store
    store.rows(f"PRAGMA max_page_count = {store.rows('PRAGMA page_count')[0][0]}")
    write(tree, {"big.py": "alpha = 1\n" + "\n".join(f"name{i} = {i}" for i in range(20_000))})
    project.refresh()
    assert set(project.search(["alpha"], 5)) == {"a.py", "big.py"}
    assert project._mirror.store.path is None
    project.close()


def test_indexes_that_nobody_opens_are_deleted_in_time(tree, folder):
    """After three months; opening one counts."""
    opened(tree, folder).close()
    file = index_file(folder)
    os.utime(file, (0, 0))
    opened(tree, folder).close()
    database.forget_old(folder, time.time())
    assert file.exists()
    database.forget_old(folder, time.time() + database.UNUSED_SECONDS + 60)
    assert list(folder.glob("*.sqlite*")) == []


def test_while_another_process_writes_an_ask_works_with_what_is_there(tree, folder):
    """It sees what was written before, and the change once the other is done."""
    project = opened(tree, folder)
    other = sqlite3.connect(index_file(folder), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    project._mirror.store.rows("PRAGMA busy_timeout = 10")
    write(tree, {"d.py": "alpha"})
    project.refresh()
    assert list(project.search(["alpha"], 5)) == ["a.py"]
    other.rollback()
    other.close()
    project.refresh()
    assert set(project.search(["alpha"], 5)) == {"a.py", "d.py"}
    project.close()
