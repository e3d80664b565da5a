"""Fake secrets in nine places of an ask, through real sessions and SDKs: what was sent, and what of them left.

Enters: nothing; the number of rounds as an argument, each of nine placements. Leaves: counts, and what the registry of
known values costs an ask.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults.leaving import outcomes
from faults.placements import PLACES
from faults.secret_kinds import COUNT
from figures import tell

from askance.gate import registry
from askance.gate.registry import Registry


def main(rounds: int) -> None:
    """Place, ask, look, and tell."""
    found = []
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            found += outcomes(number, Path(folder))
    sent, left = (Counter(one.place for one in found if getattr(one, what)) for what in ("sent", "left"))
    tell(
        "placements of secrets whose item was sent",
        {place: sent[place] for place in PLACES},
        "",
        bar="every one",
        met=len(found) == sum(sent.values()),
        note=f"{rounds} of each place",
    )
    where = Counter(where for one in found for where in one.left)
    tell(
        "placements of which a usable part left or was written down",
        {place: left[place] for place in PLACES},
        "",
        bar="0",
        met=not left,
        note=f"of {len(found)}; {dict(where) or 'in none of: bytes sent, cache, conversations, recording, pack, ledger, logs'}",
    )
    told = [one for one in found if one.restored is not None]
    tell(
        "secrets that the answer in memory gives back",
        {"askance": sum(bool(one.restored) for one in told) / len(told)},
        "",
        note=f"of {len(told)} that stood there whole",
    )
    for one in found:
        if one.left or not one.sent:
            print(f"  {one.name}: {'sent' if one.sent else 'NOT sent'}, {one.some}")
    _registry()


def _registry() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home, root = Path(folder) / "home", Path(folder) / "project"
        home.mkdir()
        for number in range(40):
            (root / f"part{number}").mkdir(parents=True)
            (root / f"part{number}" / ".env").write_text(f"PART{number}_TOKEN={os.urandom(20).hex()}\n")
        (home / ".netrc").write_text(f"machine x login y password {os.urandom(20).hex()}\n")
        # Long after these files were written: what changed just now is read again.
        known = Registry(os.environ, root, home, root, wall_clock=lambda: time.time_ns() + 10**12)
        first = _milliseconds(known)
        times = sorted(_milliseconds(known) for _ in range(1000))
        known._looked = float("-inf")  # as after `EVERY`
        again = _milliseconds(known)
    note = f"{len(os.environ)} variables, 41 files, {len(known())} values"
    tell(
        "the values known to be secret, asked for while nothing changes",
        {"askance": times[500]},
        "ms",
        bar="< 0.2 ms",
        met=times[500] < 0.2,
        note=f"99th percentile {times[990]:.3f} ms; {note}",
    )
    tell(
        f"the same with a look at all files, every {registry.EVERY:g} s",
        {"askance": again},
        "ms",
        note=f"the first: {first:.1f} ms",
    )


def _milliseconds(known: Registry) -> float:
    begun = time.perf_counter()
    known()
    return (time.perf_counter() - begun) * 1e3


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
