"""The right files on top, on real requests: askance beside BM25 and the classic recipe, in one run.

    BENCH_FILES=.../files_bench.py BENCH_STATES=... BENCH_MIRROR=... \
        python tests/bench/files_ranking.py [--cases files_dev.jsonl] [--limit N] [--left-out rows.pickle]

Each case is a request with the files that it changed: a commit message with simulated tabs and recent files ("hist"), or an
issue without ("swe"). Every contender gets the same requests in the same folders; askance is asked through
`Session.preview`. Prints R@10 and MRR with bootstrap intervals, and the paired difference. `--left-out` adds the figures on
repositories that the weights were not fitted on, from the rows that `fit_files.py --rows` kept.

Needs numpy (and scipy for `--left-out`).
"""

from __future__ import annotations

import argparse
import os
import pickle
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import fit_files
import numpy as np
from adapters import rank_files
from figures import tell

from askance.index.project import Project
from askance.words import words

BARS: Mapping[tuple[str, str], float] = {
    ("hist", "R@10"): 0.92,
    ("hist", "MRR"): 0.80,
    ("hist, no session", "R@10"): 0.87,
    ("300+ files", "R@10"): 0.90,
    ("swe", "R@10"): 0.93,
    ("swe", "MRR"): 0.75,
}

Ranker = Callable[..., list[str]]
_searched: dict[Path, Project] = {}


def bm25(root: Path, query: str, *, open_files: Sequence[str], recent_files: Sequence[str]) -> list[str]:
    """Full text search alone, over the same index of the same files."""
    del open_files, recent_files
    project = _searched.setdefault(root, Project(root, watch=False))
    project.refresh()
    return list(project.search(list(dict.fromkeys(words(query))), 200))


RANKERS: Mapping[str, Ranker] = {"askance": rank_files, "classic": partial(rank_files, preset="classic"), "BM25": bm25}


def sets_of(case: Mapping[str, object], *, session: bool) -> list[str]:
    """The slices that a case counts for."""
    if not session:
        return ["hist, no session"]
    large = ["300+ files"] if int(str(case["n_files"])) >= 300 else []
    return [str(case["set"]), *large, str(case["repo"])]


def measure(cases: Sequence[dict]) -> dict[str, dict[str, list[tuple[float, float]]]]:
    """Slice -> ranker -> (R@10, reciprocal rank) of each case, in the same order for all rankers."""
    bench = fit_files.bench()
    found: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for number, case in enumerate(cases, 1):
        root = bench.checkout(case)
        right = fit_files.right_files(case, root)
        for session in (True, False) if case["set"] == "hist" else (True,):
            told = {"open_files": case["open_files"], "recent_files": case["recent_files"]}
            told = told if session else {"open_files": [], "recent_files": []}
            for name, ranker in RANKERS.items():
                figures = bench.metrics(ranker(root, case["query"], **told), right)
                for part in sets_of(case, session=session):
                    found[part][name].append((figures["r10"], figures["mrr"]))
        print(f"\r{number}/{len(cases)}", end="", flush=True)
    print()
    return found


def interval(values: np.ndarray) -> str:
    """The 95 % bootstrap interval of a mean."""
    chance = np.random.default_rng(1)
    means = values[chance.integers(0, len(values), (2000, len(values)))].mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return f"[{low:+.3f}, {high:+.3f}]"


def report(part: str, rankers: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    """Tell one slice: each contender's mean, and what lies between askance and the others."""
    tables = {name: np.array(values) for name, values in rankers.items()}
    for column, measure_name in enumerate(("R@10", "MRR")):
        own = tables["askance"][:, column]
        gaps = [
            f"askance - {name} {(own - table[:, column]).mean():+.3f} {interval(own - table[:, column])}"
            for name, table in tables.items()
            if name != "askance"
        ]
        bar = BARS.get((part, measure_name))
        tell(
            f"{part}, {measure_name}",
            {name: float(table[:, column].mean()) for name, table in tables.items()},
            "",
            bar=f">= {bar:g}" if bar else "",
            met=None if bar is None else bool(own.mean() >= bar),
            note=f"{len(own)} requests, askance {interval(own)}; {'; '.join(gaps)}",
        )


def main() -> None:
    """Run all contenders on all cases and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+")
    parser.add_argument("--limit", type=int, help="cases of each repository at most")
    parser.add_argument("--left-out", help="rows kept by fit_files.py")
    options = parser.parse_args()
    if "BENCH_FILES" not in os.environ:
        print("files_ranking: left out, BENCH_FILES does not name files_bench.py")
        return
    dev = Path(os.environ["BENCH_FILES"]).with_name("files_dev.jsonl")
    cases, counts = [], defaultdict(int)
    for case in fit_files.read_cases(options.cases or [str(dev)]):
        counts[case["repo"]] += 1
        if not options.limit or counts[case["repo"]] <= options.limit:
            cases.append(case)
    for part, rankers in measure(cases).items():
        report(part, rankers)
    if options.left_out:
        rows = pickle.loads(Path(options.left_out).read_bytes())  # noqa: S301  a file of one's own
        print("on repositories left out of the fit:")
        print(*fit_files.told(rows, fit_files.Fit(rows).left_out()), sep="\n")


if __name__ == "__main__":
    main()
