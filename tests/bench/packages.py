"""The packages at hand, beside `importlib.metadata`: how long, and how many are found.

    python tests/bench/packages.py [--rounds 20]

Two environments: the one this runs in, with everything it imports; and 350 synthetic packages, half of which are
imported under other names than they are installed by. "warm" is what an ask takes; "first" is the first of a process.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from types import ModuleType

from figures import tell

from askance.records import Ask, Cell
from askance.sources.base import StaticState
from askance.sources.distributions import Distributions
from askance.sources.packages import PackagesSource

SIZE = 350
LIBRARIES = (
    "numpy",
    "pandas",
    "polars",
    "IPython",
    "ipywidgets",
    "httpx2",
    "pydantic",
    "yaml",
    "dateutil",
    "zmq",
    "markdown_it",
)


def synthetic(folder: Path) -> dict[str, ModuleType]:
    """`SIZE` packages of some 200 files each as pip leaves them; and the modules they bring."""
    modules = {}
    for number in range(SIZE):
        name = f"package_{number}"
        module = name if number % 2 else f"module{number}"
        info = folder / f"{name}-{number}.{number % 7}.dist-info"
        info.mkdir()
        (folder / module).mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}.{number % 7}\n\n{'text ' * 800}"
        )
        files = [f"{module}/part{part}.py,sha256={'a' * 43},{part}\n" for part in range(200)]
        (info / "RECORD").write_text("".join(files))
        if number % 3 == 0:
            (info / "top_level.txt").write_text(f"{module}\n")
        modules[module] = ModuleType(module)
    return modules


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """The median of several calls."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def measure(label: str, path: Sequence[str], modules: dict[str, object], imported: Sequence[str], rounds: int) -> None:
    """Tell the figures of one environment."""
    state = StaticState({}, [Cell(id=name, number=1, source=f"import {name}") for name in imported])
    source = PackagesSource(state, modules, path, sys.stdlib_module_names)
    size = len(list(metadata.distributions(path=list(path))))

    def ask() -> None:
        found = source.collect(Ask(question="?", model="local"))
        try:
            found.send(None)
        except StopIteration as done:
            assert done.value

    first = milliseconds(ask, 1)
    warm = milliseconds(ask, rounds)
    listing = milliseconds(
        lambda: [(one.metadata["Name"], one.version) for one in metadata.distributions(path=list(path))],
        max(3, rounds // 5),
    )
    tell(
        f"packages, {label}: {size} installed, {len(imported)} imported",
        {"ours, warm": warm, "ours, first": first, "importlib.metadata.distributions": listing},
        "ms",
        bar="<= 2 ms warm and <= 1/50 of importlib",
        met=warm <= 2 and warm <= listing / 50,
        note=f"1/{listing / warm:.0f}",
    )
    known = {name: owners for name, owners in owners_of(path).items() if name in modules}
    installed = Distributions(path).now()
    alike = sum(
        bool({normal(o) for o in known[name]} & {normal(d.name) for d in installed.bringing(name)}) for name in known
    )
    tell(
        f"packages, {label}: found of what packages_distributions() finds",
        {"share": alike / len(known)},
        "",
        bar=">= .95",
        met=alike >= 0.95 * len(known),
        note=f"{alike} of {len(known)}",
    )


def owners_of(path: Sequence[str]) -> dict[str, list[str]]:
    """`packages_distributions()` for a path of our choice."""
    before, sys.path[:] = list(sys.path), list(path)
    try:
        return {name: list(owners) for name, owners in metadata.packages_distributions().items()}
    finally:
        sys.path[:] = before


def normal(name: str) -> str:
    """A package's name in one spelling."""
    return name.lower().replace("_", "-").replace(".", "-")


def main() -> None:
    """Read the command line and measure both environments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    for name in LIBRARIES:
        importlib.import_module(name)
    roots = sorted({name.partition(".")[0] for name in sys.modules if name[:1] != "_"} - sys.stdlib_module_names)
    measure("this environment", list(sys.path), dict(sys.modules), roots, rounds)
    with tempfile.TemporaryDirectory() as folder:
        modules = synthetic(Path(folder))
        measure("synthetic", [folder], dict(modules), sorted(modules)[:40], rounds)


if __name__ == "__main__":
    main()
