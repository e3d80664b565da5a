"""The cache on disk: what kills, damage, a full disk and a crowd cost it, and how fast it is beside plain diskcache.

    python tests/bench/cache_faults.py [--share 1.0]

`--share 0.1` does a tenth of every count. The programs that do the harm stand in `tests/faults/`. Speeds: the same row of
20 KB, ours and diskcache's default `Cache` by turns, on one disk.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import diskcache
from figures import tell

from askance.cache.disk.tier import DiskTier

sys.path.append(str(Path(__file__).resolve().parents[1]))

from faults.answers import made
from faults.running import counted

SIZE = 20_000
WRITERS = 4


def zero(what: str, counts: dict[str, Any], names: str, note: str) -> None:
    """Tell the sum of what must not happen."""
    total = sum(counts[name.strip()] for name in names.split(","))
    tell(f"{what}: {names}", {"askance": total}, "", bar="0", met=total == 0, note=note)


def faults(folder: Path, share: float) -> None:
    """Everything that must not happen."""
    kills = counted("killing", folder / "kills", round(1000 * share))
    note = f"{kills['writes']:,} writes, {kills['right']:,} right answers read after the kills"
    zero(f"{kills['kills']:,} x kill -9 during writes", kills, "wrong, problems, notices, orphans, damaged", note)
    harm = counted("damaging", folder / "harm", round(100 * share), round(20 * share))
    what = f"{harm['damaged'] + harm['tampered with']:,} corruptions and tamperings"
    note = f"{harm['right']:,} right, {harm['miss']:,} misses; peak memory {harm['peak MB']} MB with values of 300 MB planted"
    zero(what, harm, "wrong, exceptions, code run, outside, lost after clear", note)
    try:
        full = counted("filling", folder / "full", 500)
        note = f"{full['sets']} sets; {full['bytes left after clear']:,} bytes used after %askcache clear"
        zero("disk of 4 MB, full", full, "wrong, exceptions, told otherwise, partial files", note)
        tell("disk of 4 MB, full: works after clear", {"askance": full["works after clear"]}, "of 4", bar="4", met=full["works after clear"] == 4)  # fmt: skip
    except subprocess.CalledProcessError:
        print("a full disk: not measured, mounting takes root")
    seconds = max(1, round(30 * share))
    crowd = counted("crowding", folder / "crowd", 16, seconds)
    what, note = f"16 processes x {seconds} s on one cache", f"{crowd['gets']:,} gets, {crowd['sets']:,} sets"
    zero(what, crowd, "wrong, errors, dropped, died", note)
    wait = crowd["p99 ms"]
    tell(
        f"{what}: get, p99", {"askance": wait}, "ms", bar="< 50 ms", met=wait < 50, note=f"max {crowd['max ms']:.0f} ms"
    )


def medians(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Microseconds each, by turns."""
    seen: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            begun = time.perf_counter()
            work()
            seen[name].append((time.perf_counter() - begun) * 1e6)
    return {name: statistics.median(values) for name, values in seen.items()}


def reads(folder: Path, rounds: int) -> None:
    """One row, in each."""
    kept, key = made("0" * 64, 1, SIZE), "0" * 64
    tier, bare = DiskTier(folder / "ours"), diskcache.Cache(str(folder / "bare"))
    tier.set(key, kept, 3600)
    bare.set(key, kept.text, expire=3600)
    contenders: dict[str, Callable[[], object]] = {
        "askance": lambda: tier.get(key),
        "diskcache.Cache": lambda: bare.get(key),
        "askance, digest and JSON read too": lambda: (tier.get(key) or kept).entries(key),
    }
    seen = medians(contenders, rounds)
    share = seen["askance"] / seen["diskcache.Cache"]
    note = f"{share:.2f}x; a row of {len(kept.text):,} bytes, {rounds:,} rounds, medians"
    tell("disk hit: get", seen, "us", bar="<= 1.5x diskcache", met=share <= 1.5, note=note)
    tier.close()
    bare.close()


def write_for(seconds: float, which: str, folder: Path, name: str) -> int:
    """One writer's sets within the time."""
    values = {f"{name}-{number}": made(f"{name}-{number}", number, SIZE) for number in range(50)}
    store: Callable[[str], object]
    if which == "askance":
        tier = DiskTier(folder)
        store = lambda key: tier.set(key, values[key], 3600)  # noqa: E731
    else:
        bare = diskcache.Cache(str(folder))
        store = lambda key: bare.set(key, values[key].text, expire=3600)  # noqa: E731
    store(f"{name}-0")
    print("ready", flush=True)
    sys.stdin.readline()
    keys, done, end = list(values), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        store(keys[done % len(keys)])
        done += 1
    return done


def rate(which: str, folder: Path, seconds: float) -> float:
    """Sets a second of all writers together."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, __file__, "--write", which, "--folder", str(folder), "--seconds", str(seconds), "--name"]
    writers = [
        subprocess.Popen([*command, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for number in range(WRITERS)
    ]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    return sum(int(writer.communicate()[0]) for writer in writers) / seconds


def writes(folder: Path, rounds: int) -> None:
    """Four processes on one cache."""
    seen: dict[str, list[float]] = {"askance": [], "diskcache.Cache": []}
    for _ in range(rounds):
        for which, rates in seen.items():
            rates.append(rate(which, folder / "writers", 2.0))
    medians_ = {which: statistics.median(rates) for which, rates in seen.items()}
    share = medians_["askance"] / medians_["diskcache.Cache"]
    note = f"{share:.2f}x; rows of {SIZE:,} bytes, {rounds} rounds of 2 s by turns, medians"
    tell(f"{WRITERS} writers", medians_, "sets/s", bar=">= 0.8x diskcache", met=share >= 0.8, note=note)


def main() -> None:
    """Do harm, then measure speeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    for name in ("--write", "--folder", "--seconds", "--name"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        print(write_for(float(options.seconds), options.write, Path(options.folder), options.name))
        return
    with tempfile.TemporaryDirectory() as name:
        reads(Path(name), round(20_000 * options.share))
        writes(Path(name), max(1, round(5 * options.share)))
        faults(Path(name), options.share)


if __name__ == "__main__":
    main()
