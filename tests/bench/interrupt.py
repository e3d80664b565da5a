"""How long a running ask goes on after a kernel interrupt, in a real kernel against a slow scripted model.

    python tests/bench/interrupt.py [--rounds 20]

Each ask is interrupted when some of its answer is on screen. Prints the time from the interrupt to the cell's end,
whether the server saw the socket close, and whether the text that had come was kept.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from kernels import Kernel
from scripted_server import Reply, ScriptedServer

SLOW = Reply(["Some words. ", *[step for _ in range(600) for step in ("more ", 0.05)]])


def once(kernel: Kernel, number: int) -> float:
    """Milliseconds from the interrupt to the end of the cell."""
    pressed: list[float] = []

    def press(message: dict) -> None:
        if not pressed and "Some words." in str(message["content"]):
            pressed.append(time.perf_counter())
            kernel.interrupt()

    kernel.run(f"%ask --fresh -t thread{number} --view markdown go on", press)
    return (time.perf_counter() - pressed[0]) * 1000


def main() -> None:
    """Run the rounds and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, ScriptedServer([SLOW]) as server:
        environ = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "no-key", "ASKANCE_MODEL": "openai:scripted"}
        with Kernel(Path(folder), environ) as kernel:
            kernel.run("%load_ext askance")
            times, kept = [], 0
            for number in range(rounds):
                times.append(once(kernel, number))
                kept += kernel.printed("print(_ask.ended, _ask.text[:11])").strip() == "stopped Some words."
        closed = sum(request.closed_early.wait(5) for request in server.asked)
    print(
        f"interrupt to the cell's end: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms of {rounds}"
    )
    print(f"sockets closed: {closed} of {rounds}; partial text kept, next cell fine: {kept} of {rounds}")


if __name__ == "__main__":
    main()
