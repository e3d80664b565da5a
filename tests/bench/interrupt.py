"""Two hundred kernel interrupts at random moments of an ask: how fast each takes, and what is left behind.

    python tests/bench/interrupt.py [--count 200] [--seed 4]

A real kernel asks a scripted model that talks for a minute. A quarter of the interrupts strike before the question is
sent, a quarter before the first word, in the middle, and at the end. "Left behind" counts what should not be there
afterwards: kernels that run no code, streams that somebody still reads, threads that were not there before.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from figures import tell
from kernel.interrupting import SHORT, interrupt
from kernel.live import Kernel
from scripted_server import ScriptedServer


def main() -> None:
    """Interrupt, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, ScriptedServer([SHORT]) as server:
        environ = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "no-key", "ASKANCE_MODEL": "openai:scripted"}
        with Kernel(Path(home), **environ) as kernel:
            kernel.run("%load_ext askance")
            tally = interrupt(kernel, server, options.count, options.seed)
    how = ", ".join(f"{name} {number}" for name, number in tally.ended.most_common())
    left = {"kernels": tally.dead, "streams": tally.open, "threads": len(tally.leaked)}
    tell(f"left behind by {options.count} interrupts", left, "", bar="0", met=not any(left.values()), note=how)
    times = sorted(1000 * seconds for seconds in tally.seconds)
    figures = {"median": statistics.median(times), "95 of 100": times[int(len(times) * 0.95)], "worst": times[-1]}
    tell("from the interrupt to the cell's end", figures, "ms")


if __name__ == "__main__":
    main()
