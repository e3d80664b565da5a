"""The folder on disk runs nothing, reads nothing outside itself, and never costs an answer."""

import os
import pickle
import sqlite3
import stat

import pytest

from askance.cache.disk import DiskTier

LARGE = "x" * 100_000


class Trap:
    """Runs a command when it is unpickled."""

    def __init__(self, flag):
        self.flag = flag

    def __reduce__(self):
        return os.system, (f"touch {self.flag}",)


def tampered(folder, sql, values):
    """A folder with one good row that somebody has changed."""
    tier = DiskTier(folder)
    tier.set("key", "value", 60)
    tier.close()
    with sqlite3.connect(folder / "cache.db") as database:
        database.execute(sql, values)
    database.close()
    return DiskTier(folder)


@pytest.mark.parametrize("text", ["value", LARGE, "", "ünï 🐍"])
def test_text_comes_back(tmp_path, text):
    """Small, large, empty, in any script."""
    tier = DiskTier(tmp_path / "cache")
    tier.set("key", text, 60)
    assert tier.get("key") == text
    tier.close()
    assert DiskTier(tmp_path / "cache").get("key") == text


def test_the_folder_is_private(tmp_path):
    """For its owner alone; what lies in it needs no modes of its own (a umask would be the whole kernel's)."""
    tier = DiskTier(tmp_path / "cache")
    tier.set("key", LARGE, 60)
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE Cache SET mode = 4, value = ?",
        "UPDATE Cache SET raw = 0, key = ?",
        "UPDATE Cache SET mode = 2, value = ?",
        "UPDATE Cache SET mode = 4, raw = 0, value = ?",
    ],
)
def test_planted_pickles_are_not_run(tmp_path, sql):
    """CVE-2025-69872: not from a value, not from a key."""
    flag = tmp_path / "ran"
    tier = tampered(tmp_path / "cache", sql, (pickle.dumps(Trap(flag)),))
    assert tier.get("key") is None
    tier.clear()
    assert not flag.exists()


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/hostname", "a/../../outside.txt"])
def test_files_outside_are_neither_read_nor_removed(tmp_path, name):
    """Whatever file name a row holds."""
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    tier = tampered(tmp_path / "cache", "UPDATE Cache SET mode = 3, value = NULL, filename = ?", (name,))
    assert tier.get("key") is None
    tier.clear()
    tier.close()
    assert outside.read_text() == "mine"


def test_changed_text_is_not_believed(tmp_path):
    """A value that does not fit its digest is a miss."""
    tier = tampered(tmp_path / "cache", "UPDATE Cache SET value = ?", ("0" * 32 + "forged",))
    assert tier.get("key") is None


def test_a_damaged_file_turns_the_tier_off_and_says_so(tmp_path):
    """No exception reaches the ask."""
    tier = DiskTier(tmp_path / "cache")
    tier.set("key", "value", 60)
    tier.close()
    (tmp_path / "cache" / "cache.db").write_bytes(b"not a database" * 1000)
    for wal in (tmp_path / "cache").glob("cache.db-*"):
        wal.unlink()
    tier = DiskTier(tmp_path / "cache")
    assert tier.get("key") is None
    tier.set("key", "value", 60)
    assert "disk cache off" in tier.problem


def test_a_link_in_place_of_the_folder_is_refused(tmp_path):
    """It might point anywhere."""
    (tmp_path / "real").mkdir()
    (tmp_path / "cache").symlink_to(tmp_path / "real")
    tier = DiskTier(tmp_path / "cache")
    assert tier.get("key") is None
    assert "disk cache off" in tier.problem
