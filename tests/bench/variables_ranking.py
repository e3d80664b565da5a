"""The right variables on top, on cells of real notebooks: askance beside the classic recipe, BM25 and the last used.

    BENCH_VARIABLES=... BENCH_STATES=... python tests/bench/variables_ranking.py [--limit N]

Each case is a cell of a notebook: its heading, text and comment are the question, the cells before it are the past, and right
are the variables that it reads. Every contender gets the same cases; askance is asked through `Session.preview`, with its
own weights and with its preset "classic". "classic" is the benchmark's own, which reads the records that askance has to find
out from the cells. Prints means over repositories, as the benchmark does, with its paired bootstrap over notebooks; figures
on repositories that the weights were not fitted on come from `fit_variables.py`.

Needs numpy, scikit-learn and nbformat (the benchmark's own programs ask for them).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from adapters import rank_variables
from figures import tell
from notebook_cells import bench, is_old

BARS: Mapping[str, float] = {"nDCG": 0.76, "R@5": 0.73, "cov250": 0.85}
OLD_BAR = 0.50
SAID = {"cov250": "right ones within 250 tokens"}


def main() -> None:
    """Run all contenders on all cases and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, help="cases at most")
    limit = parser.parse_args().limit
    if "BENCH_VARIABLES" not in os.environ:
        print("variables_ranking: left out, BENCH_VARIABLES does not name the folder of vars_bench.py")
        return
    module = bench()
    cases = module.load()[:limit]
    repos = module.repos_of(cases)
    rankers = {
        "askance": rank_variables,
        "askance, preset classic": partial(rank_variables, preset="classic"),
        "classic": module.r_seed,
        "BM25": module.r_bm25,
        "last used": module.r_lru,
    }
    found = {name: module.evaluate(cases, ranker) for name, ranker in rankers.items()}
    means = {name: module.macro(table, cases, repos) for name, table in found.items()}
    for measure, bar in BARS.items():
        column = module.NAMES.index(measure)
        gaps = found["askance"] - found["classic"]
        low, high = module.boot(gaps, cases, repos)
        tell(
            f"variables, {SAID.get(measure, measure)}",
            {name: float(mean[column]) for name, mean in means.items()},
            "",
            bar=f">= {bar:g}",
            met=bool(means["askance"][column] >= bar),
            note=f"{len(cases)} cells of {len({case['nb'] for case in cases})} notebooks; askance - classic "
            f"{module.macro(gaps, cases, repos)[column]:+.3f} [{low[column]:+.3f}, {high[column]:+.3f}]",
        )
    tell_repositories(cases, found, module.NAMES.index("nDCG"))
    tell_old(cases, found, module.NAMES.index("R@5"))


def tell_repositories(cases: Sequence[dict], found: Mapping[str, np.ndarray], column: int) -> None:
    """Tell the nDCG of each repository."""
    for repo in sorted({case["repo"] for case in cases}):
        mine = [number for number, case in enumerate(cases) if case["repo"] == repo]
        tell(
            f"variables of {repo}, nDCG",
            {name: float(table[mine, column].mean()) for name, table in found.items()},
            "",
            note=f"{len(mine)} cells",
        )


def tell_old(cases: Sequence[dict], found: Mapping[str, np.ndarray], column: int) -> None:
    """Tell the R@5 of the cells that need a variable which ten or more cells have not spoken of."""
    old = [number for number, case in enumerate(cases) if is_old(case)]
    values = {name: float(table[old, column].mean()) for name, table in found.items()}
    tell(
        "variables, R@5 where one is ten or more cells old",
        values,
        "",
        bar=f">= {OLD_BAR:g}",
        met=values["askance"] >= OLD_BAR,
        note=f"{len(old)} cells",
    )


if __name__ == "__main__":
    main()
