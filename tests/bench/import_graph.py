"""Who imports whom in 2,000 files: the line scan beside parsing, and the graph that is made of it.

    python tests/bench/import_graph.py [--rounds 9]

Parsing (`ast.parse` and a walk) is the truth; recall and precision of the scan count each module and each imported name.
Times are CPU time: the parse once, medians of the rest.
"""

from __future__ import annotations

import argparse
import ast
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from exact_imports import exact_modules
from figures import tell
from real_text import make_tree

from askance.index.graph import Graph
from askance.index.imports import modules_in


def milliseconds(work: Callable[[], object]) -> float:
    """CPU time of one call: other programs on the machine do not count."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def parts(modules: Iterable[str]) -> set[tuple[str, str]]:
    """Each module, and each name with its module."""
    pairs = [module.partition(":")[::2] for module in modules]
    return {(source, name) for source, names in pairs for name in ("", *names.split(","))}


def recall(texts: dict[str, str]) -> tuple[float, float]:
    """Share of what parsing finds that the scan finds too, and the reverse; files that do not parse are left out."""
    both = exact = scanned = 0
    for path, text in texts.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(text)
        except (SyntaxError, ValueError):
            continue
        known, found = parts(exact_modules(text)), parts(modules_in(path, text))
        both, exact, scanned = both + len(known & found), exact + len(known), scanned + len(found)
    return both / exact, both / scanned


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        files, size = make_tree(root)
        texts = {
            path.relative_to(root).as_posix(): path.read_text("utf-8", "replace") for path in sorted(root.rglob("*.py"))
        }
    note = f"{files:,} files, {size / 1e6:.0f} MB"

    def median(work: Callable[[], object]) -> float:
        return statistics.median(milliseconds(work) for _ in range(rounds))

    scan = median(lambda: [modules_in(path, text) for path, text in texts.items()])
    parse = milliseconds(lambda: [exact_modules(text) for text in texts.values()])
    tell("imports of all files", {"line scan": scan, "ast": parse}, "ms", note=note)
    tell("line scan, times faster than ast", {"ratio": parse / scan}, "", bar=">= 20", met=parse / scan >= 20)
    found, right = recall(texts)
    tell("recall of the line scan against ast", {"recall": found}, "", bar=">= 0.995", met=found >= 0.995)
    tell("precision of the line scan against ast", {"precision": right}, "")

    imports = {path: modules_in(path, text) for path, text in texts.items()}
    hub = max(imports, key=lambda path: len(imports[path]))
    build = median(lambda: Graph(imports).imported_by(hub))
    tell("graph with all edges, both ways", {"ours": build}, "ms", bar="<= 30 ms", met=build <= 30, note=note)
    graph = Graph(imports)
    graph.imported_by(hub)
    other = next(path for path in imports if path != hub)
    changed = median(lambda: (graph.replace(other, imports[hub]), graph.replace(other, imports[other])))
    tell("two changed files in the graph", {"ours": changed}, "ms")
    near = median(lambda: graph.neighbours([hub]))
    tell("neighbours to depth 2", {"ours": near}, "ms", note=f"{len(graph.neighbours([hub])):,} of them")


if __name__ == "__main__":
    main()
