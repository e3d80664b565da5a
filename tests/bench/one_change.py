"""One changed file of 2,000: the work, what the next ask pays, and what scans would pay; a burst; memory.

    python tests/bench/one_change.py [--rounds 30]

The change is reported by the file system, then put into the index: in the background, or by an ask that comes first
(the "work"). An ask that comes later pays a look at an empty list. Beside it, in turns: a stat scan that compares every
file's stamp, and a scan that reads and hashes every file. Medians of wall time.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from figures import tell
from real_text import make_tree

from askance.index.build import outdated
from askance.index.files import scan
from askance.index.project import Project

MEMORY = """
import sys
from pathlib import Path
from askance.index.project import Project

def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

before = megabytes()
project = Project(Path(sys.argv[1]), folder=Path(sys.argv[2]))
for words in (["parse", "header"], ["class", "import", "self"], ["error"]):
    project.refresh()
    project.search_columns(words, 100)
project.neighbours(list(project.paths())[:3])
print(megabytes() - before)
project.close()
"""


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait, in steps shorter than what is measured."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.0005)


def settle(project: Project) -> None:
    """Wait until nothing is left to do."""
    mirror = project._mirror
    assert mirror is not None
    until(lambda: not mirror._dirty and not mirror.building)
    time.sleep(0.1)
    project.refresh()


def one_change(project: Project, root: Path, rounds: int) -> dict[str, float]:
    """Medians in milliseconds."""
    paths = list(project.paths())
    times: dict[str, list[float]] = {"work": [], "next ask": [], "stat scan": [], "hashing scan": []}
    for number in range(rounds):
        path = paths[number * 37 % len(paths)]
        with project._lock:  # so that no background thread is first
            with (root / path).open("a") as file:
                file.write(f"\nmarker{number} = {number}\n")
            until(lambda path=path: path in project._mirror._dirty)
            times["work"].append(milliseconds(project.refresh))
        assert list(project.search([f"marker{number}"], 3)) == [path]
        settle(project)
        times["next ask"].append(milliseconds(lambda: [project.refresh() for _ in range(20)]) / 20)
        times["stat scan"].append(milliseconds(lambda: outdated(scan(root, 20_000), project._mirror.store.stamps())))
        times["hashing scan"].append(
            milliseconds(lambda: [hashlib.sha256((root / p).read_bytes()).digest() for p in scan(root, 20_000).files])
        )
    return {name: statistics.median(values) for name, values in times.items()}


def burst(project: Project, root: Path, name: str, files: int) -> tuple[float, float]:
    """Milliseconds from the last write until the last file is found, and updates a file."""
    written = project._mirror.written
    (root / name).mkdir()
    settle(project)
    for number in range(files):
        (root / name / f"f{number}.py").write_text(f"def {name}{number}():\n    return {name}\n")
    ended = time.perf_counter()
    until(lambda: project.search([f"{name}{files - 1}"], 1))
    fresh = (time.perf_counter() - ended) * 1000
    assert len(project.search([name], files + 1)) == files, "some were missed"
    settle(project)
    return fresh, (project._mirror.written - written) / files


def main() -> None:
    """Run the rounds and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as place:
        root, folder = Path(place).resolve() / "tree", Path(place) / "index"
        files, size = make_tree(root)
        project = Project(root, folder=folder)
        project.refresh()
        settle(project)
        found = one_change(project, root, rounds)
        tell("one changed file", found, "ms", note=f"{files:,} files, {size / 1e6:.0f} MB, medians of {rounds}")
        tell("one changed file, work", {"ours": found["work"]}, "ms", bar="<= 5", met=found["work"] <= 5)
        for name, bar in (("stat scan", 100), ("hashing scan", 1000)):
            ratio = found[name] / found["next ask"]
            tell(f"next ask, times faster than a {name}", {"ratio": ratio}, "", bar=f">= {bar:,}", met=ratio >= bar)
        rebuilt = Project(root, watch=False)
        rebuilt.refresh()
        query = "SELECT path, digest, names, modules FROM files ORDER BY path"
        same = rebuilt._mirror.store.rows(query) == project._mirror.store.rows(query)
        tell("equal to a rebuild", {"equal": float(same)}, "", bar="equal", met=same)
        rebuilt.close()
        bursts = [burst(project, root, f"burst{letter}", 1000) for letter in "abcde"]
        fresh, updates = (statistics.median(values) for values in zip(*bursts, strict=True))
        tell("fresh after a burst of 1,000 files", {"ours": fresh}, "ms", bar="<= 50", met=fresh <= 50)
        tell("updates a file in a burst", {"ours": updates}, "", bar="<= 1.1", met=updates <= 1.1)
        project.close()
        memory = subprocess.run(
            [sys.executable, "-c", MEMORY, str(root), str(folder)], capture_output=True, text=True, check=True
        )
        grown = float(memory.stdout)
        tell("memory of a warm index in a kernel", {"ours": grown}, "MB", bar="<= 30", met=grown <= 30)


if __name__ == "__main__":
    main()
