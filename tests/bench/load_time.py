"""What `%load_ext askance` costs in a real kernel, beside an empty cell and beside jupyter-ai-magics.

    python tests/bench/load_time.py [--rounds 15]

Each round starts a fresh kernel for each contender, so all see the same noise. Prints medians and the difference.
jupyter-ai-magics is timed where it is installed (pip install "jupyter-ai-magics<3"); askance never needs it.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import tempfile
from pathlib import Path

from kernels import Kernel

HEAVY = "openai anthropic ipywidgets anywidget pydantic httpx httpx2 watchdog diskcache markdown_it".split()


def measure(code: str, home: Path) -> tuple[float, float]:
    """Milliseconds of an empty cell and of `code`, in one fresh kernel."""
    with Kernel(home) as kernel:
        for _ in range(3):
            kernel.run("pass")
        empty = statistics.median(kernel.run("pass")[0] for _ in range(5))
        return empty * 1000, kernel.run(code)[0] * 1000


def main() -> None:
    """Run the rounds and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    contenders = {"askance": "%load_ext askance"}
    if importlib.util.find_spec("jupyter_ai_magics"):
        contenders["jupyter-ai-magics"] = "%load_ext jupyter_ai_magics"
    with tempfile.TemporaryDirectory() as folder:
        above: dict[str, list[float]] = {name: [] for name in contenders}
        for _ in range(rounds):
            for name, code in contenders.items():
                empty, loaded = measure(code, Path(folder))
                above[name].append(loaded - empty)
        for name, values in above.items():
            print(f"{name}: {statistics.median(values):.1f} ms above an empty cell (median of {rounds})")
        with Kernel(Path(folder)) as kernel:
            code = f"%load_ext askance\nimport sys; print([m for m in {HEAVY!r} if m in sys.modules])"
            print("heavy modules after loading:", kernel.printed(code).strip())
    if "jupyter-ai-magics" in above:
        print(f"ratio: 1/{statistics.median(above['jupyter-ai-magics']) / statistics.median(above['askance']):.0f}")


if __name__ == "__main__":
    main()
