"""Tells a benchmark's figures: to people at once, to `python -m askance.bench` as lines of JSON.

Enters: figures. Leaves: printed lines; where ASKANCE_BENCH_OUT names a file, one JSON object a figure in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path


def tell(
    what: str, values: Mapping[str, float], unit: str, *, bar: str = "", met: bool | None = None, note: str = ""
) -> None:
    """Tell one comparison.

    Args:
        what: what was measured, in words.
        values: contender -> its figure, ours first.
        unit: of the figures ("ms", "tokens", "" for shares).
        bar: what was promised, in words.
        met: whether it is kept; None if nothing was promised.
        note: what else is to be known (sizes, rounds, what is missing).
    """
    said = ", ".join(f"{name} {_short(value)}{' ' + unit if unit else ''}" for name, value in values.items())
    verdict = "" if met is None else (" - met" if met else " - NOT met")
    print(f"{what}: {said}{f' [bar: {bar}{verdict}]' if bar else ''}{f' ({note})' if note else ''}", flush=True)
    out = os.environ.get("ASKANCE_BENCH_OUT")
    if out:
        row = {"what": what, "values": dict(values), "unit": unit, "bar": bar, "met": met, "note": note}
        with Path(out).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
