"""A whole preview on a warm index: 2,000 files and 1,000 variables, from the question to the packed ledger.

    python tests/bench/preview.py [--rounds 60]

Every round asks another question of words that the files and variables really hold, after a cell has run and a file
has changed, as between two asks of a user. Prints the median, the 95th percentile, and what each source took.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from figures import tell
from real_text import make_tree
from snapshot import namespace

from askance.records import Cell
from askance.session import Session
from askance.settings import Settings

BAR = 50.0
"""Milliseconds, for 95 of 100 previews."""

BUDGET = 8000
"""Tokens, as with a hosted model."""

CELLS = 120
"""Cells that ran before; each speaks of some of the variables."""

SUBJECTS = (
    "parser tokens socket timeout cache decode header thread lock iterator schema tensor column index merge plot color "
    "figure request response retry path archive compress checksum random matrix solver calendar locale encoding"
).split()


def cells(names: list[str], chance: random.Random) -> list[Cell]:
    """Earlier work: assignments and calls over the variables."""
    made = []
    for number in range(CELLS):
        one, two, three = chance.sample(names, 3)
        made.append(Cell(id=f"c{number}", number=number, source=f"{one} = combine({two}, {three})\nprint({one})\n" * 4))
    return made


def question(chance: random.Random, names: list[str]) -> str:
    """As a user might put it: some words of the project, now and then a variable."""
    words = chance.sample(SUBJECTS, 4)
    named = f" for {chance.choice(names)}" if chance.random() < 0.5 else ""
    return f"why does the {words[0]} {words[1]} fail when the {words[2]} of the {words[3]} is empty{named}?"


def main() -> None:
    """Run the rounds and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    chance = random.Random(0)  # noqa: S311  the same questions every time
    with tempfile.TemporaryDirectory() as place:
        root, cache = Path(place).resolve() / "tree", Path(place) / "cache"
        files, size = make_tree(root)
        paths = sorted(path for path in root.rglob("*.py") if path.stat().st_size < 20_000)
        variables = namespace(100_000)
        environ = {"PATH": os.environ["PATH"], "HOME": place, "ASKANCE_CACHE_DIR": str(cache)}
        session = Session.for_project(
            root, namespace=variables, cells=cells(list(variables), chance), settings=Settings(), environ=environ
        )
        session.preview("warm up", budget=BUDGET)
        times, spent = [], {}
        for number in range(rounds):
            path = paths[number % len(paths)]
            path.write_text(path.read_text("utf-8", "replace") + f"\n# edit {number}\n", "utf-8")
            time.sleep(0.2)
            asked = question(chance, list(variables))
            started = time.perf_counter()
            ledger = session.preview(asked, budget=BUDGET)
            times.append((time.perf_counter() - started) * 1000)
            for source, seconds in ledger.seconds.items():
                spent.setdefault(source, []).append(seconds * 1000)
            assert {"files", "variables"} <= {item.source for item in ledger.items}, ledger.notes
        session.loop.run(session.close())
    middle, high = statistics.median(times), sorted(times)[int(0.95 * len(times))]
    note = f"{files:,} files, {size / 1e6:.0f} MB, {len(variables):,} variables, {CELLS} cells; {rounds} questions"
    tell("a preview, median", {"askance": middle}, "ms", note=note)
    tell("a preview, 95th percentile", {"askance": high}, "ms", bar=f"<= {BAR:g} ms", met=high <= BAR)
    tell("its sources, medians", {name: statistics.median(found) for name, found in spent.items()}, "ms")


if __name__ == "__main__":
    main()
