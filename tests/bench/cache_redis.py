"""The cache in Redis: how fast a lookup is, and how long it is delayed when the server is stopped, gone or restarted.

    python tests/bench/cache_redis.py [--rounds 3000]

A real redis-server on loopback, without persistence. Speeds: the same row of 20 KB, ours, redis-py's own `get` and the disk
tier by turns. Delays: what `get` takes on the thread that asks, the longest of all lookups; the waits are real ones.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

import redis
from figures import tell

from askance.cache.disk.tier import DiskTier
from askance.cache.kept import Kept
from askance.cache.redis.tier import RedisTier

sys.path.append(str(Path(__file__).resolve().parents[1]))

from cache import test_redis_faults as faults
from fixtures_redis import RedisServer, listener, running

ROW = Kept("0123456789" * 2000)
BAR = 50.0
"""Milliseconds that an ask may be delayed."""

KINDS = {
    "silent": "what says nothing",
    "drip": "what says a byte now and then",
    "noise": "noise without end",
    "flood": "a value without end",
}
"""By their names in `tests/cache/test_redis_faults.py`."""


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100)[98]


def warmed(server: RedisServer) -> RedisTier:
    """A tier that is connected and holds the row."""
    tier = RedisTier(server.url)
    tier.warm()
    end = time.monotonic() + 10
    while tier.get("key") is None and time.monotonic() < end:
        tier.set("key", ROW, 3600)
    return tier


def speeds(server: RedisServer, folder: Path, rounds: int) -> None:
    """A lookup that finds 20 KB."""
    tier, disk, bare = warmed(server), DiskTier(folder / "answers"), redis.Redis(port=server.port)
    disk.set("key", ROW, 3600)
    bare.set("bare", ROW.text)
    contenders: dict[str, Callable[[], object]] = {
        "redis tier": lambda: tier.get("key"),
        "redis-py": lambda: bare.get("bare"),
        "disk tier": lambda: disk.get("key"),
    }
    seen: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            seen[name].append(timed(work) * 1000)
    note = f"20 KB on loopback, {rounds:,} rounds by turns"
    tell("a hit, median", {name: statistics.median(values) for name, values in seen.items()}, "us", note=note)
    tell("a hit, p99", {name: p99(values) for name, values in seen.items()}, "us")
    assert tier.problem == ""
    tier.close()
    disk.close()


def delays(what: str, tiers: Iterator[RedisTier], lookups: int = 30, pause: float = 0.01) -> None:
    """Tell how long the lookups of several kernels took."""
    taken, lines = [], set()
    for tier in tiers:
        for _ in range(lookups):
            taken.append(timed(lambda tier=tier: tier.get("key")))
            time.sleep(pause)
        lines.add(tier.problem.partition(":")[0])
        tier.close()
    waited = sum(one > 1 for one in taken)
    note = (
        f"{len(taken)} lookups, {waited} of them over 1 ms; p50 {statistics.median(taken) * 1000:.0f} us; told: {lines}"
    )
    tell(f"{what}: longest lookup", {"askance": max(taken)}, "ms", bar="<= 50 ms", met=max(taken) <= BAR, note=note)
    tell(f"{what}: p99", {"askance": p99(taken)}, "ms")


def stopped(server: RedisServer, kernels: int) -> Iterator[RedisTier]:
    """Connected, then SIGSTOP."""
    for _ in range(kernels):
        tier = warmed(server)
        server.pause()
        yield tier
        server.resume()


def gone(server: RedisServer, kernels: int) -> Iterator[RedisTier]:
    """Connected, then `kill -9`."""
    for _ in range(kernels):
        tier = warmed(server)
        server.kill()
        yield tier
        server.start()


def never_there(place: str, kernels: int) -> Iterator[RedisTier]:
    """Never connected."""
    for _ in range(kernels):
        yield RedisTier(f"redis://{place}")


def listen(kind: str, pipe: Connection) -> None:
    """Serve until the pipe is closed."""
    with listener(getattr(faults, kind)) as place:
        pipe.send(place)
        with suppress(EOFError):
            pipe.recv()


@contextmanager
def another(kind: str) -> Iterator[str]:
    """Something that is no Redis, in a process of its own: it is not to share our interpreter's time."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=listen, args=(kind, theirs))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join()


@contextmanager
def busy() -> Iterator[None]:
    """A thread that computes, as a cell in the background does."""
    ended = threading.Event()

    def compute() -> None:
        while not ended.is_set():
            sum(range(1000))

    thread = threading.Thread(target=compute)
    thread.start()
    yield
    ended.set()
    thread.join()


def restarted(server: RedisServer, restarts: int) -> None:
    """Four threads look up and store all the time while the server is killed and started again."""
    tier, ended = warmed(server), threading.Event()
    taken: list[float] = []
    failed: list[object] = []
    hits = [0]

    def work() -> None:
        while not ended.is_set():
            begun = time.perf_counter()
            try:
                found = tier.get("key")
            except BaseException as error:  # noqa: BLE001  counted, whatever it is
                failed.append(error)
            taken.append((time.perf_counter() - begun) * 1000)
            if found is not None and found.text != ROW.text:
                failed.append(found)
            hits[0] += found is not None
            tier.set("key", ROW, 3600)
            time.sleep(0.002)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    again = 0
    for _ in range(restarts):
        server.kill()
        time.sleep(0.2)
        server.start()
        seen, end = hits[0], time.monotonic() + 30
        while hits[0] < seen + 100 and time.monotonic() < end:
            time.sleep(0.05)
        again += hits[0] >= seen + 100
    ended.set()
    for thread in threads:
        thread.join()
    note = f"{len(taken):,} lookups by 4 threads, {hits[0]:,} hits; found again after {again} of {restarts} restarts"
    met = not failed and again == restarts
    tell(
        "Redis killed and restarted under load: failed lookups",
        {"askance": len(failed)},
        "",
        bar="0",
        met=met,
        note=note,
    )
    longest = max(taken)
    tell("Redis killed and restarted under load: longest lookup", {"askance": longest}, "ms", bar="<= 50 ms", met=longest <= BAR)  # fmt: skip
    tell("Redis killed and restarted under load: p99", {"askance": p99(taken)}, "ms")
    tier.close()


def main() -> None:
    """All of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3000)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder) as server:
            speeds(server, folder, rounds)
            delays("server stopped", stopped(server, 20))
            with busy():
                delays("server stopped, beside a thread that computes", stopped(server, 10))
            delays("server gone", gone(server, 10))
            restarted(server, 10)
        with faults.black_hole() as place:
            delays("an address from which nothing comes", never_there(place, 10), 60, 0.02)
        for kind, words in KINDS.items():
            with another(kind) as place:
                delays(f"no Redis, but {words}", never_there(place, 3), 60, 0.02)


if __name__ == "__main__":
    main()
