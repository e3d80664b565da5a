"""Fits the weights of the files' signals, `askance/weights/files.json`, from requests whose right files are known.

    BENCH_FILES=.../files_bench.py BENCH_STATES=... BENCH_MIRROR=... \
        python tests/bench/fit_files.py --cases files_dev.jsonl [more.jsonl ...] [--rows rows.pickle] [--write]

The signals of each case are collected by the product's own `FilesSource`. The model is a weighted sum of them, fitted as a
conditional (listwise) logistic regression: for each request, softmax over the files that were offered, cross-entropy with
the right ones, plus a ridge. Weights of signals that speak for a file cannot be negative, whatever the accidents of a
dev set say. Without `--write` it only tells how well the fit does, also on repositories that it was not fitted on.

Needs numpy, and scipy to fit.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from askance.index.project import Project
from askance.records import Ask
from askance.sources.base import StaticState
from askance.sources.files import FilesSource

WEIGHTS = Path(__file__).resolve().parents[2] / "ipython_ext" / "askance" / "weights" / "files.json"
BY_HAND = {"mention": 12.0, "support": -2.0}
"""What the user points at with "@" comes first. The dev sets count no tests and documents, so they cannot say how far those
stand back."""

UNUSED = frozenset(("recency", "open", *BY_HAND))
"""Signals without a fitted weight: "lately" holds "recency"; in the dev sets the right files are never open, which is how
they were made and nothing to learn."""

MAY_BE_NEGATIVE = frozenset(("housekeeping", "other", "notebook"))
RIDGE = 5.0
ISSUE_WEIGHT = 2.0
"""How much a case of a set without a session counts; there are fewer of them."""


@dataclass
class Row:
    """One request: what was offered for it, and what is right.

    Attributes:
        kind: "hist" or "swe".
        repo: where it comes from.
        session: whether recent and open files were told.
        files: source files in that repository.
        paths: what was offered.
        signals: of each path.
        right: for each path, whether it is one of the right ones.
        wanted: how many right ones there are, those that were not offered included.
        passed: for each path, whether the benchmark passes it over: tests and documents that are not right.
    """

    kind: str
    repo: str
    session: bool
    files: int
    paths: list[str]
    signals: list[dict[str, float]]
    right: np.ndarray
    wanted: int
    passed: np.ndarray


def bench() -> ModuleType:
    """The benchmark that BENCH_FILES names, as a module."""
    spec = importlib.util.spec_from_file_location("files_bench", os.environ["BENCH_FILES"])
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["files_bench"] = module
    spec.loader.exec_module(module)
    return module


def read_cases(paths: Sequence[str]) -> list[dict[str, object]]:
    """The cases of some files, those of one repository together, by time: then little changes from one to the next."""
    cases = [json.loads(line) for path in paths for line in Path(path).read_text("utf-8").splitlines()]
    return sorted(cases, key=lambda case: (case["repo"], case.get("dir", ""), case["time"]))


def right_files(case: dict, root: Path) -> set[str]:
    """The right files as they are called below the root: a wheel has no "src/" in front of its packages."""
    return {path if (root / path).exists() else path.removeprefix("src/") for path in case["gold"]}


def collect(cases: Sequence[dict]) -> list[Row]:
    """The rows of one repository's cases, each hist case with and without its session."""
    files_bench, projects, rows = bench(), {}, []
    for case in cases:
        root = files_bench.checkout(case)
        if root not in projects:
            for project in projects.values():
                project.close()
            projects = {root: Project(root, watch=False)}
        sessions = [(case["open_files"], case["recent_files"])] + [([], [])] * (case["set"] == "hist")
        for opened, recent in sessions:
            source = FilesSource(projects[root], StaticState(open_files=opened, recent_files=recent))
            offered = asyncio.run(source.collect(Ask(question=case["query"], model="none")))
            right = right_files(case, root)
            names = [one.name for one in offered]
            rows.append(
                Row(
                    kind=case["set"],
                    repo=case["repo"],
                    session=bool(opened or recent) or case["set"] == "swe",
                    files=case["n_files"],
                    paths=names,
                    signals=[dict(one.signals) for one in offered],
                    right=np.array([name in right for name in names], bool),
                    wanted=len(right),
                    passed=np.array([files_bench.is_test(name) and name not in right for name in names], bool),
                )
            )
    return rows


def collect_all(cases: Sequence[dict], jobs: int) -> list[Row]:
    """The rows of all cases, several repositories at once."""
    repos = sorted({case["repo"] for case in cases})
    groups = [[case for case in cases if case["repo"] == repo] for repo in repos]
    with ProcessPoolExecutor(jobs) as pool:
        return [row for rows in pool.map(collect, groups) for row in rows]


class Fit:
    """The rows as one matrix, and weights fitted on some of them.

    Args:
        rows: requests.
        signals: the columns; by default all that occur and are not `UNUSED`.
    """

    def __init__(self, rows: Sequence[Row], signals: Sequence[str] | None = None) -> None:
        self.rows = rows
        self.signals = list(signals or sorted({name for row in rows for one in row.signals for name in one} - UNUSED))
        self.tables = [np.array([[one.get(name, 0.0) for name in self.signals] for one in row.signals]) for row in rows]

    def weights(self, chosen: Sequence[int], ridge: float = RIDGE) -> np.ndarray:
        """One weight for each signal, fitted on the rows `chosen`."""
        from scipy.optimize import minimize  # only fitting needs it

        usable = [i for i in chosen if self.rows[i].right.any()]
        kept = [~self.rows[i].passed for i in usable]
        matrix = np.concatenate([self.tables[i][k] for i, k in zip(usable, kept, strict=True)])
        shares = np.concatenate(
            [self.rows[i].right[k] / self.rows[i].right.sum() for i, k in zip(usable, kept, strict=True)]
        )
        sizes = [k.sum() for k in kept]
        counts = np.repeat([_importance(self.rows[i]) for i in usable], sizes)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        group = np.repeat(np.arange(len(sizes)), sizes)
        spread = matrix.std(0) + 1e-9
        scaled = matrix / spread

        def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
            scores = scaled @ weights
            scores -= np.maximum.reduceat(scores, starts)[group]
            exps = np.exp(scores)
            sums = np.add.reduceat(exps, starts)[group]
            value = -(counts * shares * (scores - np.log(sums))).sum() + ridge * weights @ weights / 2
            return value, scaled.T @ (counts * (exps / sums - shares)) + ridge * weights

        bounds = [(None if name in MAY_BE_NEGATIVE else 0.0, None) for name in self.signals]
        found = minimize(loss, np.zeros(len(self.signals)), jac=True, method="L-BFGS-B", bounds=bounds)
        return found.x / spread

    def odds(self, weights: np.ndarray) -> tuple[float, float, float]:
        """(factor, bias, rivals) that make a file's sum its log-odds of being right (see `rank.Table`), by logistic regression."""
        from scipy.optimize import minimize

        scores = [(table @ weights)[~row.passed] for table, row in zip(self.tables, self.rows, strict=True)]
        best = [np.full(len(found), found.max(initial=0.0)) for found in scores]
        matrix = np.column_stack([np.concatenate(scores), np.concatenate(best), np.ones(sum(map(len, scores)))])
        right = np.concatenate([row.right[~row.passed] for row in self.rows]).astype(float)

        def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
            z = matrix @ at
            return float((np.logaddexp(0, z) - right * z).sum()), matrix.T @ (1 / (1 + np.exp(-z)) - right)

        factor, lost, bias = minimize(loss, np.array([1.0, 0.0, -5.0]), jac=True, method="L-BFGS-B").x
        return factor, bias, -lost / factor

    def figures(self, i: int, weights: np.ndarray) -> tuple[float, float]:
        """R@10 and reciprocal rank of one row."""
        row = self.rows[i]
        order = np.argsort(-(self.tables[i] @ weights), kind="stable")
        right = row.right[order[~row.passed[order]]]
        places = np.flatnonzero(right[:200])
        return right[:10].sum() / row.wanted, 1 / (places[0] + 1) if len(places) else 0.0

    def left_out(self, ridge: float = RIDGE) -> np.ndarray:
        """The figures of each row, by weights fitted on the other repositories."""
        found = np.zeros((len(self.rows), 2))
        for repo in {row.repo for row in self.rows}:
            weights = self.weights([i for i, row in enumerate(self.rows) if row.repo != repo], ridge)
            for i, row in enumerate(self.rows):
                if row.repo == repo:
                    found[i] = self.figures(i, weights)
        return found

    def fitted(self) -> np.ndarray:
        """The figures of each row, by weights fitted on all rows."""
        weights = self.weights(range(len(self.rows)))
        return np.array([self.figures(i, weights) for i in range(len(self.rows))])


def _importance(row: Row) -> float:
    return ISSUE_WEIGHT if row.kind == "swe" else 1.0 if row.session else 0.5


def told(rows: Sequence[Row], figures: np.ndarray) -> Iterator[str]:
    """Lines: set and repository -> R@10 / MRR."""
    slices = {
        "hist": [row.kind == "hist" and row.session for row in rows],
        "hist, no session": [row.kind == "hist" and not row.session for row in rows],
        "swe": [row.kind == "swe" for row in rows],
        "300+ files": [row.files >= 300 and row.session for row in rows],
        **{repo: [row.repo == repo and row.session for row in rows] for repo in sorted({row.repo for row in rows})},
    }
    for name, chosen in slices.items():
        if any(chosen):
            recall, first = figures[chosen].mean(0)
            yield f"{name:24} n={sum(chosen):4}  R@10 {recall:.3f}  MRR {first:.3f}"


def main() -> None:
    """Collect, fit, tell, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", required=True)
    parser.add_argument("--rows", help="keep the signals in this file, or use those that are there")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.rows and Path(options.rows).exists():
        rows = pickle.loads(Path(options.rows).read_bytes())  # noqa: S301  a file of one's own
    else:
        rows = collect_all(read_cases(options.cases), options.jobs)
        if options.rows:
            Path(options.rows).write_bytes(pickle.dumps(rows))
    fit = Fit(rows)
    print("on repositories that it was not fitted on:", *told(rows, fit.left_out()), sep="\n  ")
    print("fitted on all:", *told(rows, fit.fitted()), sep="\n  ")
    weights = fit.weights(range(len(rows)))
    factor, bias, rivals = fit.odds(weights)
    table = {name: round(float(weight) * factor, 3) for name, weight in zip(fit.signals, weights, strict=True)}
    kept = {name: weight for name, weight in sorted(table.items(), key=lambda pair: -pair[1]) if abs(weight) >= 0.01}
    about = f"Log-odds that a file is among those a request changes. Fitted by tests/bench/fit_files.py on {len(rows)} rows of {len({row.repo for row in rows})} repositories."
    data = {"about": about, "bias": round(bias, 3), "rivals": round(rivals, 3), "weights": {**BY_HAND, **kept}}
    print(json.dumps(data, indent=2))
    if options.write:
        WEIGHTS.write_text(json.dumps(data, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
