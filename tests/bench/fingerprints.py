"""What a fingerprint costs, for values of each kind and any size, and for all that an answer was told.

Enters: nothing. Leaves: the slowest kind's time of 95 in 100, that of each kind, how much is looked at, and the time for
the forty items of a ledger among three hundred variables: what a cache hit waits for.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults.edits import namespace
from figures import tell

from askance.sources.base import StaticState
from askance.sources.describe import facts, fingerprint
from askance.sources.variables import VariablesSource

ROUNDS = 60
BLOCKS = 4
"""Each of `ROUNDS`; the best one's figure counts: what else runs on the machine only adds to it."""

ROWS = 4_000_000
BAR = 2.0
"""Milliseconds."""


def made() -> dict[str, Callable[[], object]]:
    """Kind and size in words -> makes one."""
    chance = np.random.default_rng(0)
    text = [f"value {number}" for number in range(1_000_000)]
    rows = text[:10_000]

    def mixed(count: int) -> pd.DataFrame:
        return pd.DataFrame({
            "a": chance.random(count), "n": np.arange(count), "s": text[:count], "t": pd.date_range("2020", periods=count, freq="min"),
            "c": pd.Categorical.from_codes(np.arange(count) % 7, list("abcdefg")), "i": pd.array(np.arange(count), "Int64"),
        })  # fmt: skip

    return {
        "list, 20,000 numbers": lambda: list(range(20_000)),
        "list, 25,000 strings": lambda: text[:25_000],
        "list, 1,000,000 numbers": lambda: list(range(1_000_000)),
        "list, 2,000 records": lambda: [{"a": n, "b": n * 0.5, "c": text[n]} for n in range(2_000)],
        "list, 100,000 records": lambda: [{"a": n, "b": text[n]} for n in range(100_000)],
        "list, 700 numpy numbers": lambda: list(chance.random(700)),
        "dict, 12,000 keys": lambda: dict(enumerate(text[:12_000])),
        "dict, 1,000,000 keys": lambda: dict(enumerate(text)),
        "set, 5,000 strings": lambda: set(text[:5000]),
        "str, 1,000,000 characters": lambda: "é" * 1_000_000,
        "str, 100,000,000 characters": lambda: "x" * 100_000_000,
        "bytes, 3 MB": lambda: bytes(3_000_000),
        "array, 3 MB": lambda: chance.random(375_000),
        "array, 3 MB, Fortran order": lambda: np.asfortranarray(chance.random((37_500, 10))),
        "array, 3 MB, half of it NaN": lambda: np.where(chance.random(375_000) > 0.5, -np.nan, 1.0),
        "array, 800 MB": lambda: np.zeros(100_000_000),
        "array, 25,000 strings as objects": lambda: np.array(text[:25_000], dtype=object),
        "array, 1,000,000 objects": lambda: np.array(text, dtype=object),
        "frame, 10,000 mixed rows": lambda: mixed(10_000),
        "frame, 1,000,000 mixed rows": lambda: mixed(1_000_000),
        "frame, 10,000 rows of 10 strings": lambda: pd.DataFrame({f"s{n}": rows for n in range(10)}),
        "frame, 10,000 rows of 5 object strings": lambda: pd.DataFrame({f"s{n}": rows for n in range(5)}, dtype=object),
        "frame, 37,500 x 10": lambda: pd.DataFrame(chance.random((37_500, 10))),
        "frame, 320 MB": lambda: pd.DataFrame(chance.random((ROWS, 10))),
        "frame, 1,000 x 2,000": lambda: pd.DataFrame(chance.random((1_000, 2_000))),
        "series, 4,000,000": lambda: pd.Series(np.arange(ROWS)),
        "index of two levels, 10,000": lambda: mixed(10_000).set_index(["s", "c"]).index,
        **_polars(text),
        **_arrow(text),
    }


def _polars(text: list[str]) -> dict[str, Callable[[], object]]:
    try:
        import polars as pl
    except ImportError:
        return {}
    return {
        "polars, 10,000 mixed rows": lambda: pl.DataFrame(
            {"a": range(10_000), "s": text[:10_000], "l": [[n] for n in range(10_000)]}
        ),
        "polars, 10,000 rows of 10 strings": lambda: pl.DataFrame({f"s{n}": text[:10_000] for n in range(10)}),
        "polars, 320 MB": lambda: pl.DataFrame({f"c{n}": np.arange(ROWS) + n for n in range(10)}),
        "polars, 1,000,000 rows of 5 strings": lambda: pl.DataFrame({f"s{n}": text for n in range(5)}),
    }


def _arrow(text: list[str]) -> dict[str, Callable[[], object]]:
    try:
        import pyarrow as pa
    except ImportError:
        return {}
    return {
        "arrow, 10,000 mixed rows": lambda: pa.table({"a": np.arange(10_000), "s": text[:10_000]}),
        "arrow, 320 MB": lambda: pa.table({f"c{n}": np.arange(ROWS) + n for n in range(10)}),
        "arrow, 1,000,000 strings in 100 chunks": lambda: pa.concat_tables(
            [pa.table({"s": text[n : n + 10_000]}) for n in range(0, 1_000_000, 10_000)]
        ),
    }


def p95(work: Callable[[], object]) -> float:
    """Milliseconds that 95 of 100 rounds stay below, in the best block."""
    work()
    return min(_block(work) for _ in range(BLOCKS))


def _block(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return 1000 * sorted(seconds)[int(0.95 * ROUNDS)]


def main() -> None:
    """Measure, and tell."""
    slowest = {}
    for name, make in made().items():
        value = make()
        took = slowest[name] = p95(lambda value=value: fingerprint(value))
        sampled = facts(value).get("sampled")
        tell(f"fingerprint of {name}", {"askance": took}, "ms", note=f"sampled, {sampled}" if sampled else "whole")
        del value
    name, took = max(slowest.items(), key=lambda one: one[1])
    bar = f"p95 <= {BAR:g} ms each, whatever the size"
    tell(f"the slowest of {len(slowest)} fingerprints, p95: {name}", {"askance": took}, "ms", bar=bar, met=took <= BAR)
    names = namespace() | {f"other_{number}": [number, str(number)] for number in range(260)}
    source = VariablesSource(StaticState(names))
    told = list(names)[:40]
    took = p95(lambda: [source.fingerprint(name) for name in told])
    tell("fingerprints of 40 of 300 variables, p95", {"askance": took}, "ms", bar="<= 2 ms", met=took <= BAR)


if __name__ == "__main__":
    main()
