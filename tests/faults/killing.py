"""Kernels that are killed while they write: kill -9 at a random moment, then the next one opens the folder.

    (in tests) python -m faults.killing FOLDER ROUNDS

Leaves: counts, as a line of JSON.
"""

import mmap
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from itertools import count
from pathlib import Path

from faults.answers import made, say, verdict

from askance.cache.disk.tier import DiskTier

KEYS = [f"key-{number}" for number in range(24)]
SIZES = [100, 1000, 4000, 20_000, 60_000, 200_000]
MOST_SECONDS = 0.03
"""Before a kill: some fall into the opening, most into writes."""


def write_for_ever(folder, seed, written):
    """What the child does."""
    tier, chance = DiskTier(folder, limit=4 * 2**20), random.Random(seed)
    for number in count():
        key = chance.choice(KEYS)
        tier.set(key, made(key, number, chance.choice(SIZES)), 3600)
        written[0:4] = (int.from_bytes(written[0:4], "little") + 1).to_bytes(4, "little")


def run(folder, rounds):
    """Kill `rounds` times; what the next kernel finds each time."""
    counts = Counter(dict.fromkeys(("kills", "right", "wrong", "problems", "notices", "orphans", "damaged"), 0))
    written, chance = mmap.mmap(-1, 4), random.Random(rounds)
    for number in range(rounds):
        child = os.fork()
        if child == 0:
            write_for_ever(folder, number, written)
        time.sleep(chance.random() * MOST_SECONDS)
        os.kill(child, signal.SIGKILL)
        counts["kills"] += os.waitpid(child, 0)[1] == signal.SIGKILL
        tier = DiskTier(folder, limit=4 * 2**20)
        counts.update(verdict(key, tier.get(key)) for key in KEYS)
        key = chance.choice(KEYS)
        tier.set(key, made(key, number, 1000), 3600)
        counts["problems"] += bool(tier.problem) or verdict(key, tier.get(key)) != "right"
        counts["notices"] += bool(tier.notice)
        tier.close()
        counts["orphans"] += sum(not path.name.startswith(("cache.db", "lock")) for path in folder.iterdir())
        if number % 20 == 0:
            with closing(sqlite3.connect(folder / "cache.db")) as database:
                counts["damaged"] += database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
    return counts | {"writes": int.from_bytes(written[0:4], "little")}


if __name__ == "__main__":
    say(run(Path(sys.argv[1]), int(sys.argv[2])))
