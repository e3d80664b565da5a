"""Folders full of pipes, devices, rings and giants: nothing hangs, nothing but plain files is opened, the rest is indexed."""

import os
import tempfile
from pathlib import Path

import pytest
from faults.hostile_trees import GOOD, MORE, TREES, make, put
from faults.running import counted

from askance.index import files
from askance.index.files import read_bytes, scan

SYSTEM = ("/usr/lib/", "/etc/", "/dev/null")
SELDOM = ("many files", "very deep")
TENTH = [how for number, how in enumerate(TREES) if number % 10 == 3]


def judge(tmp_path, how):
    """One tree, in a process of its own with a hook on all that is opened."""
    root, cache = tmp_path / "root", tmp_path / "cache"
    root.mkdir()
    cache.mkdir()
    make(root, how)
    found = counted("scanning", root, cache)
    assert set(found["kinds"]) <= {"-", "d"}
    assert [path for path in found["elsewhere"] if not path.startswith((str(cache), *SYSTEM))] == []
    assert set(GOOD) <= set(found["paths"])
    assert set(found["paths"]) - set(GOOD) - MORE.get(how, set()) - {"pyproject.toml", "package.json"} == set()
    assert set(GOOD) & set(found["told"])


@pytest.mark.parametrize("how", TENTH)
@pytest.mark.timeout(60)
def test_trees(tmp_path, how):
    """A tenth of them."""
    judge(tmp_path, how)


@pytest.mark.full
@pytest.mark.parametrize("how", [how for how in TREES if how not in TENTH])
@pytest.mark.timeout(60)
def test_all_trees(tmp_path, how):
    """The others."""
    judge(tmp_path, how)


@pytest.mark.parametrize("how", [how for how in TREES if how not in SELDOM])
def test_a_scan_takes_the_good_files_alone(tmp_path, how):
    """Every tree, looked at in this process."""
    make(tmp_path, how)
    found = scan(tmp_path, 1000)
    assert set(GOOD) <= set(found.files)
    read = {path for path in found.files if read_bytes(tmp_path, path) is not None}
    assert read == set(found.files)


def test_a_scan_ends_after_some_names(tmp_path, monkeypatch):
    """However many files there are that are no text; what was found until then counts."""
    monkeypatch.setattr(files, "MOST_ENTRIES", 50)
    for number in range(200):
        put(tmp_path, f"{number:03}.bin")
    put(tmp_path, "000.py")
    found = scan(tmp_path, 1000)
    assert not found.complete
    assert set(found.files) <= {"000.py"}


def test_the_depth_is_bounded(tmp_path):
    """Folders below folders are followed for a while, not for ever."""
    put(tmp_path, "d/" * 40 + "x.py")
    put(tmp_path, "e/" * 150 + "x.py")
    found = scan(tmp_path, 1000)
    assert list(found.files) == ["d/" * 40 + "x.py"]
    assert read_bytes(tmp_path, "e/" * 150 + "x.py") is None


def test_what_may_not_be_read_is_left_out():
    """Files and folders that this user may not enter; tried as nobody where the tests run as root."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path in (*GOOD, "closed.py", "shut/x.py", "blind/x.py"):
            put(root, path)
        for path, mode in (("", 0o755), ("closed.py", 0), ("shut", 0), ("blind", 0o444)):
            (root / path).chmod(mode)
        if os.geteuid() == 0:
            os.seteuid(65534)
        try:
            found = scan(root, 1000)
            assert set(found.files) - {"closed.py"} == set(GOOD)
            assert read_bytes(root, "closed.py") is read_bytes(root, "shut/x.py") is None
        finally:
            if os.getuid() == 0:
                os.seteuid(0)
            (root / "shut").chmod(0o755)
            (root / "blind").chmod(0o755)
