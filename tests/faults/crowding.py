"""Many kernels on one cache, all looking and writing all the time.

    (in tests) python -m faults.crowding FOLDER PROCESSES SECONDS

Leaves: counts, and how long looks took, as a line of JSON.
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from faults.answers import made, say, verdict

from askance.cache.disk.tier import DiskTier

KEYS = 200
SIZES = [1000, 4000, 20_000, 20_000, 60_000]


def kernel(folder, name, seconds):
    """One of them: of five operations one is a write."""
    chance = random.Random(name)
    values = {
        f"key-{number}": made(f"key-{number}", int(name), chance.choice(SIZES))
        for number in chance.sample(range(KEYS), 40)
    }
    tier = DiskTier(folder, limit=2 * 2**20)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    counts, waits, end = Counter(), [], time.monotonic() + seconds
    while time.monotonic() < end:
        if chance.random() < 0.2:
            key = chance.choice(list(values))
            tier.set(key, values[key], 3600)
            counts["sets"] += 1
        else:
            key = f"key-{chance.randrange(KEYS)}"
            begun = time.perf_counter()
            found = tier.get(key)
            waits.append(time.perf_counter() - begun)
            counts["gets"] += 1
            if len(waits) % 10 == 0:
                counts[verdict(key, found)] += 1
    counts["errors"] += bool(tier.problem) + bool(tier.notice)
    counts["dropped"] += tier.dropped
    tier.close()
    say({**counts, "waits": sorted(waits)[-(len(waits) // 100 + 1) :], "looks": len(waits)})


def run(folder, processes, seconds):
    """All of them at once; the waits are those of all together, in milliseconds."""
    kernels = [
        subprocess.Popen(
            [sys.executable, "-m", "faults.crowding", folder, str(number), str(seconds), "kernel"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    for one in kernels:
        one.stdout.readline()
    for one in kernels:
        one.stdin.write("\n")
        one.stdin.flush()
    told = [json.loads(one.communicate()[0]) for one in kernels]
    counts = Counter(dict.fromkeys(("wrong", "errors", "dropped"), 0))
    for one in told:
        counts.update({name: number for name, number in one.items() if name != "waits"})
    waits = sorted(wait for one in told for wait in one["waits"])
    slowest = counts.pop("looks") // 100  # each tells its slowest hundredth, and the slowest of all are among those
    return counts | {
        "p99 ms": waits[-slowest - 1] * 1000,
        "max ms": waits[-1] * 1000,
        "died": sum(one.returncode != 0 for one in kernels),
    }


if __name__ == "__main__":
    if sys.argv[4:]:
        kernel(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
    else:
        say(run(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
