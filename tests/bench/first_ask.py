"""Time to the first text of the first ask beside the second's, each in a fresh real kernel.

    python tests/bench/first_ask.py [--rounds 5] [--only NAME] [--view widget] [--cold]

Each round: `%load_ext askance`, a cell that makes two small frames of one shape, a pause, then two questions of one
size in threads of their own. "seen" is when the first piece of the answer is on iopub, counted from sending the cell;
"said" is `Answer.timing.first_text`. `--cold` sets warm off, for comparison.

The scripted server waits as long as it is told, so its rows show our own share alone. The embedded model re-uses what
it has read before, and a second ask would profit from that: in the rows "local: one frame" each ask carries only the
frame it names, so that no more than the system prompt and the first mark are shared; "local: whole context" shows what
a user sees, where the second ask also re-uses most of the first's context.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from kernels import Kernel

sys.path.append(str(Path(__file__).parents[1]))
from scripted_server import Reply, ScriptedServer

PAUSE = 2.5
FRAMES = """
import pandas as pd
sales = pd.DataFrame({"region": ["north", "south", "east"], "units": [3, 14, 15], "price": [9.5, 2.25, 6.0]})
rents = pd.DataFrame({"street": ["birch", "cedar", "maple"], "rooms": [5, 35, 89], "month": [7.5, 9.25, 3.0]})
"""
QUESTIONS = (
    "Which region of @sales sold the most units, and at what price?",
    "Which street of @rents shows the most rooms, and in what month would that have been?",
)


class Way(NamedTuple):
    """A server to ask, the kernel's environment for it, and more flags of the asks."""

    environ: Mapping[str, str]
    flags: str = ""


def ask(kernel: Kernel, question: str, thread: str, flags: str) -> tuple[float, ...]:
    """Milliseconds to the first text as seen and as said by the answer; tokens sent, and those the server knew."""
    kernel.run("pass")  # a kernel that has rested is slow at any cell
    _, messages = kernel.run(f"%%ask --fresh -t {thread} {flags}\n{question}")
    seen = next(seconds for seconds, message in messages if shows_text(message))
    said = kernel.printed("print(_ask.timing.first_text, _ask.usage.input, _ask.usage.cached)")
    first_text, tokens, cached = map(float, said.split())
    return seen * 1000, first_text * 1000, tokens, cached


def shows_text(message: dict) -> bool:
    """Whether a message shows a piece of an answer."""
    content = message["content"]
    if message["msg_type"] == "error":
        raise SystemExit("\n".join(content["traceback"]))
    delta = message["msg_type"] == "comm_msg" and content["data"].get("content", {}).get("type") == "delta"
    return delta or (message["msg_type"] == "display_data" and "text/markdown" in content["data"])


def measure(way: Way, home: Path) -> list[tuple[float, ...]]:
    """What `ask` gives, of the first and of the second."""
    with Kernel(home, way.environ) as kernel:
        kernel.run("%load_ext askance")
        kernel.run(FRAMES)
        time.sleep(PAUSE)
        return [ask(kernel, question, f"t{place}", way.flags) for place, question in enumerate(QUESTIONS)]


def scripted(delay: float) -> ScriptedServer:
    """A server that is silent for `delay` seconds and then answers."""
    return ScriptedServer([Reply([delay, "The most", " is here."])])


@contextmanager
def ways() -> Iterator[dict[str, Way]]:
    """What to ask, by name."""
    with scripted(0.3) as slow, scripted(0.0) as fast:
        found = {}
        for server, delay in ((slow, 300), (fast, 0)):
            key = {"OPENAI_API_KEY": "none", "OPENAI_BASE_URL": server.base_url}
            found[f"openai, {delay} ms"] = Way({**key, "ASKANCE_MODEL": "openai:scripted-model"})
            key = {"ANTHROPIC_API_KEY": "none", "ANTHROPIC_BASE_URL": server.anthropic_url}
            found[f"anthropic, {delay} ms"] = Way({**key, "ASKANCE_MODEL": "anthropic:scripted-model"})
        found["local: one frame"] = Way({"ASKANCE_MODEL": "local"}, "-c only")
        found["local: whole context"] = Way({"ASKANCE_MODEL": "local"})
        yield found


def report(name: str, rounds: list[list[tuple[float, ...]]]) -> str:
    """Medians of the first and the second, and their ratio, for both clocks; for a real model the tokens."""
    parts = []
    for place, clock in enumerate(("seen", "said")):
        first, second = (statistics.median(asks[which][place] for asks in rounds) for which in (0, 1))
        parts.append(f"{clock} {first:7.1f} / {second:7.1f} ms = {first / second:5.2f}")
    if name.startswith("local"):
        sizes = [[statistics.median(asks[which][place] for asks in rounds) for which in (0, 1)] for place in (2, 3)]
        parts.append("tokens {:.0f} / {:.0f}, known before {:.0f} / {:.0f}".format(*sizes[0], *sizes[1]))
    return f"{name:22} " + "    ".join(parts)


def main() -> None:
    """Run the rounds and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="the ways whose name begins so")
    parser.add_argument("--view", default="markdown")
    parser.add_argument("--cold", action="store_true", help="with warm off")
    parser.add_argument("--model-file", type=Path, help="the GGUF file, if it is not installed for this user")
    given = parser.parse_args()
    extra = {"ASKANCE_WARM": "false"} if given.cold else {}
    if given.model_file:
        extra["ASKANCE_LOCAL_MODEL"] = str(given.model_file)
    print(f"first / second ask, medians of {given.rounds}")
    with ways() as found:
        for name, way in found.items():
            if name.startswith(given.only):
                own = Way({**way.environ, **extra}, f"{way.flags} --view {given.view}")
                print(report(name, [in_new_home(own) for _ in range(given.rounds)]), flush=True)


def in_new_home(way: Way) -> list[tuple[float, ...]]:
    """`measure`, with a cache and so an embedded model's server of its own."""
    home = Path(tempfile.mkdtemp())
    try:
        return measure(way, home)
    finally:
        for state in (home / "cache" / "local").glob("*.json"):
            state.unlink()  # its server ends without it
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
