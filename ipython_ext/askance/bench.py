"""`python -m askance.bench`: runs the benchmarks of the repository and draws their figures.

Enters: names of benchmarks (all by default). Leaves: what they print, a table of bars kept and missed, and one picture
for each benchmark that compares anything. The benchmarks stand in `tests/bench/`, so a checkout is needed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "bench"

BENCHES: Mapping[str, str] = {
    "files_ranking": "the right files on top, on real requests",
    "variables_ranking": "the right variables on top, on real notebooks",
    "cold_index": "the first index of a project",
    "one_change": "one changed file",
    "burst": "a thousand changed files",
    "idle": "watching, when nothing happens",
    "import_graph": "who imports whom",
    "preview": "a whole preview, 2,000 files and 1,000 variables",
    "snapshot": "a look at 1,000 variables",
    "git_state": "the repository's state",
    "packages": "the packages in use",
    "load_time": "%load_ext in a kernel",
    "first_ask": "the first ask in a kernel",
    "streaming": "an answer's way to the screen, beside the plain SDK and other assistants",
    "display_cost": "what showing an answer costs the kernel",
    "browser_stream": "frames dropped while an answer streams",
    "interrupt": "stopping an answer",
    "follow_up": "what of a follow-up the provider's prefix cache knows",
    "together": "small questions in the background, as one request and each alone",
    "cache_hits": "what a kept answer costs: whole ask(), and its showing",
    "cache_lookups": "a lookup in the cache alone, tier by tier",
    "cache_sessions": "working sessions of several people, replayed: hit rates beside other ways to cache",
    "run_all": "Restart and Run All of the demo notebooks",
    "cache_faults": "the cache on disk: kills, damage, a full disk, a crowd; its speed beside plain diskcache",
    "cache_redis": "the cache in Redis: its speed, and lookups while the server is stopped, gone or restarted",
    "cache_edits": "edits at random between two asks: stale answers, and answers lost for nothing",
    "fingerprints": "what it costs to see whether a value has changed",
    "hostile": "hostile variables, and variables of ten gigabytes: what a look at them costs",
    "last_metre": "redirects that the question followed, and exports beside what the server got",
    "secrets_leave": "fake secrets in nine places of an ask: what was sent, and what of them left",
    "tools": "calls of a model in parallel, beside their critical path and a plain loop",
    "redaction": "secrets found, lookalikes mistaken, and the speed of the search, beside other scanners",
    "ask_map": "one prompt over a column: requests, wall time, rows lost or swapped, beside loops written by hand",
}
"""Each is a program of this name in `tests/bench/`: name -> what it measures."""

Row = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, draw, and say which bars are kept. Returns 1 if a benchmark broke, 0 otherwise: a missed bar is a figure.

    Args:
        arguments: the command line's, without the program's name.
    """
    parser = argparse.ArgumentParser(prog="python -m askance.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--plots", type=Path, default=Path("plots"), help="folder for the pictures")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(BENCHES))
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    if not FOLDER.is_dir():
        parser.error("the benchmarks stand in the repository: clone it and install it with pip install -e .")
    rows: dict[str, list[Row]] = {}
    broken = []
    for name in options.names or BENCHES:
        _say(f"\n== {name}: {BENCHES[name]}")
        rows[name], status = run(name)
        broken += [name] if status else []
    _say("\n" + summary(rows))
    draw(rows, options.plots)
    if broken:
        _say(f"broke: {', '.join(broken)}")
    return 1 if broken else 0


def run(name: str) -> tuple[list[Row], int]:
    """Run one benchmark in a process of its own. Its prints pass through.

    Args:
        name: a key of `BENCHES`.

    Returns:
        What it told, and its exit status.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures"
        out.touch()
        environ = {**os.environ, "ASKANCE_BENCH_OUT": str(out)}
        status = subprocess.run([sys.executable, str(FOLDER / f"{name}.py")], env=environ, check=False).returncode
        return [json.loads(line) for line in out.read_text("utf-8").splitlines()], status


def summary(rows: Mapping[str, Sequence[Row]]) -> str:
    """The bars, as lines: kept or missed, what, ours, the bar."""
    told = [row for some in rows.values() for row in some if row["met"] is not None]
    lines = [
        f"{'kept  ' if row['met'] else 'missed'}  {row['what']}: {_ours(row):.3g} {row['unit']} (bar: {row['bar']})"
        for row in told
    ]
    return "\n".join([*lines, f"{sum(bool(row['met']) for row in told)} of {len(told)} bars kept"])


def draw(rows: Mapping[str, Sequence[Row]], folder: Path) -> None:
    """One picture a benchmark: every comparison as bars, ours coloured.

    Args:
        rows: benchmark -> what it told.
        folder: where the pictures go; made if need be.
    """
    try:
        import matplotlib as mpl

        mpl.use("Agg")
        from matplotlib import pyplot as plt
    except ImportError:
        _say('No pictures without matplotlib: pip install "askance[bench]"')
        return
    for name, told in rows.items():
        comparisons = [row for row in told if len(row["values"]) > 1]
        if not comparisons:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        height = sum(len(row["values"]) * 0.3 + 0.9 for row in comparisons)
        figure, axes = plt.subplots(
            len(comparisons),
            figsize=(8, height),
            squeeze=False,
            height_ratios=[len(row["values"]) + 2 for row in comparisons],
        )
        for row, axis in zip(comparisons, axes[:, 0], strict=True):
            _bars(axis, row)
        figure.suptitle(BENCHES[name])
        figure.tight_layout()
        figure.savefig(folder / f"{name}.png", dpi=110)
        plt.close(figure)
    _say(f"pictures: {folder}")


def _bars(axis: Any, row: Row) -> None:
    names, values = list(row["values"]), list(row["values"].values())
    positive = [value for value in values if value > 0]
    bars = axis.barh(names, values, color=["#c2410c", *["#94a3b8"] * (len(names) - 1)])
    axis.bar_label(bars, fmt="%.3g", padding=3)
    axis.invert_yaxis()
    axis.set_title(f"{row['what']} ({row['unit']})" if row["unit"] else row["what"], fontsize=9, loc="left")
    if positive and max(positive) / min(positive) > 50:
        axis.set_xscale("log")
    axis.margins(x=0.15)
    axis.spines[["top", "right"]].set_visible(False)


def _ours(row: Row) -> float:
    return float(next(iter(row["values"].values())))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
