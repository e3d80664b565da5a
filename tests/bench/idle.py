"""What watching costs while nothing happens, beside watchdog as it comes.

    python tests/bench/idle.py [--seconds 30] [--directories 12000] [--excluded 3000]

One tree for all: wanted directories with a Python file in every sixth, and a virtual environment. Each contender runs in
a process of its own, one after the other. Prints the CPU time used per second of waiting, and the memory that came with
watching. Before each idle time one file is changed, and it is said who noticed nothing of that.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from figures import tell

CONTENDERS = ("askance's index", "askance's watcher", "watchdog, filtered", "watchdog")
SETTLING = 3.0


def make_tree(root: Path, directories: int, excluded: int) -> None:
    """Directories in three levels, 20 to a folder."""
    for number in range(directories):
        folder = root / f"p{number // 400}" / f"q{number // 20 % 20}" / f"r{number % 20}"
        folder.mkdir(parents=True, exist_ok=True)
        if number % 6 == 0:
            (folder / "module.py").write_text(f"def function_{number}():\n    return {number}\n")
    for number in range(excluded):
        (root / ".venv" / f"s{number // 50}" / f"t{number % 50}").mkdir(parents=True, exist_ok=True)
    (root / ".venv" / "pyvenv.cfg").write_text("")


def watch(contender: str, root: Path, note: Callable[[str], None]) -> Callable[[], None]:
    """Begin to watch; gives what ends it."""
    if contender == "askance's index":
        from askance.index.project import Project

        project = Project(root)
        project.refresh()
        return lambda: (note("") if project.search(["changed"], 1) else None, project.close())
    if contender == "askance's watcher":
        from askance.index.watcher import Watcher

        watcher = Watcher(root, lambda directory: directory != ".venv", note)
        assert watcher.start(), watcher.trouble
        return watcher.stop
    from watchdog import events
    from watchdog.observers import Observer

    class Handler(events.FileSystemEventHandler):
        def on_any_event(self, event: events.FileSystemEvent) -> None:
            note(str(event.src_path))

    kinds = [events.FileCreatedEvent, events.FileModifiedEvent, events.FileDeletedEvent, events.FileMovedEvent]
    observer = Observer()
    filtered = {"event_filter": kinds} if "filtered" in contender else {}
    observer.schedule(Handler(), str(root), recursive=True, **filtered)
    observer.start()
    return observer.stop


def measure(contender: str, root: Path, seconds: float) -> dict[str, float]:
    """Run one contender in this process."""
    noted: list[str] = []
    before = memory()
    started = time.perf_counter()
    stop = watch(contender, root, noted.append)
    start_time = time.perf_counter() - started
    (root / "p0" / "changed.py").write_text("changed = 1\n")
    time.sleep(SETTLING)
    grown = memory() - before
    cpu, begin = time.process_time(), time.perf_counter()
    time.sleep(seconds)
    used = (time.process_time() - cpu) / (time.perf_counter() - begin)
    stop()
    return {"cpu": used * 100, "memory": grown, "start": start_time * 1000, "noticed": bool(noted)}


def memory() -> float:
    """Resident memory of this process in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def main() -> None:
    """Run the contenders and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--directories", type=int, default=12_000)
    parser.add_argument("--excluded", type=int, default=3_000)
    parser.add_argument("--only", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(measure(options.only, options.root, options.seconds)))
        return
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        make_tree(root, options.directories, options.excluded)
        for contender in CONTENDERS:
            command = [
                sys.executable,
                __file__,
                "--only",
                contender,
                "--root",
                folder,
                "--seconds",
                str(options.seconds),
            ]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            found[contender] = json.loads(done.stdout)
    cpu, grown, start = ({name: row[key] for name, row in found.items()} for key in ("cpu", "memory", "start"))
    deaf = [name for name, row in found.items() if not row["noticed"]]
    size = f"{options.directories:,} directories and {options.excluded:,} in .venv, {options.seconds:g} s"
    ours = CONTENDERS[:2]
    tell(
        "idle CPU",
        cpu,
        "% of a core",
        bar="<= 0.1 %",
        met=all(cpu[name] <= 0.1 for name in ours) and not {*ours} & {*deaf},
        note=f"{size}; noticed no change: {', '.join(deaf) or 'none'}",
    )
    tell(
        "memory",
        grown,
        "MB",
        bar="<= +30 MB",
        met=all(grown[name] <= 30 for name in ours),
        note="resident, with what is imported",
    )
    tell("start", start, "ms", note="the index reads 2,000 files meanwhile")


if __name__ == "__main__":
    main()
