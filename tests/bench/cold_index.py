"""A cold index of 2,000 files / 30 MB: ours, a bare FTS5 file of the same text, and aider's RepoMap.

    python tests/bench/cold_index.py [--rounds 7] [--aider PYTHON]

Ours is `Project.refresh` until everything is there: the process it starts, the scan, definitions, imports, hashes,
parts of names. The bare one reads and inserts path and text. Both take turns; medians of wall time. PYTHON is the
interpreter of an environment with aider-chat, which runs once, last, without a cache.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from figures import tell
from real_text import make_tree

from askance.index.files import scan
from askance.index.project import Project

REPO_MAP = """
import sys, time
from pathlib import Path
from aider.io import InputOutput
from aider.repomap import RepoMap

class Model:
    def token_count(self, text):
        return len(text) // 4

root = sys.argv[1]
files = [str(path) for path in Path(root).rglob("*.py")]
started = time.perf_counter()
RepoMap(map_tokens=4096, root=root, main_model=Model(), io=InputOutput(yes=True)).get_repo_map([], files)
print("seconds", time.perf_counter() - started)
"""


def bare(root: Path, folder: Path) -> None:
    """What SQLite itself takes."""
    db = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    db.execute("CREATE VIRTUAL TABLE texts USING fts5(path, body)")
    db.execute("BEGIN")
    rows = ((path, (root / path).read_bytes().decode("utf-8", "replace")) for path in scan(root, 20_000).files)
    db.executemany("INSERT INTO texts VALUES (?, ?)", rows)
    db.execute("COMMIT")
    db.close()


def ours(root: Path, folder: Path) -> None:
    """What a headless session does first."""
    project = Project(root, folder=folder, watch=False)
    project.refresh()
    found = len(project.paths())
    project.close()
    assert found == len(scan(root, 20_000).files), "the index is not whole"


def seconds(work: Callable[[Path, Path], None], root: Path) -> float:
    """How long one build takes, from an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        work(root, Path(folder))
        return time.perf_counter() - started


def repo_map(python: str, root: Path) -> float | None:
    """How long aider's map of the tree takes, None if it does not run."""
    shutil.rmtree(next(root.glob(".aider.tags.cache*"), root / "none"), ignore_errors=True)
    ran = subprocess.run(
        [python, "-P", "-c", REPO_MAP, str(root)], capture_output=True, text=True, check=False, cwd=root.parent
    )
    said = ran.stdout.rpartition("seconds ")[2].split()
    return float(said[0]) if ran.returncode == 0 and said else None


def main() -> None:
    """Run the rounds and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--aider", default="", help="a Python that has aider-chat")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place).resolve() / "tree"
        files, size = make_tree(root)
        times: dict[str, list[float]] = {"ours": [], "bare FTS5": []}
        for _ in range(given.rounds):
            times["bare FTS5"].append(seconds(bare, root))
            times["ours"].append(seconds(ours, root))
        middle = {name: statistics.median(values) * 1000 for name, values in times.items()}
        note = f"{files:,} files, {size / 1e6:.0f} MB, medians of {given.rounds}"
        tell("cold index", middle, "ms", note=note)
        ratio = middle["ours"] / middle["bare FTS5"]
        tell("cold index over a bare FTS5 build", {"ratio": ratio}, "", bar="<= 1.5", met=ratio <= 1.5)
        theirs = repo_map(given.aider, root) if given.aider else None
        if theirs is not None:
            faster = theirs * 1000 / middle["ours"]
            tell("aider's RepoMap", {"aider": theirs * 1000}, "ms", note="once, without a cache")
            tell("cold index, times faster than RepoMap", {"ratio": faster}, "", bar=">= 20", met=faster >= 20)


if __name__ == "__main__":
    main()
