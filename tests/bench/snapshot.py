"""A snapshot of 1,000 variables: our outlines and fingerprints beside the inspector of lckr-jupyterlab-variableinspector.

    python tests/bench/snapshot.py [--rounds 15] [--peer FOLDER]

Both see the same namespace in the same process, in turns. The peer is timed where it is installed
(`pip install lckr-jupyterlab-variableinspector==3.2.4`), or where its unpacked wheel lies (`pip download --no-deps ...`,
`unzip`, then `--peer`). It keeps its Python script in its JavaScript bundle; the script is read from there and run as
the extension runs it: once to define its functions, then `_jupyterlab_variableinspector_dict_list()` for a snapshot.
"""

from __future__ import annotations

import argparse
import ast
import importlib.metadata
import os
import re
import statistics
import tempfile
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from figures import tell

from askance import collector
from askance.sources.describe import describe, fingerprint

PEER = "lckr-jupyterlab-variableinspector"
QUERY = "_jupyterlab_variableinspector_dict_list()"


class Customer:
    """A class of the user's own."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.name = f"customer {number}"
        self.orders = [number, number + 1]

    def total(self) -> int:
        """What they ordered."""
        return sum(self.orders)


def double(value: float, times: int = 1) -> float:
    """Twice the value."""
    return value * 2 * times


def big(rows: int) -> dict[str, Any]:
    """The few large ones; with 1e7 rows about 2 GB."""
    import numpy as np
    import pandas as pd

    numbers = np.random.default_rng(0)
    return {
        "events": pd.DataFrame({"user": numbers.integers(0, 9, rows), "amount": numbers.random(rows), "kind": "sale"}),
        "image": np.zeros(rows * 100 // 8),
        "history": list(range(rows // 10)),
        "page": "word " * (rows // 10),
        "settings": nested(5, 6),
        "wide": pd.DataFrame(np.zeros((5, 10_000)), columns=[f"column_{place}" for place in range(10_000)]),
        "lookup": {f"key {number}": number for number in range(rows // 100)},
    }


def nested(width: int, depth: int) -> Any:
    """A dictionary of dictionaries."""
    return {f"level{depth}_{place}": nested(width, depth - 1) for place in range(width)} if depth else "leaf"


def small(place: int) -> Any:
    """One of twenty kinds of small variables, by its place; arrays and lists of up to a thousand numbers."""
    import numpy as np
    import pandas as pd

    makers: tuple[Callable[[], Any], ...] = (
        lambda: place,
        lambda: place / 7,
        lambda: f"a name of variable {place}",
        lambda: [place, place + 1, place + 2],
        lambda: {"id": place, "name": f"n{place}", "tags": ["a", "b"]},
        lambda: place % 2 == 0,
        lambda: np.sin(np.arange(10.0 + place)),
        lambda: (place, "two", 3.0),
        lambda: None,
        lambda: pd.DataFrame({"a": range(50), "b": ["x", "y"] * 25, "c": np.arange(50) / 3}),
        lambda: place * 3,
        lambda: f"/data/file_{place}.csv",
        lambda: list(range(place % 300)),
        lambda: Customer(place),
        lambda: {place, place + 1},
        lambda: pd.Series(range(30), name=f"s{place}"),
        lambda: {f"k{key}": key * place for key in range(20)},
        lambda: np.float64(place),
        lambda: double,
        lambda: Path(f"data/{place}.parquet"),
    )
    return makers[place % len(makers)]()


def namespace(rows: int) -> dict[str, Any]:
    """1,000 variables, seven of them large."""
    large = big(rows)
    return {**large, **{f"v{place}": small(place) for place in range(1000 - len(large))}}


def bundles(folder: Path | None) -> Iterator[Path]:
    """The JavaScript files of the peer."""
    if folder is not None:
        yield from folder.rglob("*.js")
        return
    for file in importlib.metadata.files(PEER) or ():
        if file.suffix == ".js":
            yield Path(str(file.locate()))


def peer_script(folder: Path | None) -> str | None:
    """The Python text in the peer's bundle, None if the peer is not there."""
    try:
        for file in bundles(folder):
            found = re.search(r"py_script=('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", file.read_text())
            if found:
                return str(ast.literal_eval(found[1]))  # a JavaScript string of plain escapes is a Python one
    except importlib.metadata.PackageNotFoundError:
        pass
    return None


def peer_snapshot(script: str, variables: dict[str, Any]) -> Callable[[], str]:
    """The peer's inspector, set up in a shell that holds the variables."""
    os.environ["IPYTHONDIR"] = tempfile.mkdtemp()
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.kernel = types.SimpleNamespace(shell=shell)
    shell.user_ns.update(variables)
    exec(script, shell.user_ns)
    query = compile(QUERY, "<peer>", "eval")
    return lambda: str(eval(query, shell.user_ns))


def medians(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median milliseconds of each call; all are called in every round, so all see the same noise."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if number:  # the first round warms
                taken[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(values) for name, values in taken.items()}


def slowest(variables: dict[str, Any], call: Callable[[object], str]) -> str:
    """The variable that takes longest."""
    costs = {name: medians({"": lambda obj=obj: call(obj)}, 3)[""] for name, obj in variables.items()}
    name = max(costs, key=lambda key: costs[key])
    return f"slowest {name} with {costs[name]:.2f} ms"


def outlines(values: list[Any]) -> list[str]:
    """As an ask takes them: with the garbage collector still."""
    with collector.paused():
        return [describe(obj) for obj in values]


def main() -> None:
    """Run the rounds and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--rows", type=int, default=10**7, help="of the largest frame")
    parser.add_argument("--peer", type=Path, help="the folder of its unpacked wheel")
    given = parser.parse_args()
    variables = namespace(given.rows)
    values = list(variables.values())
    calls: dict[str, Callable[[], object]] = {
        "outlines": lambda: outlines(values),
        "fingerprints": lambda: [fingerprint(obj) for obj in values],
    }
    script = peer_script(given.peer)
    if script is not None:
        calls[PEER] = peer_snapshot(script, variables)
    found = medians(calls, given.rounds)
    ours = found["outlines"]
    note = f"{len(values)} variables, largest frame {given.rows:,} rows; medians of {given.rounds} rounds"
    tell("a snapshot of the variables", {"askance": ours}, "ms", bar="<= 10 ms", met=ours <= 10, note=note)
    print(f"outlines: {slowest(variables, describe)}; fingerprints: {slowest(variables, fingerprint)}")
    tell("their fingerprints", {"askance": found["fingerprints"]}, "ms")
    if script is None:
        print(f"{PEER} is not installed, see --help")
        return
    tell("beside the inspector", {"askance": ours, PEER: found[PEER]}, "ms")
    faster = found[PEER] / ours
    tell("times faster than the inspector", {"ratio": faster}, "", bar=">= 60", met=faster >= 60)


if __name__ == "__main__":
    main()
