"""A folder that is damaged, moved, removed, locked or full costs answers, never an ask; and mends itself."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from askance.cache.disk.faults import fault
from askance.cache.disk.tier import LOCK, REBUILDS, DiskTier
from askance.cache.entry import Entry
from askance.cache.kept import Kept
from askance.lock import locked
from askance.records import Ledger
from askance.testing import FakeClock

KEPT = Kept.of("key", [Entry(question="why?", text="The answer.", model="local", ledger=Ledger())])
NOTICE = "The disk cache was damaged: it is set aside, and begun anew."


@pytest.fixture
def folder(tmp_path):
    """With one answer in it."""
    tier = DiskTier(tmp_path / "answers")
    tier.set("key", KEPT, 60)
    tier.close()
    return tmp_path / "answers"


def damage(folder):
    """Nothing of the database is left."""
    (folder / "cache.db").write_bytes(b"not a database" * 1000)


def aside(folder):
    """What was set aside."""
    return sorted(path.name for path in folder.parent.glob("*.bad-*"))


def test_a_damaged_database_is_set_aside_and_begun_anew(folder):
    """One line, once; the damaged file is kept for people to look at, the newest one only."""
    for seconds in (100.0, 200.0):
        damage(folder)
        tier = DiskTier(folder, clock=FakeClock(seconds))
        assert tier.get("key") is None
        assert (tier.notice, tier.problem) == (NOTICE, "")
        tier.set("key", KEPT, 60)
        assert tier.get("key") is not None
        tier.close()
        assert aside(folder) == [f"answers.bad-{seconds:.0f}"]
        assert (folder.parent / aside(folder)[0] / "cache.db").read_bytes() == b"not a database" * 1000


def test_clearing_forgets_what_was_set_aside_too(folder):
    """It holds answers."""
    damage(folder)
    tier = DiskTier(folder)
    assert tier.get("key") is None
    assert len(aside(folder)) == 1
    tier.clear()
    assert (aside(folder), tier.problem) == ([], "")


def test_two_kernels_that_see_the_damage_begin_anew_once(folder):
    """The second finds that another database is there, and opens that."""
    tiers = [DiskTier(folder, clock=FakeClock(seconds)) for seconds in (100.0, 200.0)]
    for tier in tiers:
        assert tier.get("key") is not None
    for tier in tiers:
        tier._rows._quick._con.close()  # whatever it says next: it is not the database that another has begun
        assert tier.get("key") is None
        tier.set(f"from {tier._clock()}", KEPT, 60)
    assert aside(folder) == ["answers.bad-100"]
    for tier in tiers:
        assert [tier.get(f"from {seconds}") is not None for seconds in (100.0, 200.0)] == [True, True]
    assert [tier.notice for tier in tiers] == [NOTICE, ""]


@pytest.mark.parametrize("how", ["removed", "renamed", "cleared"])
def test_a_folder_that_goes_is_made_again(folder, how):
    """By the user, or by another kernel that clears: with the next write, or the next miss."""
    tier, other = DiskTier(folder), DiskTier(folder)
    assert tier.get("key") is not None
    if how == "cleared":
        other.clear()
        assert tier.get("key") is None
        other.set("key", KEPT, 60)
        assert tier.get("key") is not None
        other.clear()
    elif how == "renamed":
        folder.rename(folder.with_name("elsewhere"))
    else:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    tier.set("new", KEPT, 60)
    assert [tier.get(key) is not None for key in ("key", "new")] == [False, True]
    assert (tier.problem, tier.notice, aside(folder)) == ("", "", [])
    assert other.get("new") is not None


def test_a_file_in_place_of_the_folder_is_told(folder):
    """What was read goes on being read; the rest waits until the file is gone."""
    tier = DiskTier(folder)
    assert tier.get("key") is not None
    folder.rename(folder.with_name("elsewhere"))
    folder.write_text("mine")
    assert tier.get("other") is None
    tier.set("other", KEPT, 60)
    assert tier.problem.startswith("disk cache off: File exists")
    assert folder.read_text() == "mine"
    folder.unlink()
    tier.clear()
    tier.set("key", KEPT, 60)
    assert (tier.get("key") is not None, tier.problem) == (True, "")


def test_what_is_damaged_again_and_again_is_given_up_and_begun_by_hand(folder):
    """Then it is not the database that is damaged."""
    tier = DiskTier(folder, clock=FakeClock(100))
    for _ in range(REBUILDS):
        tier.get("key")
        tier._rows._quick._con.close()
        assert tier.get("key") is None
    assert tier.problem == ""
    tier._rows._quick._con.close()
    assert tier.get("key") is None
    assert tier.problem == f"disk cache off: {folder} was damaged {REBUILDS + 1} times. Type: %askcache clear"
    tier.clear()
    tier.set("key", KEPT, 60)
    assert (tier.get("key") is not None, tier.problem) == (True, "")


def test_where_nothing_can_be_made_the_tier_is_off(tmp_path):
    """A file in place of the folder above."""
    (tmp_path / "file").touch()
    tier = DiskTier(tmp_path / "file" / "answers")
    tier.set("key", KEPT, 60)
    tier.delete("key")
    assert (tier.get("key"), tier.stats()) == (None, {"entries": 0, "bytes": 0})
    assert tier.problem.startswith("disk cache off: Not a directory")
    assert tier.problem.endswith("type: %askcache clear")
    assert "\n" not in tier.problem
    (tmp_path / "file").unlink()
    tier.clear()
    tier.set("key", KEPT, 60)
    assert (tier.get("key") is not None, tier.problem) == (True, "")


def test_opening_waits_for_no_other_kernel_on_the_way_of_an_ask(folder):
    """A folder that another kernel has locked is a miss, and no fault; later it is opened."""
    tier = DiskTier(folder)
    with locked(folder / LOCK, 0):
        assert tier.get("key") is None
        assert (tier.problem, tier.notice) == ("", "")
    assert tier.get("key") is not None


def test_many_kernels_open_a_new_folder_at_once(tmp_path):
    """None of them fails."""
    program = (
        "import sys; from pathlib import Path; from askance.cache.disk.tier import DiskTier; from askance.cache.kept import Kept\n"
        "sys.stdin.read(1); tier = DiskTier(Path(sys.argv[1])); tier.set(sys.argv[2], Kept('text'), 60)\n"
        "print(tier.get(sys.argv[2]) is not None, tier.problem, tier.notice); tier.close()"
    )
    kernels = [
        subprocess.Popen(
            [sys.executable, "-c", program, tmp_path / "answers", str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(6)
    ]
    for kernel in kernels:
        kernel.stdin.write("!")
        kernel.stdin.flush()
    assert [kernel.communicate()[0].split() for kernel in kernels] == [["True"]] * 6
    assert DiskTier(tmp_path / "answers").stats()["entries"] == 6


def test_what_older_versions_left_is_swept_and_nothing_else(folder):
    """Their value files, in folders of two letters; whatever else lies there is not ours to remove; links are left."""
    mine = folder.parent / "mine"
    (mine / "ab").mkdir(parents=True)
    (folder / "ab" / "cd").mkdir(parents=True)
    value = "0" * 28 + ".val"
    for place in (folder / "ab" / "cd" / value, mine / "ab" / value, folder / "ab" / "notes.txt", folder / "notes.txt"):
        place.write_text("text")
    (folder / "ee").symlink_to(mine)
    (folder / "ff" / "00").mkdir(parents=True)
    (folder / "ff" / "00" / value).write_text("text")
    for number in (7, 8, 31):
        (folder.parent / f"answers.bad-{number}").mkdir()
    (folder.parent / "answers.bad-32").symlink_to(mine)
    (folder.parent / "answers.bad-old").mkdir()
    assert DiskTier(folder).get("key") is not None
    left = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.name.startswith("cache.db")}
    assert left == {"lock", "ab", "ab/notes.txt", "notes.txt", "ee"}
    assert (mine / "ab" / value).read_text() == "text"
    assert aside(folder) == ["answers.bad-31", "answers.bad-32", "answers.bad-old"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "full"),
        (OSError(errno.EDQUOT, "Quota exceeded"), "full"),
        (TimeoutError(), "busy"),
        (ValueError("?"), "damaged"),
        (sqlite3.DatabaseError("file is not a database"), "damaged"),
    ],
)
def test_what_is_a_fault_and_what_a_wait(tmp_path, error, kind):
    """And what is only want of room."""
    assert fault(error, tmp_path) == kind


def test_a_full_database_is_off_for_writing_and_cleared(folder):
    """As on a full disk: SQLite may have no more pages than it has."""
    tier = DiskTier(folder)
    assert tier.get("key") is not None
    tier._rows._patient._sql("PRAGMA max_page_count = 1").fetchall()
    for number in range(3):
        tier.set(f"key {number}", Kept("x" * 100_000), 60)
    assert tier.problem == "disk cache off: disk full. Free some space, then type: %askcache clear"
    assert tier.get("key") is not None
    tier.clear()
    assert (tier.problem, tier.get("key")) == ("", None)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_leaves_the_parents_files_alone(folder):
    """It finds nothing, keeps nothing, closes nothing, whatever its parent does meanwhile; the parent goes on."""
    tier = DiskTier(folder)
    assert tier.get("key") is not None
    inner = threading.Event()
    holder = threading.Thread(target=lambda: tier._turn.acquire() and inner.wait(30) and tier._turn.release())
    holder.start()  # at the moment of the fork another thread has the right to open
    child = os.fork()
    if child == 0:
        found = [tier.get("key")]
        tier.set("child", KEPT, 60)
        tier.delete("key")
        tier.clear()
        tier.close()
        os._exit(0 if found == [None] and tier._rows is None else 1)
    assert os.waitpid(child, 0)[1] == 0
    inner.set()
    holder.join()
    tier.set("parent", KEPT, 60)
    assert [tier.get(key) is not None for key in ("key", "child", "parent")] == [True, False, True]
    assert (tier.problem, tier.notice) == ("", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_of_a_kernel_that_has_not_looked_yet_has_a_cache(folder):
    """It inherits nothing."""
    tier = DiskTier(folder)
    child = os.fork()
    if child == 0:
        os._exit(0 if tier.get("key") is not None else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert tier.get("key") is not None


TRUNCATE = """
import sqlite3, subprocess, sys
from pathlib import Path
from askance.cache.disk.tier import DiskTier
from askance.cache.kept import Kept
folder, name, mmap = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
tier = DiskTier(folder)
for number in range(200):
    tier.set(f"key {number}", Kept("x" * 20000), 60)
rows = tier._rows
for cache in (rows._quick, rows._patient):
    cache._sql("PRAGMA wal_checkpoint").fetchall()
    if mmap:
        cache._sql(f"PRAGMA mmap_size = {mmap}").fetchall()
print(sum(tier.get(f"key {number}") is not None for number in range(200)), flush=True)
subprocess.run(["truncate", "-s", "0", folder / name])
for number in range(200):
    tier.get(f"key {number}")
    tier.set(f"new {number}", Kept("x" * 20000), 60)
print(tier.get("new 199") is not None, tier.problem)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs truncate(1)")
@pytest.mark.parametrize(
    ("name", "mmap", "status"), [("cache.db", 0, 0), ("cache.db-wal", 0, 0), ("cache.db", 2**26, -signal.SIGBUS)]
)
def test_a_database_that_somebody_truncates_does_not_kill_the_kernel(tmp_path, name, mmap, status):
    """Which it does where SQLite maps it, as diskcache lets it do."""
    run = subprocess.run(
        [sys.executable, "-c", TRUNCATE, tmp_path / "answers", name, str(mmap)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout.split()) == (status, ["200", "True"] if status == 0 else ["200"])


def test_a_write_that_dies_half_way_is_not_there(folder, monkeypatch):
    """The transaction is undone; the connection goes on."""
    tier = DiskTier(folder)
    assert tier.get("key") is not None
    patient = tier._rows._patient
    monkeypatch.setattr(patient, "_cull", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tier._rows.set("half", "text", 60)
    monkeypatch.undo()
    assert [tier.get(key) is not None for key in ("key", "half")] == [True, False]
    tier.set("half", KEPT, 60)
    assert tier.get("half") is not None
    with closing(sqlite3.connect(folder / "cache.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
