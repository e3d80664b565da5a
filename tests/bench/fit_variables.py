"""Fits the weights of the variables' and cells' signals, `askance/weights/{variables,cells}.json`, on notebook cells.

    BENCH_VARIABLES=... BENCH_STATES=... python tests/bench/fit_variables.py [--write]

The signals are collected by the product's own sources. The model is a weighted sum of them, fitted as a conditional
(listwise) logistic regression: for each cell, softmax over its variables, cross-entropy with those it needs, plus a ridge.
A cell that needs an old variable counts more: there are few, and nothing else finds them. Then one factor and one constant
make log-odds of the sums, so that `1 / (1 + exp(-sum))` is the share of variables with such a sum that were needed.
Without `--write` it only tells how well the fit does, also on repositories that it was not fitted on.

Needs numpy, scipy and scikit-learn (the benchmark's own programs ask for it).
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from adapters import live
from notebook_cells import Example, bench, is_old
from scipy.optimize import minimize

from askance.records import Ask, Candidate, Cell
from askance.sources.base import StaticState
from askance.sources.cells import CellsSource
from askance.sources.variables import VariablesSource

FOLDER = Path(__file__).resolve().parents[2] / "ipython_ext" / "askance" / "weights"
MENTION = 12.0
"""By hand: what the user points at with "@" comes first."""

VARIABLES = ("recency lasting old latest needed waiting spent loop canvas similarity named rare alike").split()
CELLS = ["defines", "similarity", "recency"]
CELLS_BIAS = 0.7
"""By hand, added to the cells' constant: a cell also helps by what it shows, not only by the variables it made."""

RIDGE = 3e-3
OLD_COUNTS = 3.0
"""How much more a cell with an old variable counts."""


@dataclass
class Row:
    """One cell to be: a line of signals for each candidate, and which of them are right."""

    repo: str
    signals: np.ndarray[Any, Any]
    right: np.ndarray[Any, Any]
    weight: float = 1.0


@dataclass
class Fit:
    """Weights of the signals, and the constant that makes log-odds of their sum."""

    weights: np.ndarray[Any, Any]
    bias: float = 0.0


def fit(rows: Sequence[Row]) -> Fit:
    """Fit on rows."""
    signals = np.vstack([row.signals for row in rows])
    scale = signals.std(0) + 1e-9
    standard = (signals - signals.mean(0)) / scale
    right = np.concatenate([row.right / row.right.sum() for row in rows])
    sizes = [len(row.right) for row in rows]
    starts, row_of = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(rows)), sizes)
    weight = np.array([row.weight for row in rows]) / sum(row.weight for row in rows)

    def loss(point: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
        sums = standard @ point
        shifted = sums - np.maximum.reduceat(sums, starts)[row_of]
        odds = np.exp(shifted)
        total = np.add.reduceat(odds, starts)[row_of]
        worth = weight[row_of]
        value = -(right * worth * (shifted - np.log(total))).sum() + RIDGE * point @ point
        return value, standard.T @ ((odds / total - right) * worth) + 2 * RIDGE * point

    best = minimize(loss, np.zeros(signals.shape[1]), jac=True, method="L-BFGS-B").x / scale
    return calibrated(best, rows)


def calibrated(weights: np.ndarray[Any, Any], rows: Sequence[Row]) -> Fit:
    """The same order with sums that are log-odds: one factor and one constant, by logistic regression."""
    sums = np.concatenate([row.signals @ weights for row in rows])
    right = np.concatenate([row.right for row in rows])

    def loss(point: np.ndarray[Any, Any]) -> float:
        odds = point[0] * sums + point[1]
        return float(np.mean(np.logaddexp(0, odds) - right * odds))

    factor, constant = minimize(loss, np.array([1.0, -2.0]), method="Nelder-Mead").x
    return Fit(weights * factor, float(constant))


def variable_row(example: Example) -> Row | None:
    """What the product collects for one example."""
    found = candidates(example)
    right = np.array([one.name in set(example["gold"]) for one in found], float)
    if not right.any():
        return None
    lines = np.array([[one.signals.get(name, 0.0) for name in VARIABLES] for one in found])
    return Row(example["repo"], lines, right, 1.0 + OLD_COUNTS * is_old(example))


def cell_row(example: Example, scores: dict[str, float]) -> Row | None:
    """The earlier cells of an example: right are those that gave the needed variables their values."""
    source = CellsSource(state(example))
    found = asyncio.run(source.collect(ask(example)))
    wanted = {f"c{example['ns'][name].defined_cell}" for name in example["gold"]}
    right = np.array([one.name in wanted for one in found], float)
    if not right.any():
        return None
    best = [max((scores.get(made, 0.0) for made in one.defines), default=0.0) for one in found]
    lines = [[top, one.signals["similarity"], one.signals["recency"]] for one, top in zip(found, best, strict=True)]
    return Row(example["repo"], np.array(lines), right)


def scores(example: Example, model: Fit) -> dict[str, float]:
    """The chance that each variable helps, by the ids of their candidates."""
    found = candidates(example)
    sums = [
        sum(one.signals.get(name, 0.0) * weight for name, weight in zip(VARIABLES, model.weights, strict=True))
        for one in found
    ]
    return {one.id: 1 / (1 + np.exp(-total - model.bias)) for one, total in zip(found, sums, strict=True)}


def candidates(example: Example) -> list[Candidate]:
    """The variables as the source offers them."""
    return asyncio.run(VariablesSource(state(example)).collect(ask(example)))


def state(example: Example) -> StaticState:
    """The kernel as it was."""
    cells = [Cell(id=f"c{place}", number=place, source=source) for place, source in enumerate(example["cells"])]
    return StaticState(live(example["ns"]), cells)


def ask(example: Example) -> Ask:
    """The question."""
    return Ask(question=example["intent"], model="local")


def share_in(rows: Sequence[Row], model: Fit, first: int) -> float:
    """The mean share of the right ones among the first."""
    found = []
    for row in rows:
        top = np.argsort(-(row.signals @ model.weights), kind="stable")[:first]
        found.append(row.right[top].sum() / row.right.sum())
    return float(np.mean(found))


def ndcg(rows: Sequence[Row], model: Fit) -> float:
    """The mean normalised discounted cumulative gain, as Järvelin and Kekäläinen (2002) define it for binary gains."""
    found = []
    for row in rows:
        gains = row.right[np.argsort(-(row.signals @ model.weights), kind="stable")]
        worth = 1 / np.log2(np.arange(len(gains)) + 2)
        found.append((gains * worth).sum() / worth[: int(gains.sum())].sum())
    return float(np.mean(found))


def tell(what: str, rows: Sequence[Row], repos: Sequence[str]) -> Fit:
    """Fit on all, and on all repositories but one; say how well either does."""
    for repo in repos:
        mine, others = [row for row in rows if row.repo == repo], [row for row in rows if row.repo != repo]
        apart, together = fit(others), fit(rows)
        print(
            f"{what} of {repo}: nDCG {ndcg(mine, apart):.3f}, R@5 {share_in(mine, apart, 5):.3f} without it; "
            f"{ndcg(mine, together):.3f}, {share_in(mine, together, 5):.3f} with it",
            flush=True,
        )
    return fit(rows)


def write(name: str, signals: Sequence[str], model: Fit, about: str) -> None:
    """Put the weights where the ranker reads them."""
    weights = {
        "mention": MENTION,
        **{signal: round(float(weight), 3) for signal, weight in zip(signals, model.weights, strict=True)},
    }
    lines = json.dumps({"about": about, "bias": round(model.bias, 3), "weights": weights}, indent=2)
    (FOLDER / f"{name}.json").write_text(lines + "\n", "utf-8")


def collected(examples: Sequence[Example], row: Callable[[Example], Row | None]) -> list[Row]:
    """The rows of the examples that have one."""
    return [found for found in map(row, examples) if found is not None]


def main() -> None:
    """Fit the variables, then the cells by the variables' scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    writes = parser.parse_args().write
    module = bench()
    examples = module.load()
    repos = module.repos_of(examples)
    variables = tell("variables", collected(examples, variable_row), repos)

    def cells(example: Example) -> Row | None:
        return cell_row(example, scores(example, variables))

    found = tell("cells", collected([one for one in examples if len(one["cells"]) >= 8], cells), repos)
    if writes:
        about = f"tests/bench/fit_variables.py, on {len(examples)} cells of {len({one['repo'] for one in examples})} repositories"
        write("variables", VARIABLES, variables, f"Log-odds that the next cell needs it. Fitted by {about}.")
        found.bias += CELLS_BIAS
        write(
            "cells",
            CELLS,
            found,
            f"Log-odds that it made what the next cell needs, and a little more. Fitted by {about}.",
        )


if __name__ == "__main__":
    main()
