"""What it costs a kernel to show an answer: ours beside `display_handle.update(Markdown)` at every token.

    python tests/bench/display_cost.py [--rounds 5]

In a real kernel, no model and no network: the same 2,000 tokens are given to both as a list. Ours is everything after
the provider: grouping, the queue to the cell's thread, the runner, the widget's messages, the final output. Theirs is
the loop one writes by hand: `text += token; handle.update(Markdown(text))`. Counted is the process's CPU, all threads,
so sending is in it. At 200 tokens a second both wait between tokens, and what the waiting alone takes is measured the
same way and taken off.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from answers import tokens
from figures import tell
from wire import CPU, WireKernel

SETUP = """
%load_ext askance
import asyncio, time
from IPython.display import Markdown, display
from askance.chunks import coalesce
from askance.kernel.runner import Runner
from askance.kernel.view.choose import make
from askance.loop import LoopThread
from askance.records import Answer, TextDelta
from askance.testing import session_for_tests

ASK = session_for_tests("x").make_ask("why?")
runner = Runner()

async def paced(every):
    due = time.monotonic()
    for token in TOKENS:
        if every:
            due += every
            await asyncio.sleep(due - time.monotonic())
        yield token

class Said:
    loop = LoopThread()
    def __init__(self, every):
        self.every = every
    async def answer(self, ask, emit):
        async for piece in coalesce(paced(self.every)):
            emit(TextDelta(piece))
        return Answer(question=ask.question, text="".join(TOKENS), model="m", id=ask.id)

def ours(every):
    view = make("widget", get_ipython(), runner.stop, miss=lambda: None)  # as in JupyterLab, which has the module
    runner.run(Said(every), ASK, [view])

def waiting(every):
    async def drain():
        async for _ in paced(every):
            pass
    Said.loop.run(drain())

def theirs(every):
    due, text, handle = time.monotonic(), "", display(Markdown(""), display_id=True)
    for token in TOKENS:
        if every:
            due += every
            time.sleep(max(0.0, due - time.monotonic()))
        text += token
        handle.update(Markdown(text))

def sleeping(every):
    due = time.monotonic()
    for token in TOKENS:
        if every:
            due += every
            time.sleep(max(0.0, due - time.monotonic()))
"""


def main() -> None:
    """Show, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        WireKernel(sys.executable, Path(home), {"ASKANCE_CACHE_DIR": f"{home}/cache"}) as kernel,
    ):
        kernel.run(CPU)
        print(kernel.run(f"TOKENS = {tokens(2000)!r}\n{SETUP}").printed(), end="")
        kernel.hello()

        def cost(function: str, every: float) -> float:
            trace = kernel.run(f"{function}({every})")
            assert function in ("waiting", "sleeping") or trace.first("Zebra")
            return 1000 * kernel.cpu()

        for name in ("ours", "theirs", "waiting", "sleeping"):
            kernel.run(f"{name}(0.0)")  # what is done once is not counted
        for what, every, count in (
            ("at full speed", 0.0, rounds),
            ("at 200 tokens a second", 0.005, max(1, rounds // 2)),
        ):
            taken = [
                (cost("ours", every), cost("waiting", every), cost("theirs", every), cost("sleeping", every))
                for _ in range(count)
            ]
            own = statistics.median(shown - waited for shown, waited, _, _ in taken)
            other = statistics.median(shown - waited for _, _, shown, waited in taken)
            values = {"askance": own, "update(Markdown)": other}
            share = other / max(own, 0.01)
            bar, note = ">= 20 times less", f"2,000 tokens, medians of {count}: {share:.0f} times less"
            tell(f"CPU of showing an answer, {what}", values, "ms", bar=bar, met=share >= 20, note=note)


if __name__ == "__main__":
    main()
