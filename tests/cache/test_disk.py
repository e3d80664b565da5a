"""The folder on disk keeps text, and nothing but text: it runs nothing, and touches no file but its own."""

import os
import pickle
import sqlite3
import stat
import sys
import threading
from contextlib import closing

import pytest

from askance.cache.disk.rows import LARGEST
from askance.cache.disk.tier import DiskTier
from askance.cache.entry import Entry
from askance.cache.kept import Kept
from askance.records import Ledger


def kept(text="The answer.", key="key"):
    """One answer, as a tier is given it."""
    return Kept.of(key, [Entry(question="why?", text=text, model="local", ledger=Ledger())])


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, flag):
        self.flag = flag

    def __reduce__(self):
        return os.system, (f"touch {self.flag}",)


def tampered(folder, sql, values=()):
    """A folder with one good row that somebody has changed."""
    tier = DiskTier(folder)
    tier.set("key", kept(), 60)
    tier.close()
    with closing(sqlite3.connect(folder / "cache.db")) as database, database:
        database.execute(sql, values)
    return DiskTier(folder)


def texts(tier, *keys):
    """What the entries under each key say; None for a miss."""
    found = [tier.get(key) for key in keys]
    return [None if one is None else "".join(entry.text for entry in one.entries("key")) for one in found]


@pytest.mark.parametrize("text", ["value", "x" * 100_000, "", "ünï 🐍"])
def test_answers_come_back(tmp_path, text):
    """Small, large, empty, in any script; in this kernel and the next."""
    tier = DiskTier(tmp_path / "cache")
    tier.set("key", kept(text), 60)
    assert texts(tier, "key", "other") == [text, None]
    tier.close()
    assert texts(DiskTier(tmp_path / "cache"), "key") == [text]


def test_one_answer_takes_the_place_of_another_and_can_be_forgotten(tmp_path):
    """By key, or all at once; for ever, or not any more."""
    tier = DiskTier(tmp_path / "cache")
    for text in ("old", "new"):
        tier.set("key", kept(text), float("inf"))
    tier.set("other", kept(), 60)
    tier.set("late", kept(), -1)
    assert texts(tier, "key", "other", "late") == ["new", "The answer.", None]
    tier.delete("key")
    assert texts(tier, "key", "other") == [None, "The answer."]
    tier.clear()
    assert texts(tier, "other") == [None]
    assert tier.stats()["entries"] == 0


def test_all_lies_in_one_private_file(tmp_path):
    """A folder for its owner alone; no file of a value's own, however large; what is too large is not kept."""
    tier = DiskTier(tmp_path / "cache")
    tier.set("key", kept("x" * (LARGEST - 1000)), 60)
    tier.set("large", kept("x" * LARGEST), 60)
    assert [tier.get(key) is not None for key in ("key", "large")] == [True, False]
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    names = {path.name for path in (tmp_path / "cache").rglob("*")}
    assert names == {"cache.db", "cache.db-wal", "cache.db-shm", "lock"}
    tier.close()
    assert {path.name for path in (tmp_path / "cache").rglob("*")} == {"cache.db", "lock"}


def test_bytes_are_bounded_and_the_oldest_go_first(tmp_path):
    """All in rows of one file, which shrinks as they go."""
    limit = 2**20
    tier = DiskTier(tmp_path / "cache", limit=limit)
    for number in range(200):
        tier.set(f"key {number}", kept("x" * 20_000), 60)
        assert tier.stats()["bytes"] <= limit + 2 * 20_000
    present = [tier.get(f"key {number}") is not None for number in range(200)]
    first = present.index(True)
    assert 20 < sum(present) == 200 - first
    tier.close()
    assert (tmp_path / "cache" / "cache.db").stat().st_size <= limit + 2 * 20_000


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE Cache SET mode = 4, value = ?",
        "UPDATE Cache SET raw = 0, key = ?",
        "UPDATE Cache SET mode = 2, value = ?",
        "UPDATE Cache SET mode = 1, value = ?",
        "UPDATE Cache SET mode = 4, raw = 0, value = ?",
        "UPDATE Settings SET value = ? WHERE key = 'disk_pickle_protocol'",
    ],
)
def test_planted_pickles_are_not_run(tmp_path, sql):
    """CVE-2025-69872: not from a value, not from a key, not from a setting."""
    flag = tmp_path / "ran"
    tier = tampered(tmp_path / "cache", sql, (pickle.dumps(Trap(flag)),))
    tier.get("key")
    tier.set("other", kept(), 60)
    tier.clear()
    assert not flag.exists()


@pytest.mark.parametrize(("mode", "holds"), [(0, None), (2, b"bytes"), (3, None), (4, b"N."), (1, b"bytes"), (1, 7)])
def test_a_row_that_is_not_text_is_a_miss_and_goes(tmp_path, mode, holds):
    """It alone: the rest stays."""
    tier = tampered(tmp_path / "cache", "UPDATE Cache SET mode = ?, value = ?", (mode, holds))
    tier.set("other", kept(), 60)
    assert texts(tier, "key", "other") == [None, "The answer."]
    assert tier.stats()["entries"] == 1
    assert (tier.problem, tier.notice) == ("", "")


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/hostname", "a/../../outside.txt", "link.txt"])
@pytest.mark.parametrize("end", ["get", "set", "delete", "clear", "cull"])
def test_files_outside_are_neither_read_nor_removed(tmp_path, name, end):
    """Whatever file name a row holds, and whatever makes the row go."""
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    tier = tampered(
        tmp_path / "cache",
        "UPDATE Cache SET mode = 3, value = NULL, expire_time = expire_time - 60, filename = ?",
        (name,),
    )
    (tmp_path / "cache" / "link.txt").symlink_to(outside)
    {
        "get": lambda: tier.get("key"),
        "set": lambda: tier.set("key", kept(), 60),
        "delete": lambda: tier.delete("key"),
        "clear": tier.clear,
        "cull": lambda: tier.set("other", kept(), 60),
    }[end]()
    assert tier.get("key") is None or end == "set"
    tier.close()
    assert (outside.read_text(), tier.problem) == ("mine", "")
    assert (tmp_path / "cache" / "link.txt").is_symlink()


def test_changed_text_holds_nothing(tmp_path):
    """What does not fit its digest."""
    tier = tampered(tmp_path / "cache", "UPDATE Cache SET value = replace(value, 'answer', 'forged')")
    found = tier.get("key")
    assert (found.entries("key"), "forged" in found.text) == ((), True)


def test_a_huge_value_is_not_read(tmp_path):
    """A row of 30 MB, SQLite refuses before it takes the memory."""
    tier = tampered(tmp_path / "cache", "UPDATE Cache SET value = CAST(zeroblob(30000000) AS TEXT)")
    with pytest.raises(sqlite3.DataError, match="too big"):
        tier._opened(1)._quick._sql("SELECT value FROM Cache").fetchall()
    assert tier.get("key") is None
    assert tier.stats()["entries"] == 0
    assert tier.stats()["bytes"] < LARGEST


SETTINGS = {
    "sqlite_mmap_size": 2**26,
    "sqlite_journal_mode": "delete",
    "sqlite_writable_schema": 1,
    "sqlite_user_version = 7; --": 1,
    "sqlite_temp_store_directory": "'planted'",
    "eviction_policy": "none",
    "disk_min_file_size": 0,
    "disk_planted": 1,
    "_directory": "planted",
    "get": "planted",
    "size_limit": 1,
    "cull_limit": -1,
    "size": 10**15,
    "count": "many",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_planted_setting_changes_nothing(tmp_path, name, monkeypatch):
    """What diskcache would take from the file: PRAGMAs, paths, names of its own methods."""
    monkeypatch.chdir(tmp_path)
    tier = tampered(tmp_path / "cache", "INSERT OR REPLACE INTO Settings VALUES (?, ?)", (name, SETTINGS[name]))
    for number in range(30):
        tier.set(f"key {number}", kept(), 60)
    assert tier.stats()["entries"] == 31
    pragmas = {one: tier._rows._quick._sql(f"PRAGMA {one}").fetchall() for one in ("mmap_size", "journal_mode")}
    assert pragmas == {"mmap_size": [(0,)], "journal_mode": [("wal",)]}
    version, writable = (
        tier._rows._patient._sql(f"PRAGMA {one}").fetchone() for one in ("user_version", "writable_schema")
    )
    assert (version, writable) == ((0,), (0,))
    assert (tier.problem, tier.notice) == ("", "")
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


@pytest.mark.parametrize("key", [b"blob", 7, 1.5])
def test_a_setting_that_is_no_name_is_damage(tmp_path, key):
    """What cannot be read is set aside."""
    tier = tampered(tmp_path / "cache", "INSERT INTO Settings VALUES (CAST(? AS BLOB), 1)", (key,))
    tier.set("key", kept("new"), 60)
    assert texts(tier, "key") == ["new"]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER t BEFORE INSERT ON Cache BEGIN SELECT load_extension('x'); END",
        "CREATE TRIGGER t BEFORE INSERT ON Cache BEGIN SELECT RAISE(ABORT, 'no'); END",
        "CREATE TRIGGER t AFTER INSERT ON Cache BEGIN UPDATE Cache SET value = zeroblob(2000000000); END",
        "ALTER TABLE Cache RENAME TO Other",
        "DROP INDEX Cache_key_raw",
    ],
)
def test_a_planted_schema_costs_answers_only(tmp_path, sql):
    """What SQLite would run, and tables that are others."""
    tier = tampered(tmp_path / "cache", sql)
    for _ in range(3):
        tier.set("key", kept("new"), 60)
    assert texts(tier, "key")[0] in {"new", None}
    tier.clear()
    tier.set("key", kept("newer"), 60)
    assert tier.problem == ""


def files_open(folder):
    """How many files of the folder this process has open."""
    if sys.platform != "linux":
        return 0
    return sum(os.path.realpath(f"/proc/self/fd/{one}").startswith(str(folder)) for one in os.listdir("/proc/self/fd"))


def test_any_thread_may_use_it_and_none_is_left(tmp_path):
    """Gets, sets and looks at once; closing gives every file back."""
    before = threading.active_count()
    tier = DiskTier(tmp_path / "cache")
    faults = []

    def work(name):
        try:
            for number in range(50):
                tier.set(f"{name} {number}", kept(str(number)), 60)
                assert texts(tier, f"{name} {number}") in ([str(number)], [None])
                tier.stats()
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (faults, tier.problem, tier.notice, tier.dropped) == ([], "", "", 0)
    assert tier.stats()["entries"] == 300
    assert sys.platform != "linux" or files_open(tmp_path) == 5  # of two connections, one file shared
    tier.close()
    assert threading.active_count() == before
    assert files_open(tmp_path) == 0
    assert (tier.get("a 1"), tier.stats()) == (None, {"entries": 0, "bytes": 0})
    tier.set("key", kept(), 60)
    tier.clear()
    assert files_open(tmp_path) == 0


def test_a_wait_for_another_kernel_is_a_miss_and_no_fault(tmp_path):
    """A lock that nobody gives back: reads go on, a removal is given up at once, a write after a while; then all is well."""
    tier = DiskTier(tmp_path / "cache")
    tier.set("key", kept(), 60)
    other = sqlite3.connect(tmp_path / "cache" / "cache.db", isolation_level=None)
    tier._rows._patient.wait(0.2)
    other.execute("BEGIN EXCLUSIVE")
    assert texts(tier, "key") == ["The answer."]
    tier.delete("key")
    tier.set("key", kept("new"), 60)
    assert (tier.dropped, tier.problem, tier.notice) == (1, "", "")
    other.execute("ROLLBACK")
    other.close()
    tier.set("key", kept("newer"), 60)
    assert (texts(tier, "key"), tier.dropped) == (["newer"], 1)
