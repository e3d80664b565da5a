"""A thousand changed files, and a git checkout that changes 400: how soon the index holds them, and at what work.

    python tests/bench/burst.py [--rounds 20]

A tree of 2,000 files of real text and 1,000 small ones (1 kB). Each round writes the small ones, or 1,000 of the others,
and then asks at once: time from the last write until every change is found, and texts put into the index for each file. Beside it, in turns: an index without
watching, which looks for the changes when it is asked; and how often watchdog as it comes calls for each file.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from figures import tell
from real_text import make_tree

from askance.index.project import Project


class Callbacks:
    """watchdog's own observer over a tree, counting."""

    def __init__(self, root: Path) -> None:
        from watchdog import events
        from watchdog.observers import Observer

        self.count = 0
        counter = self

        class Handler(events.FileSystemEventHandler):
            def on_any_event(self, event: events.FileSystemEvent) -> None:
                counter.count += not event.is_directory

        self._observer = Observer()
        self._observer.schedule(Handler(), str(root), recursive=True)
        self._observer.start()

    def stop(self) -> None:
        """End it."""
        time.sleep(1.0)
        self._observer.stop()
        self._observer.join()


def settle(*projects: Project) -> None:
    """Wait until nothing is left to do."""
    time.sleep(0.3)
    for project in projects:
        project.refresh()


def fresh(project: Project, word: str, files: int, wrote: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds from the end of `wrote` until `files` files hold `word`, and index writes for each of them."""
    before = project._mirror.written
    wrote()
    ended = time.perf_counter()
    while True:
        project.refresh()
        found = len(project.search([word], files + 1))
        if found >= files:
            break
        assert time.perf_counter() - ended < 20, f"{found} of {files} files found"
    elapsed = (time.perf_counter() - ended) * 1000
    settle(project)
    return elapsed, (project._mirror.written - before) / files


def bursts(
    root: Path, texts: dict[str, str], project: Project, other: Project, rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """(milliseconds, writes a file) of every round, for both indexes in turns."""
    found: dict[str, list[tuple[float, float]]] = {"askance": [], "without watching": []}
    for number in range(2 * rounds):
        name, asked = [("askance", project), ("without watching", other)][number % 2]
        word = f"burstword{number}"

        def write(word: str = word) -> None:
            for path, text in texts.items():
                (root / path).write_text(f"{text}\n{word} = 1\n", "utf-8")

        settle(project, other)
        found[name].append(fresh(asked, word, len(texts), write))
    return found


def checkout(root: Path, files: int, rounds: int) -> list[tuple[float, float]]:
    """The same for `git checkout` between two commits."""

    def git(*command: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *command], cwd=root, check=True, capture_output=True)

    git("init", "-q", "-b", "first")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("checkout", "-q", "-b", "second")
    changed = sorted(path for path in root.rglob("*.py"))[: files * 4 : 4]
    for path in changed:
        path.write_text(path.read_text("utf-8", "replace") + "\ncheckedout = 1\n", "utf-8")
    git("commit", "-q", "-a", "-m", "second")
    git("checkout", "-q", "first")
    project = Project(root)
    found = []
    for _ in range(rounds):
        settle(project)
        found.append(fresh(project, "checkedout", len(changed), lambda: git("checkout", "-q", "second")))
        git("checkout", "-q", "first")
    project.close()
    return found


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def main() -> None:
    """Run the rounds and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--files", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place).resolve()
        total, _ = make_tree(root)
        (root / "burst").mkdir()
        small = {f"burst/f{number}.py": f"def f{number}(x):\n" + "    x += 1\n" * 90 for number in range(options.files)}
        for path, text in small.items():
            (root / path).write_text(text)
        project, other = Project(root), Project(root, watch=False)
        settle(project, other)
        real = {path: (root / path).read_text("utf-8", "replace") for path in project.paths() if path not in small}
        real = dict(list(real.items())[: options.files])
        callbacks = Callbacks(root)
        bursts(root, small, project, other, 1)
        callbacks.stop()
        for texts, bar, what in ((small, 50, "small files"), (real, None, "files of real text")):
            found = bursts(root, texts, project, other, options.rounds)
            letters = sum(map(len, texts.values()))
            note = f"{letters / 1e6:.1f} MB written, {total + len(small):,} files, {options.rounds} rounds"
            times = {name: p95([elapsed for elapsed, _ in rows]) for name, rows in found.items()}
            met = None if bar is None else times["askance"] <= bar
            tell(
                f"fresh after {len(texts):,} {what}, p95",
                times,
                "ms",
                bar="<= 50 ms" if bar else "",
                met=met,
                note=note,
            )
            writes = {name: max(count for _, count in rows) for name, rows in found.items()}
            writes["watchdog's callbacks"] = callbacks.count / (2 * len(small))
            tell(f"updates a file, {what}", writes, "", bar="<= 1.1", met=writes["askance"] <= 1.1, note="worst round")
        project.close()
        other.close()
        rows = checkout(root, 400, options.rounds)
        slowest = {"askance": p95([elapsed for elapsed, _ in rows])}
        tell("fresh after a git checkout of 400 files of real text, p95", slowest, "ms", note="with the new history")
        tell("updates a file of the checkout", {"askance": max(count for _, count in rows)}, "")


if __name__ == "__main__":
    main()
