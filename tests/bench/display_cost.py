"""What it costs a kernel to show an answer: ours beside `display_handle.update(Markdown)` at every token.

    python tests/bench/display_cost.py [--rounds 5]

In a real kernel, no model and no network: the same 2,000 tokens are given to both as a list. Ours is everything after
the provider: grouping, the queue to the cell's thread, the runner, the widget's messages, the final output. Theirs is
the loop one writes by hand: `text += token; handle.update(Markdown(text))`. Counted is the process's CPU, all threads,
so sending is in it. Three ways of feeding them:

- at full speed, as fast as they take tokens;
- the messages of 200 tokens a second, sent one after the other: what the messages themselves cost;
- at 200 tokens a second, where threads sleep between tokens and are woken; what the waiting alone takes is measured the
  same way and taken off. Ten pieces a second of 20 tokens each bound the ratio to 20 here, whatever a piece costs.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from answers import FIRST, tokens
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

def pieces():
    view, said = make("widget", get_ipython(), runner.stop, miss=lambda: None), Said(0.0)
    view.begin(ASK, ASK.id)
    for piece in PIECES:
        view.text(piece)
    view.end(Answer(question="", text="".join(TOKENS), model="m", id=ASK.id))

def gather(every):
    global PIECES
    async def all_of_them():
        return [piece async for piece in coalesce(paced(every))]
    PIECES = Said.loop.run(all_of_them())

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

        def cost(call: str) -> float:
            trace = kernel.run(call)
            assert call.startswith(("waiting", "sleeping")) or trace.first(FIRST)
            return 1000 * kernel.cpu()

        kernel.run("gather(0.005)")
        for call in ("ours(0.0)", "pieces()", "theirs(0.0)"):
            kernel.run(call)  # what is done once is not counted
        theirs = statistics.median(cost("theirs(0.0)") for _ in range(rounds))
        _tell("at full speed", statistics.median(cost("ours(0.0)") for _ in range(rounds)), theirs)
        _tell("the messages of 200 tokens a second", statistics.median(cost("pieces()") for _ in range(rounds)), theirs)
        slow = [
            [cost(f"{f}(0.005)") for f in ("ours", "waiting", "theirs", "sleeping")] for _ in range(rounds // 2 or 1)
        ]
        own = statistics.median(shown - waited for shown, waited, _, _ in slow)
        _tell("at 200 tokens a second, with all waking", own, statistics.median(row[2] - row[3] for row in slow))


def _tell(what: str, own: float, other: float) -> None:
    share = other / max(own, 0.01)
    values = {"askance": own, "update(Markdown)": other}
    note = f"2,000 tokens: {share:.0f} times less"
    tell(f"CPU of showing an answer, {what}", values, "ms", bar=">= 20 times less", met=share >= 20, note=note)


if __name__ == "__main__":
    main()
