"""What a kept answer costs: whole `ask()` in a real kernel, and its showing in the notebook. The bare lookups
stand in `cache_lookups.py`.

    python tests/bench/cache_hits.py [--hits 250] [--lives 2]

The kernel stands in a git repository of 2,000 files with 300 variables (frames, arrays, functions, containers, scalars),
the watcher on. A scripted server gives an answer of 2,000 tokens at 200 a second, once for each time it is asked live;
then it comes from memory, and in new kernels from the disk. Between the hits other cells run. "Gathered" counts the
calls of every source's `collect`. A cell is shown when the kernel has told the front end that it is idle again, which
it does after the answer; it says hello as our part in JupyterLab does.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

from answers import LAST, tokens
from figures import tell
from model_process import ModelProcess
from real_text import make_tree
from scripted_server import Reply
from wire import Trace, WireKernel

TOKENS, PACE = 2000, 0.005
BAR_MS = 5.0
READING = 6.0
"""Seconds before the first question, as a user takes them: the project is indexed meanwhile."""

QUESTION = "why does the sum of @frame turn negative, and what does @scale have to do with it?"

SMALL = 278

VARIABLES = f"""
import sys
sys.path.append({str(Path(__file__).parent)!r})
from snapshot import small
globals().update({{f"v{{place}}": small(place) for place in range({SMALL})}})
import numpy as np
import pandas as pd
frame = pd.DataFrame({{"orders": range(-50, 50), "region": ["north", "south"] * 50, "price": np.arange(100) / 7}})
def scale(table, by=2.0):
    "The table's numbers times a factor."
    return table.select_dtypes("number") * by
"""

LARGE = """
for place in range(10):
    globals()[f"events_{place}"] = pd.DataFrame(np.random.default_rng(place).random((20_000, 8)))
    globals()[f"image_{place}"] = np.random.default_rng(place).random((500, 500))
"""
"""Twenty that are large: a megabyte or two each, which only looking at it can vouch for."""

COUNT = """
import types
notes = types.ModuleType("notes")
notes.question = {question!r}
exec('''
import time
from askance import ask, facade
gathered, took, tiers = [], [], []
def once():
    started = time.perf_counter()
    answer = ask(question)
    took.append(1000 * (time.perf_counter() - started))
    tiers.append(answer.cached)
def counted(source, collect):
    def collecting(ask):
        gathered.append(source.name)
        return collect(ask)
    return collecting
for source in facade.current().engine._sources.values():
    source.collect = counted(source, source.collect)
''', vars(notes))
"""
"""Notes in a module, which is no variable of the user's: what was gathered, what each `ask()` took and came from."""

WORK = ("frame.describe()", "total = sum(range(1000))", "other_{n} = {n}", "scale(frame).mean()", "note = 'cell {n}'")
"""What the user does between asks; nothing of it is what the answer saw."""


class NotebookKernel(WireKernel):
    """Each text of a cell is a cell of its own."""

    def run(self, code: str, cell: str = "") -> Trace:
        """Run it to its end."""
        return super().run(code, cell or f"{zlib.crc32(code.encode()):08x}")


class Bench:
    """A project, a server, and kernels one after the other."""

    def __init__(self, home: Path, server: ModelProcess) -> None:
        self._home = home
        self.project = home / "project"
        self.server = server
        self.environ = {
            "ASKANCE_CACHE_DIR": str(home / "cache"),
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_API_KEY": "no-key",
            "ASKANCE_MODEL": "openai:scripted",
            "ASKANCE_CACHE_SECONDS": "inf",
        }

    def kernel(self) -> NotebookKernel:
        """A new one; to be entered."""
        return NotebookKernel(sys.executable, self.project, self.environ)

    def ready(self, kernel: NotebookKernel, *, large: bool = True) -> None:
        """The extension, the variables, the index, and a source's every call counted."""
        kernel.run("%load_ext askance")
        kernel.hello()
        said = kernel.run(VARIABLES).printed()
        said += kernel.run(LARGE if large else "globals().update({f'w{n}': small(n) for n in range(20)})").printed()
        time.sleep(READING)
        said += kernel.run(COUNT.format(question=QUESTION)).printed()
        if said:
            raise RuntimeError(said)

    def shown(self, kernel: NotebookKernel, *flags: str) -> float:
        """Milliseconds from sending the cell that asks to its end, the whole answer shown."""
        kernel.run("pass")  # a kernel that has rested is slow at any cell
        trace = kernel.run(f"%%ask {' '.join(flags)}\n{QUESTION}")
        trace.first(LAST)
        return 1000 * (trace.idle - trace.sent)


def value(kernel: NotebookKernel, expression: str) -> Any:
    """What an expression is in the kernel."""
    return json.loads(kernel.run(f"import json\nprint(json.dumps({expression}))").printed())


def make_project(root: Path) -> None:
    """2,000 files of real text, committed."""
    make_tree(root / "src")  # not beside the kernel's folder: its modules are not to be imported
    identity = {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All of it"]):
        subprocess.run(["git", *command], cwd=root, env={**os.environ, **identity}, check=True)


def late(times: list[float], share: float = 0.95) -> float:
    """What so many of them do not exceed."""
    return sorted(times)[max(0, -(-int(share * 1000) * len(times) // 1000) - 1)]


def hits(bench: Bench, count: int, lives: int) -> None:
    """Live, then from memory, then from the disk in new kernels."""
    with bench.kernel() as kernel:
        bench.ready(kernel)
        live = [bench.shown(kernel, "--fresh") for _ in range(lives)]
        bench.server.sent()  # what was noted until now
        kernel.run("notes.gathered.clear()")
        again = [bench.shown(kernel) for _ in range(20)]
        whole = many(bench, kernel, count)
    disk_shown, disk_whole, disk_gathered = [], [], []
    for _ in range(5):
        with bench.kernel() as kernel:
            bench.ready(kernel)
            disk_shown.append(bench.shown(kernel))
            disk_gathered += value(kernel, "notes.gathered")
            if value(kernel, "notes.facade.current().last.cached") != "disk":
                raise RuntimeError("the disk did not have it")
        with bench.kernel() as kernel:
            bench.ready(kernel)
            kernel.run("pass")  # as before the first ask, which was told of this cell
            kernel.run("notes.once()")
            disk_whole += value(kernel, "notes.took")
    later = len(bench.server.sent())
    note = f"{TOKENS:,} tokens; live at 200 a second: {statistics.median(live):,.0f} ms ({lives} asks)"
    for name, times in (("memory", again), ("disk, a new kernel", disk_shown)):
        ratio = statistics.median(live) / statistics.median(times)
        what = f"shown whole from {name}, times faster than live"
        tell(
            what,
            {"askance": ratio},
            "x",
            bar=">= 50x",
            met=ratio >= 50,
            note=f"{statistics.median(times):.1f} ms; {note}",
        )
    with bench.kernel() as kernel:
        bench.ready(kernel, large=False)
        bench.shown(kernel)
        kernel.run("notes.gathered.clear()")
        told("300 variables of up to 10 KB", many(bench, kernel, count))
    told("300 variables, 20 of them of 1 to 2 MB", whole)
    said = f"the first ask of {len(disk_whole)} new kernels"
    tell("whole ask(), from disk, median", {"askance": statistics.median(disk_whole)}, "ms", note=said)
    tell("requests while answers came from the cache", {"askance": later}, "", bar="0", met=later == 0)
    tell(
        "sources gathered by hits",
        {"askance": len(disk_gathered)},
        "",
        bar="0",
        met=not disk_gathered,
        note="disk; memory: checked",
    )


def told(what: str, times: list[float]) -> None:
    """Tell what whole asks took."""
    note = f"2,000 files; median {statistics.median(times):.2f} ms, {len(times)} hits"
    value = late(times)
    tell(
        f"whole ask() from memory, {what}, 95 of 100",
        {"askance": value},
        "ms",
        bar="<= 5 ms",
        met=value <= BAR_MS,
        note=note,
    )


def many(bench: Bench, kernel: NotebookKernel, count: int) -> list[float]:
    """So many hits, other cells and now and then a changed file between them."""
    unread = next((bench.project / "src").glob("*.py"))
    for number in range(count):
        kernel.run(WORK[number % len(WORK)].format(n=number))
        if number % 10 == 0:
            unread.write_text(unread.read_text("utf-8", "replace") + f"\n# {number}\n", "utf-8")
        kernel.run("notes.once()")
    wrong = value(kernel, "notes.gathered") + [tier for tier in value(kernel, "notes.tiers") if tier != "memory"]
    if wrong:
        raise RuntimeError(f"not all were hits: {wrong[:5]}, {kernel.run('%askcache why').printed()}")
    return value(kernel, "notes.took")


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hits", type=int, default=250)
    parser.add_argument("--lives", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        home = Path(place).resolve()
        make_project(home / "project")
        with ModelProcess(Reply(tokens(TOKENS), every=PACE)) as server:
            hits(Bench(home, server), given.hits, given.lives)


if __name__ == "__main__":
    main()
