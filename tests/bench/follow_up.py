"""How much of a follow-up's input the provider's prefix cache knows already.

    python tests/bench/follow_up.py [--rounds 3] [--model-file PATH]

Each round is a conversation of six questions in a real kernel, between which the user works on: a column is added, a
new variable comes, a cell is run again. Asked twice: in one thread, as askance does it, and each question in a thread of
its own, which is what sending the whole context every time comes to.

"local" is the embedded model: llama.cpp's own count of the tokens it had read before. "anthropic" is our scripted
server: from the bytes that it received, what Anthropic's documented rule makes of them: a request is read from the cache
up to the longest prefix that an earlier request marked with `cache_control`, if that has 1,024 tokens or more. It is
asked in a project (askance's own modules), and in a folder without one, where the first requests are below that size.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from figures import tell
from kernels import Kernel

sys.path.append(str(Path(__file__).parents[1]))
from scripted_server import Reply, ScriptedServer

import askance
from askance.tokens import estimate

SETUP = """
import pandas as pd
regions = ["north", "south", "east", "west"]
sales = pd.DataFrame({"region": regions * 6, "units": range(24), "price": [9.5, 2.25, 6.0, 4.75] * 6})
rents = pd.DataFrame({"street": ["birch", "cedar", "maple"], "rooms": [5, 35, 89], "month": [7.5, 9.25, 3.0]})
def revenue(frame):
    "Units times price."
    return (frame["units"] * frame["price"]).sum()
target = 1200
limits = {"north": 10, "south": 20, "east": 30, "west": 40}
"""
TALK = (
    ("pass", "Which region of @sales sold the most units?"),
    ("pass", "And the least?"),
    ('sales["margin"] = 0.2', "What does the new column of sales say?"),
    ("costs = {'rent': 300, 'wages': 700}", "Is revenue above @costs?"),
    ("revenue(sales)", "Explain the function in one sentence."),
    ("target = 1500", "Is the target met now?"),
)
"""What the user does, and then asks."""

TALK_OF_CODE = (
    ("pass", "How does the packer in pack.py decide which items fit into the budget?"),
    ("pass", "And what happens to a step that is too large?"),
    ("with open('climb.py', 'a') as file: file.write('\\n\\nDONE = True\\n')", "What does a climb keep of an item?"),
    ("budgets = [1000, 2000, 4000, 8000]", "With which of @budgets would an item of 1,500 tokens be sent?"),
    ("pass", "Which function would I test first?"),
    ("ratio = 0.5", "Is the stride the same as @ratio?"),
)
"""The same in a project."""

LEAST = 1024
"""Tokens below which Anthropic caches no prefix (platform.claude.com, prompt caching)."""

READING = 3.0
"""Seconds before the first question, as a user takes them: the project is indexed meanwhile."""

NOT_COPIED = ("__pycache__", "static", "labextension", "weights")

ANSWER = "The east sold the most: 14 units more than the south. " * 6


class Counted(NamedTuple):
    """Tokens of one question's request, and those of them that the server knew."""

    input: int
    cached: int


def talk(environ: dict[str, str], *, one_thread: bool, project: bool = False) -> list[Counted]:
    """The conversation; what the provider counted for each question."""
    home = Path(tempfile.mkdtemp())
    counted = []
    try:
        if project:
            shutil.copytree(Path(askance.__file__).parent, home / "project", ignore=shutil.ignore_patterns(*NOT_COPIED))
        with Kernel(home, environ) as kernel:
            kernel.run("import os\nos.chdir('project')" if project else "pass")
            kernel.run("%load_ext askance")
            kernel.run(SETUP)
            time.sleep(READING)
            for number, (work, question) in enumerate(TALK_OF_CODE if project else TALK):
                kernel.run(work)
                thread = "talk" if one_thread else f"alone{number}"
                kernel.run(f"%%ask --fresh --view markdown -t {thread}\n{question}")
                said = kernel.printed("print(_ask.usage.input, _ask.usage.cached)")
                counted.append(Counted(*map(int, said.split())))
        return counted
    finally:
        for state in (home / "cache" / "local").glob("*.json"):
            state.unlink()  # its server ends without it
        shutil.rmtree(home, ignore_errors=True)


def anthropic(*, one_thread: bool, project: bool) -> list[Any]:
    """The bodies of the conversation's requests, as a server of Anthropic's protocol received them."""
    with ScriptedServer([Reply([ANSWER])]) as server:
        key = {"ANTHROPIC_API_KEY": "none", "ANTHROPIC_BASE_URL": server.anthropic_url}
        talk({**key, "ASKANCE_MODEL": "anthropic:scripted-model"}, one_thread=one_thread, project=project)
        return [request.json for request in server.asked]


def parts(body: Any) -> list[tuple[str, bool]]:
    """A request's blocks in order, each as exact text, and whether it is marked as a prefix's end."""
    found = [(f"system {block['text']}", "cache_control" in block) for block in body["system"]]
    for message in body["messages"]:
        content = message["content"]
        for block in [{"text": content}] if isinstance(content, str) else content:
            found.append((f"{message['role']} {block['text']}", "cache_control" in block))
    return found


def read_from_cache(bodies: list[Any], least: int = LEAST) -> list[Counted]:
    """What each request reads from the cache, by the documented rule."""
    kept: set[str] = set()
    counted = []
    for body in bodies:
        blocks = parts(body)
        prefixes = [json.dumps([text for text, _ in blocks[: end + 1]]) for end in range(len(blocks))]
        sizes = [sum(estimate(text) for text, _ in blocks[: end + 1]) for end in range(len(blocks))]
        known = [size for prefix, size in zip(prefixes, sizes, strict=True) if prefix in kept and size >= least]
        counted.append(Counted(sizes[-1], max(known, default=0)))
        kept |= {prefix for prefix, (_, marked) in zip(prefixes, blocks, strict=True) if marked}
    return counted


def share(conversations: list[list[Counted]]) -> float:
    """Part of the follow-ups' input that was read from the cache."""
    follow_ups = [one for conversation in conversations for one in conversation[1:]]
    return sum(one.cached for one in follow_ups) / max(1, sum(one.input for one in follow_ups))


def told(conversations: list[list[Counted]]) -> str:
    """Every question's tokens, and those read from the cache, of the first conversation."""
    return "tokens/known of each question: " + ", ".join(f"{one.input}/{one.cached}" for one in conversations[0])


def main() -> None:
    """Talk and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model-file", type=Path, help="the GGUF file, if it is not installed for this user")
    given = parser.parse_args()
    local = {"ASKANCE_MODEL": "local"}
    if given.model_file:
        local["ASKANCE_LOCAL_MODEL"] = str(given.model_file)
    else:
        local["ASKANCE_LOCAL_MODEL"] = str(next((Path.home() / ".cache" / "askance" / "models").glob("*.gguf")))
    ours = [talk(local, one_thread=True) for _ in range(given.rounds)]
    whole = [talk(local, one_thread=False) for _ in range(given.rounds)]
    shares = {"askance": share(ours), "whole context each time": share(whole)}
    bar = ">= 0.8"
    tell("local: follow-ups read from cache", shares, "", bar=bar, met=shares["askance"] >= 0.8, note=told(ours))
    fresh = {
        name: sum(one.input - one.cached for talked in rounds for one in talked[1:]) / given.rounds
        for name, rounds in (("askance", ours), ("whole context each time", whole))
    }
    tell("local: tokens that five follow-ups read anew", fresh, "tokens")
    for project, name in ((True, "in a project"), (False, "without a project")):
        ways = {"askance": True, "whole context each time": False}
        counted = {who: [read_from_cache(anthropic(one_thread=one, project=project))] for who, one in ways.items()}
        shares = {who: share(one) for who, one in counted.items()}
        promise: dict[str, Any] = {"bar": bar, "met": shares["askance"] >= 0.8} if project else {}
        tell(f"anthropic, {name}: follow-ups read from cache", shares, "", note=told(counted["askance"]), **promise)


if __name__ == "__main__":
    main()
