"""A lookup in the cache alone, tier by tier, beside the plainest thing that could stand in its place.

    python tests/bench/cache_lookups.py [--rounds 2000]

An answer of 2,000 tokens and twelve items. Both contenders are called by turns; medians.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import diskcache
from answers import tokens
from figures import tell

from askance.cache.disk.tier import DiskTier
from askance.cache.entry import Entry
from askance.cache.kept import Kept
from askance.cache.key import Question
from askance.cache.memory import MemoryTier
from askance.cache.tier import Shelf
from askance.cache.tiers import Cache
from askance.loop import _Helpers
from askance.records import Ask, Item, Ledger

QUESTION = "why does the sum of @frame turn negative, and what does @scale have to do with it?"
TOKENS = 2000


def lookups(folder: Path, rounds: int = 2000) -> None:
    """The bare tiers, beside the plainest thing that could stand in their place."""
    asked = Ask(question=QUESTION, model="local", mentions=("frame", "scale"))
    question = Question.of(asked, (), ())
    plain = {"level": "full", "tokens": 90, "score": 0.9, "parts": {"mention": 2.0}, "why": "you mentioned it"}
    items = [
        Item(source="variables", name=f"v{n}", fingerprint=f"{n:016x}", status="sent", facts={"rows": n}, **plain)  # type: ignore[arg-type]
        for n in range(12)
    ]
    text = "".join(tokens(TOKENS))
    entry = Entry(question=QUESTION, text=text, model="local", ledger=Ledger(items=tuple(items)), created=time.time())
    kept = Kept.of(question.key, [entry])

    memory, bare, lock = MemoryTier(1000, 10**8), OrderedDict({question.key: (kept, 1e18)}), Lock()
    memory.set(question.key, kept, 3600)

    def from_dict() -> object:
        with lock:
            bare.move_to_end(question.key)
            return bare[question.key]

    ours, theirs = in_turns(lambda: memory.get(question.key), from_dict, rounds * 10)
    figures = {"askance": ours, "a locked OrderedDict": theirs}
    tell("lookup alone, memory", figures, "us", bar="<= 2 us", met=ours <= 2, note="median")

    disk, plain_disk = DiskTier(folder / "ours"), diskcache.Cache(str(folder / "theirs"))
    disk.set(question.key, kept, 3600)
    plain_disk.set(question.key, kept.text, expire=3600)
    ours, theirs = in_turns(lambda: disk.get(question.key), lambda: plain_disk.get(question.key), rounds)
    figures = {"askance": ours, "diskcache.get": theirs}
    said = f"median, {len(kept.text):,} bytes; {ours / theirs:.2f}x"
    tell("lookup alone, disk", figures, "us", bar="<= 1.5x", met=ours <= 1.5 * theirs, note=said)

    class Now:
        def fingerprint(self, _source: str, name: str) -> str:
            return f"{int(name[1:]):016x}"

        def facts(self, _source: str, _name: str) -> dict[str, int | str]:
            return {}

        def kind(self, _source: str, _name: str) -> None:
            return None

        def named(self, _names: object) -> frozenset[str]:
            return frozenset()

    def whole(tier: Any) -> Callable[[], object]:
        cache = Cache([Shelf(tier, 3600.0)])
        return lambda: cache.lookup(Question.of(asked, (), ()), Now())

    from_memory, from_disk = in_turns(whole(memory), whole(disk), rounds)
    said = "key, get, digest, decoding, and 12 fingerprints that cost nothing; on this thread"
    tell("whole lookup", {"memory": from_memory, "disk": from_disk}, "us", note=said)
    hop = asyncio.run(hops(rounds))
    tell("a hop to another thread and back, which every lookup takes", {"askance": hop}, "us", note="median")


async def hops(rounds: int) -> float:
    """Microseconds of `to_thread` on our loop."""
    asyncio.get_running_loop().set_default_executor(_Helpers())
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        await asyncio.to_thread(int)
        times.append(time.perf_counter() - started)
    return 1e6 * statistics.median(times)


def in_turns(one: Callable[[], object], other: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median microseconds of both, called by turns."""
    times: tuple[list[int], list[int]] = ([], [])
    for _ in range(rounds):
        for place, work in enumerate((one, other)):
            started = time.perf_counter_ns()
            result = work()
            times[place].append(time.perf_counter_ns() - started)
            if result is None:
                raise RuntimeError("a lookup found nothing")
    return statistics.median(times[0]) / 1000, statistics.median(times[1]) / 1000


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2000)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as place:
        lookups(Path(place), rounds)


if __name__ == "__main__":
    main()
