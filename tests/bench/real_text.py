"""A tree of real text for the benchmarks of the index: Python files of the standard library and of what is installed.

Enters: a folder. Leaves: about 2,000 files and 30 MB in it, the same ones on every run of one machine.
"""

from __future__ import annotations

import os
import random
import shutil
import sysconfig
from pathlib import Path

FILES, BYTES = 2_000, 30_000_000
_SKIPPED = frozenset(("__pycache__", "site-packages", "node_modules"))


def make_tree(root: Path, files: int = FILES, size: int = BYTES) -> tuple[int, int]:
    """Copy files of 2 to 120 kB until there are enough; gives their number and bytes."""
    made = total = 0
    for base, path in _candidates():
        length = path.stat().st_size
        if made == files:
            break
        if 2_000 < length < 120_000 and total + length <= size * (made + 1) / files + 200_000:
            target = root / path.relative_to(base)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            made, total = made + 1, total + length
    for folder, _, names in os.walk(root):
        for name in names:
            os.utime(Path(folder, name), (1_700_000_000, 1_700_000_000))
    return made, total


def _candidates() -> list[tuple[Path, Path]]:
    found = []
    for kind in ("stdlib", "purelib", "platlib"):
        base = Path(sysconfig.get_path(kind))
        for folder, folders, names in os.walk(base):
            folders[:] = sorted(set(folders) - _SKIPPED)
            found += [(base, Path(folder, name)) for name in sorted(names) if name.endswith(".py")]
    found = list(dict.fromkeys(found))
    random.Random(0).shuffle(found)  # noqa: S311  the same choice every time
    return found
