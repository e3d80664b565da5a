"""Cells of real notebooks whose needed variables are known: where the variables' ranking is fitted and measured.

Enters: BENCH_VARIABLES, the folder of `vars_bench.py` (with `nbstatic.py`), and BENCH_STATES as those programs want it, after
`vars_extract.py` and `nbstatic.py` have run. Leaves: that module, and its examples: a dict each, with "intent", "ns"
(name -> record), "cells", "gold", "repo" and "nb".
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import Any

OLD = 10
"""Cells since its last use, after which a variable is old."""

Example = dict[str, Any]


def bench() -> ModuleType:
    """The benchmark's own module: its examples, metrics, bootstrap and rankers.

    Raises:
        SystemExit: it is not there.
    """
    folder = os.environ.get("BENCH_VARIABLES", "")
    if not os.path.isfile(os.path.join(folder, "vars_bench.py")):
        sys.exit("BENCH_VARIABLES is to name the folder of vars_bench.py; see the top of tests/bench/notebook_cells.py")
    sys.path.insert(0, folder)
    import vars_bench  # type: ignore[import-not-found]

    return vars_bench


def is_old(example: Example) -> bool:
    """Whether a variable that it needs was last spoken of ten or more cells ago."""
    return any(len(example["cells"]) - 1 - example["ns"][name].last_touched_cell >= OLD for name in example["gold"])
