"""Interrupts asks at random moments in a real kernel, and counts what is left of them.

Enters: a kernel with askance loaded, a scripted server that it asks. Leaves: a `Tally`.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from queue import Empty

from kernel.live import Kernel, Outcome, text_seen, wait_for
from scripted_server import Reply, ScriptedServer

SHORT = Reply(["Some words. ", *["more "] * 15], every=0.02, silent=0.15)
LONG = Reply(["Some words. ", *["more "] * 3000], every=0.02, silent=0.15)
"""Goes on for a minute: whoever still reads it then was forgotten."""

MOMENTS = ("before it is sent", "before the first word", "in the middle", "at the end")
THREADS = "import json, threading\nprint(json.dumps(sorted(thread.name for thread in threading.enumerate())))"


@dataclass
class Tally:
    """What interrupts led to.

    Attributes:
        ended: how the cells ended: "answered", or an error's name.
        seconds: from each interrupt to the end of its cell.
        dead: kernels that no longer run code.
        open: streams that the server still sends, though nobody asks any more.
        leaked: threads that there were not before.
    """

    ended: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    dead: int = 0
    open: int = 0
    leaked: list[str] = field(default_factory=list)


def interrupt(running: Kernel, server: ScriptedServer, count: int, seed: int = 4) -> Tally:
    """Ask `count` times and interrupt each ask; a quarter of them around each of the `MOMENTS`."""
    chance, tally = random.Random(seed), Tally()
    server.say(SHORT)
    for view in ("markdown", "widget"):
        running.run(f"%ask --fresh --view {view} hello")  # what a first ask starts stays: its loop, its connections
    before = _threads(running)
    for number in range(count):
        view = chance.choice(("markdown", "widget"))
        _round(running, server, f"%ask --fresh -t {number} --view {view} go on", MOMENTS[number % 4], chance, tally)
    tally.dead = int(running.run("6 * 7").result != "42")
    wait_for(lambda: not server.open, 10)
    tally.open = server.open
    wait_for(lambda: not _more(_threads(running), before), 10)  # helpers end in their own time
    tally.leaked = _more(_threads(running), before)
    return tally


def _round(
    running: Kernel, server: ScriptedServer, code: str, moment: str, chance: random.Random, tally: Tally
) -> None:
    server.say(SHORT if moment == "at the end" else LONG)
    asked = len(server.asked)
    begun, seen = running.start(code), Outcome()
    running.until(seen, lambda message: message["msg_type"] == "execute_input")  # before, a kernel ignores interrupts
    if moment != "before it is sent":
        assert wait_for(lambda: len(server.asked) > asked)
    if moment == "in the middle":
        running.until(seen, text_seen)
    if moment == "at the end":
        assert wait_for(server.asked[-1].answered.is_set)
    time.sleep(chance.uniform(0.0, {"before it is sent": 0.03, "at the end": 0.02}.get(moment, 0.12)))
    pressed = time.monotonic()
    running.manager.interrupt_kernel()
    try:
        running.finish(begun, seen, patience=5)
    except Empty:  # it struck ipykernel itself, before the cell or after: that sends no reply, and goes on
        tally.ended["outside of the cell"] += 1
        return
    tally.seconds.append(time.monotonic() - pressed)
    errors = seen.contents("error")
    tally.ended[errors[0]["ename"] if errors else "answered"] += 1


def _threads(running: Kernel) -> list[str]:
    return json.loads(running.run(THREADS).printed)


def _more(now: list[str], before: list[str]) -> list[str]:
    return sorted((Counter(now) - Counter(before)).elements())
