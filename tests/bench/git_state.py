"""Our reading of git's state beside one plain `git status`, and how many processes readings start.

    python tests/bench/git_state.py [ROOT ...] [--rounds 20]

Without ROOT: a synthetic repository of 2,000 files. Both are measured in turns, in milliseconds (medians), with one
modified and one untracked file. A `git` that counts stands in PATH for the counts alone.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from figures import tell

from askance.records import Ask
from askance.sources.git import GitSource

ASK = Ask(question="what has changed in git?", model="local")
PLAIN = ("git", "status", "--porcelain=v2", "--branch")


def synthetic(root: Path, files: int = 2000) -> Path:
    """A repository of small files in folders of 40, with one modified and one untracked file."""
    for number in range(files):
        file = root / f"d{number // 40}" / f"f{number}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"value = {number}\n" * 20)
    identity = [part for key in ("name", "email") for part in ("-c", f"user.{key}=t@example.org")]
    for command in (["init", "-q", "-b", "main"], ["add", "."], [*identity, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    time.sleep(1.1)  # an index as young as its files makes git read them all
    subprocess.run(["git", "update-index", "-q", "--refresh"], cwd=root, check=True)
    (root / "d0" / "f0.py").write_text("changed = True\n")
    (root / "new.py").write_text("")
    return root


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def counted(folder: Path, environ: dict[str, str]) -> tuple[dict[str, str], Callable[[], int]]:
    """An environment whose git notes its starts, and their number so far."""
    notes = folder / "starts"
    notes.touch()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    (folder / "git").write_text(f"#!/bin/sh\necho x >> '{notes}'\nexec '{real}' \"$@\"\n")
    (folder / "git").chmod(0o755)
    return {**environ, "PATH": f"{folder}:{environ['PATH']}"}, lambda: len(notes.read_text().split())


def measure(root: Path, rounds: int) -> None:
    """Print the row of one repository."""
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    version = [0]
    source = GitSource(root, environ, changes=lambda: version[0])

    def read() -> None:
        version[0] += 1
        source.fingerprint("branch")

    ours, plain, same = [], [], []
    for _ in range(rounds):
        plain.append(milliseconds(lambda: subprocess.run(PLAIN, cwd=root, capture_output=True, check=True)))
        ours.append(milliseconds(read))
        same.append(milliseconds(lambda: source.fingerprint("branch")))
    with tempfile.TemporaryDirectory() as folder:
        path, starts = counted(Path(folder), environ)
        watched = GitSource(root, path, changes=lambda: version[0])
        counts = []
        for changed in (1, 0, 0, 1):
            version[0] += changed
            before = starts()
            asyncio.run(watched.collect(ASK))
            watched.fingerprint("changes")
            counts.append(starts() - before)
    ratio = statistics.median(ours) / statistics.median(plain)
    values = {"our reading": statistics.median(ours), "plain git status": statistics.median(plain)}
    tell(f"git state of {root.name}", values, "ms", bar="<= 1.25x plain", met=ratio <= 1.25, note=f"{ratio:.2f}x")
    tell("git state, nothing changed", {"ours": statistics.median(same)}, "ms")
    processes = dict(zip(("first", "unchanged", "unchanged again", "after a change"), counts, strict=True))
    tell("git processes", processes, "", bar="1, 0, 0, 1", met=counts == [1, 0, 0, 1])


def main() -> None:
    """Read the command line and print a row for each repository."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("roots", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for root in options.roots or [synthetic(Path(folder).resolve() / "synthetic")]:
            measure(root.resolve(), options.rounds)


if __name__ == "__main__":
    sys.exit(main())
