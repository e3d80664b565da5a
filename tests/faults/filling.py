"""A disk of 4 MB that fills up, with answers or with other things. Needs the right to mount (root, on Linux).

    (in tests) python -m faults.filling FOLDER SETS

Leaves: counts, as a line of JSON.
"""

import random
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from faults.answers import made, say, verdict

from askance.cache.disk.tier import DiskTier

SIZES = [100, 1000, 4000, 20_000, 60_000, 200_000]


@contextmanager
def small_disk(folder):
    """4 MB, in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(folder):
    """With something else, to the last byte."""
    with (folder / "ballast").open("wb", buffering=0) as file:
        for size in (65_536, 4096, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                pass


def sets(tier, number_of, chance, counts):
    """Small and large ones; each must be a miss or right afterwards."""
    for number in range(number_of):
        key = f"key-{number}"
        tier.set(key, made(key, number, chance.choice(SIZES)), 3600)
        counts["sets"] += 1
        counts[verdict(key, tier.get(key))] += 1
    for number in range(number_of):
        counts["wrong"] += verdict(f"key-{number}", tier.get(f"key-{number}")) == "wrong"


def told(tier, counts):
    """Whether it says that the disk is full, in one line that says what to type."""
    counts["told"] += tier.problem == "disk cache off: disk full. Free some space, then type: %askcache clear"
    counts["told otherwise"] += tier.problem not in {
        "",
        "disk cache off: disk full. Free some space, then type: %askcache clear",
    }


def begin_again(tier, disk, counts):
    """Clearing gives the room back, and the tier works."""
    tier.clear()
    counts["bytes left after clear"] = max(counts["bytes left after clear"], shutil.disk_usage(disk).used)
    tier.set("again", made("again", 1, 4000), 3600)
    counts["works after clear"] += verdict("again", tier.get("again")) == "right" and not tier.problem
    tier.close()


def run(folder, number_of):
    """Full by its own answers; full by others' files while it is open; full before it opens."""
    counts = Counter(
        dict.fromkeys(("wrong", "exceptions", "told otherwise", "partial files", "bytes left after clear"), 0)
    )
    chance = random.Random(number_of)

    def by_answers(disk):
        tier = DiskTier(disk / "answers")
        sets(tier, number_of, chance, counts)
        told(tier, counts)
        return tier

    def by_others(disk):
        tier = DiskTier(disk / "answers")
        sets(tier, 5, chance, counts)
        fill(disk)
        sets(tier, 40, chance, counts)
        told(tier, counts)
        (disk / "ballast").unlink()
        return tier

    def before_it_opens(disk):
        tier = DiskTier(disk / "answers")
        sets(tier, 5, chance, counts)
        tier.close()
        fill(disk)
        tier = DiskTier(disk / "answers")
        sets(tier, 10, chance, counts)
        told(tier, counts)
        (disk / "ballast").unlink()
        return tier

    def before_there_is_a_folder(disk):
        fill(disk)
        tier = DiskTier(disk / "answers")
        sets(tier, 10, chance, counts)
        told(tier, counts)
        (disk / "ballast").unlink()
        return tier

    for case in (by_answers, by_others, before_it_opens, before_there_is_a_folder):
        with small_disk(folder / case.__name__) as disk:
            try:
                tier = case(disk)
                others = [
                    path
                    for path in disk.rglob("*")
                    if path.is_file() and not path.name.startswith(("cache.db", "lock"))
                ]
                counts["partial files"] += len(others)
                begin_again(tier, disk, counts)
            except Exception as error:
                counts["exceptions"] += 1
                sys.stderr.write(f"{case.__name__}: {error!r}\n")
    return dict(counts)


if __name__ == "__main__":
    say(run(Path(sys.argv[1]), int(sys.argv[2])))
