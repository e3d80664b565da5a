"""Folders that somebody has damaged or tampered with, in 15 ways: before a kernel opens them, and under an open one.

    (in tests) python -m faults.damaging FOLDER TIMES_EACH_DAMAGE TIMES_EACH_TAMPERING

Leaves: counts, as a line of JSON.
"""

import os
import pickle
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

from faults.answers import made, say, verdict

from askance.cache.disk.tier import DiskTier

KEYS = [f"key-{number}" for number in range(30)]
SIZES = [100, 3000, 20_000, 60_000]
BOMB = 300_000_000


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, flag):
        self.flag = str(flag)

    def __reduce__(self):
        return Path.touch, (Path(self.flag),)


def overwrite(path, place, data):
    """In the file that is there, which others may have open: to close a database's file would undo its locks."""
    descriptor = os.open(path, os.O_RDWR)
    os.pwrite(descriptor, data, place)
    return descriptor


def truncated(folder, chance):
    descriptor = os.open(folder / "cache.db", os.O_RDWR)
    os.ftruncate(descriptor, chance.randrange(os.fstat(descriptor).st_size))


def emptied(folder, chance):
    for name in ("cache.db", "cache.db-wal"):
        os.ftruncate(os.open(folder / name, os.O_RDWR), 0)


def beheaded(folder, chance):
    overwrite(folder / "cache.db", 0, chance.randbytes(100))


def randomised(folder, chance):
    overwrite(folder / "cache.db", 0, chance.randbytes((folder / "cache.db").stat().st_size))
    os.ftruncate(os.open(folder / "cache.db-wal", os.O_RDWR), 0)


def flipped(folder, chance):
    for name in ("cache.db", "cache.db-wal"):
        size = (folder / name).stat().st_size
        for _ in range(50 if size else 0):
            overwrite(folder / name, chance.randrange(size), chance.randbytes(1))


def log_garbled(folder, chance):
    size = (folder / "cache.db-wal").stat().st_size
    overwrite(folder / "cache.db-wal", chance.randrange(size + 1), chance.randbytes(5000))


def index_garbled(folder, chance):
    """Of the log: the one file that SQLite maps."""
    overwrite(folder / "cache.db-shm", 0, chance.randbytes(32_768))


DAMAGES = (truncated, emptied, beheaded, randomised, flipped, log_garbled, index_garbled)


def sql(folder, *statements):
    """What somebody does who may write there."""
    with closing(sqlite3.connect(folder / "cache.db", timeout=10)) as database, database:
        for statement, values in statements:
            database.execute(statement, values)


def values_pickled(folder, chance, trap):
    sql(folder, ("UPDATE Cache SET mode = 4, value = ?", (pickle.dumps(trap),)))


def keys_pickled(folder, chance, trap):
    sql(folder, ("UPDATE Cache SET raw = 0, key = ? || rowid", (pickle.dumps(trap),)))


def texts_forged(folder, chance, trap):
    swapped = "(SELECT value FROM Cache AS other WHERE other.rowid = (Cache.rowid + 7) % 30 + 1)"
    forged = chance.choice([swapped, "replace(value, 'key', 'kex')", "value || value", "upper(value)", "''", "'N.'"])
    sql(folder, (f"UPDATE Cache SET value = {forged}", ()))


def files_named(folder, chance, trap):
    outside = folder.parent / "outside" / "mine.txt"
    name = chance.choice(["../outside/mine.txt", str(outside), "ab/../../outside/mine.txt"])
    sql(folder, (f"UPDATE Cache SET mode = {chance.choice([2, 3])}, value = NULL, filename = ?", (name,)))


def pickles_in_files(folder, chance, trap):
    (folder / "ab" / "cd").mkdir(parents=True)
    name = "ab/cd/" + "0" * 28 + ".val"
    (folder / name).write_bytes(pickle.dumps(trap))
    sql(folder, ("UPDATE Cache SET mode = 4, value = NULL, filename = ?", (name,)))


def settings_planted(folder, chance, trap):
    planted = {
        "disk_pickle_protocol": pickle.dumps(trap),
        "disk_planted": 1,
        "sqlite_mmap_size": 2**26,
        "sqlite_writable_schema": 1,
        "sqlite_temp_store_directory": "'planted'",
        "sqlite_user_version = 1; ATTACH 'planted' AS p; --": 1,
        "_directory": str(folder.parent / "outside"),
        "_con": "planted",
        "size": chance.choice([10**15, -1, "many", None]),
        "eviction_policy": "planted",
        "page_size": b"\xff",
    }
    for name in chance.sample(sorted(planted), 4):
        sql(folder, ("INSERT OR REPLACE INTO Settings VALUES (?, ?)", (name, planted[name])))


def bombs(folder, chance, trap):
    what = chance.choice([f"CAST(zeroblob({BOMB}) AS TEXT)", "hex(zeroblob(20000000))"])
    statement = f"UPDATE Cache SET value = {what} WHERE rowid = {chance.randrange(1, 31)}"
    program = "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute(sys.argv[2]); d.commit()"
    subprocess.run([sys.executable, "-c", program, folder / "cache.db", statement], check=True)  # the memory is its own


def schema_changed(folder, chance, trap):
    sql(
        folder,
        (
            chance.choice(
                [
                    "CREATE TRIGGER t AFTER INSERT ON Cache BEGIN DELETE FROM Cache; END",
                    "CREATE TRIGGER t BEFORE UPDATE ON Cache BEGIN SELECT RAISE(ABORT, 'planted'); END",
                    "CREATE TRIGGER t BEFORE INSERT ON Cache BEGIN SELECT load_extension('planted'); END",
                    "ALTER TABLE Cache RENAME COLUMN value TO other",
                    "DROP TABLE Settings",
                    "CREATE VIEW Other AS SELECT zeroblob(2000000000)",
                ]
            ),
            (),
        ),
    )


TAMPERINGS = (
    values_pickled, keys_pickled, texts_forged, files_named, pickles_in_files, settings_planted, bombs, schema_changed,
)  # fmt: skip


def use(tier, chance, counts):
    """What a session does, in some order."""
    for key in chance.sample(KEYS, len(KEYS)):
        counts[verdict(key, tier.get(key))] += 1
    for number in range(12):
        key = chance.choice(KEYS)
        tier.set(key, made(key, number, chance.choice(SIZES)), 3600)
        counts[verdict(key, tier.get(key))] += 1
        tier.delete(chance.choice(KEYS))
        tier.stats()


def trial(folder, spoil, chance, counts, *, is_open):
    """One folder, one fault."""
    first = DiskTier(folder)
    for number, key in enumerate(KEYS):
        first.set(key, made(key, number, chance.choice(SIZES)), 3600)
    log = (folder / "cache.db-wal").read_bytes() if not is_open else b""
    tier = first
    if not is_open:
        first.close()
        (folder / "cache.db-wal").write_bytes(log)  # as one that was killed leaves it
        (folder / "cache.db-shm").write_bytes(bytes(32_768))
        tier = DiskTier(folder)
    spoil()
    use(tier, chance, counts)
    counts["notices"] += bool(tier.notice)
    counts["problems"] += bool(tier.problem)
    tier.clear()
    for number, key in enumerate(KEYS[:5]):
        tier.set(key, made(key, number, 3000), 3600)
        counts["lost after clear"] += verdict(key, tier.get(key)) != "right"
    tier.close()


def run(folder, times, tamperings):
    """Every fault `times` times, half of them under an open tier."""
    counts = Counter(dict.fromkeys(("right", "wrong", "exceptions", "code run", "outside", "lost after clear"), 0))
    outside = folder / "outside"
    outside.mkdir(parents=True)
    (outside / "mine.txt").write_text("mine")
    trap = Trap(outside / "ran")
    jobs = [(spoil, number) for spoil in DAMAGES for number in range(times)]
    jobs += [(spoil, number) for spoil in TAMPERINGS for number in range(tamperings)]
    for spoil, number in jobs:
        chance = random.Random(f"{spoil.__name__} {number}")
        place = folder / f"{spoil.__name__}-{number}"
        given = (place, chance) if spoil in DAMAGES else (place, chance, trap)
        counts["damaged" if spoil in DAMAGES else "tampered with"] += 1
        before = set(os.listdir("/proc/self/fd"))
        try:
            trial(place, lambda: spoil(*given), chance, counts, is_open=bool(number % 2))  # noqa: B023
        except Exception as error:
            counts["exceptions"] += 1
            sys.stderr.write(f"{spoil.__name__} {number}: {error!r}\n")
        for descriptor in set(os.listdir("/proc/self/fd")) - before:
            with suppress(OSError):
                os.close(int(descriptor))
        shutil.rmtree(place, ignore_errors=True)
        for bad in folder.glob("*.bad-*"):
            shutil.rmtree(bad)
    counts["code run"] += (outside / "ran").exists()
    untouched = [path.name for path in outside.iterdir()] == ["mine.txt"] and (
        outside / "mine.txt"
    ).read_text() == "mine"
    counts["outside"] += not untouched or os.listdir(folder) != ["outside"]
    return counts | {"peak MB": _peak_kilobytes() // 1024}


def _peak_kilobytes() -> int:
    """Of this program alone: what `getrusage` tells goes on from the program that started it."""
    return int(re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())[1])


if __name__ == "__main__":
    say(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
