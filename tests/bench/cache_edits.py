"""Five hundred edits at random between two asks: stale answers given, and answers kept of which nothing was edited.

Enters: nothing; the number of edits as an argument. Leaves: shares, and what cost an answer that it should not have.
Edits are drawn by hypothesis, the same ones each time. What an answer was told is rendered anew to judge it.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults.edits import outcomes
from figures import tell


def main(count: int) -> None:
    """Edit, and tell."""
    with tempfile.TemporaryDirectory() as folder:
        found = outcomes(Path(folder), count)
    stale = [outcome for outcome in found if outcome.stale]
    unseen = [outcome for outcome in found if outcome.unseen]
    kept = [outcome for outcome in unseen if outcome.cached]
    told = [outcome for outcome in found if outcome.told]
    lost = Counter(outcome.edit.kind for outcome in unseen if not outcome.cached)
    note = f"of {len(told)} edits of what an answer was told; {len(found)} edits in all"
    tell("stale answers", {"askance": len(stale)}, "", bar="0", met=not stale, note=note)
    share, about = len(kept) / max(1, len(unseen)), f"{len(unseen)} edits; lost: {dict(lost) or 'none'}"
    tell(
        "edits of what an answer did not see that keep it",
        {"askance": share},
        "",
        bar=">= 0.95",
        met=share >= 0.95,
        note=about,
    )
    others = [outcome for outcome in found if not outcome.unseen and not outcome.told]
    tell(
        "the other edits, of things told by name or whose text stayed, that keep it",
        {"askance": sum(outcome.cached for outcome in others) / max(1, len(others))},
        "",
        note=f"{len(others)} edits; asked anew: {dict(Counter(one.edit.kind.split()[0] for one in others if not one.cached))}",
    )
    if stale:
        print(*((outcome.edit.kind, outcome.told) for outcome in stale), sep="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
