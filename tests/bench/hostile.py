"""What two hundred hostile variables, and variables of ten gigabytes, cost an ask.

    python tests/bench/hostile.py [--rounds 15] [--count 200]

One round is all that an ask does with variables: collected, told at outline and excerpt, fingerprints, facts. The least of
the rounds is told, since other work of the machine only adds. What the large ones cost in memory is what the process's
resident pages grow by; the arrays are never written to, so that they take nothing themselves.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults.hostile_objects import CALLS
from faults.hostile_things import made
from faults.huge import large, resident, small
from figures import tell

from askance.records import Ask
from askance.sources.base import StaticState
from askance.sources.variables import VariablesSource

ASK = Ask(question="what is this?", model="m")


def look(objects: Mapping[str, object]) -> int:
    """The number of characters told."""
    source = VariablesSource(StaticState(objects))
    size = 0
    for candidate in source._collect(ASK):  # noqa: SLF001  without the thread that it runs in
        size += len(candidate.render("outline")) + len(candidate.render("excerpt")) + len(candidate.fingerprint())
        size += len(source.facts(candidate.name))
    return size


def least(objects: Mapping[str, object], rounds: int) -> float:
    """Milliseconds of the fastest round; what is known of a type is known from the first on."""
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        look(objects)
        seconds.append(time.perf_counter() - started)
    return min(seconds) * 1000


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    objects = made(7, options.count)
    took = least(objects, options.rounds)
    note = f"{len(CALLS)} calls of theirs"
    what = f"{options.count} hostile variables, looked at and told"
    tell(what, {"askance": took}, "ms", bar="< 50 ms", met=took < 50 and not CALLS, note=note)
    with tempfile.TemporaryDirectory() as folder:
        found = large(Path(folder))
        look(small())
        before = resident()
        look(found)
        grown = resident() - before
        tell(f"{len(found)} variables of 10 GB, in memory", {"askance": grown}, "MB", bar="< 5 MB", met=grown < 5)
        for name, value in found.items():
            took = least({name: value}, options.rounds)
            tell(f"{name} of 10 GB, looked at and told", {"askance": took}, "ms", bar="< 20 ms", met=took < 20)


if __name__ == "__main__":
    main()
