"""An answer's way from the server to the screen, beside raw httpx, the plain SDK and other notebooks' assistants.

    python tests/bench/streaming.py [--rounds 20] [--peers FOLDER] [--quick]

Each contender has a real kernel, all ask the same scripted server, in turns, in one run. Kernel and bench share the
machine's monotonic clock with the server: "first text" is the moment a message with the answer's first word was on
iopub, less the moment the server wrote it. "Total" runs from sending the cell to its end. Bytes are those of all raw
ZMQ frames on iopub, the kernel's own status messages included. CPU is the kernel process's, all threads.
askance says hello as its part in JupyterLab does. Each contender's first ask, which imports, is not counted.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from answers import FIRST, LAST, prose, tokens
from figures import tell
from model_process import ModelProcess
from peers import Contender, others, own
from scripted_server import Reply
from wire import CPU, WireKernel

PACE = 0.005
PEER_ROUNDS = 3
FULL_SPEED_ROUNDS = 5


@dataclass
class Taken:
    """Figures of one contender, one of each per ask: milliseconds, bytes, and CPU in milliseconds."""

    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    total: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


class Bench:
    """The server, and a kernel for each contender."""

    def __init__(self, stack: ExitStack, home: Path, peers: Path | None) -> None:
        self._server = stack.enter_context(ModelProcess(Reply(tokens(20))))
        url = self._server.base_url
        self.contenders: list[Contender] = []
        self._kernels: dict[str, WireKernel] = {}
        self._asked = 0
        for contender in [*own(url), *(others(url, peers) if peers else [])]:
            place = home / str(len(self._kernels))
            environ = {**contender.environ, "ASKANCE_CACHE_DIR": str(place / "cache")}
            kernel = stack.enter_context(WireKernel(contender.python, place, environ))
            kernel.run(CPU)
            kernel.run(contender.setup)
            if contender.ours:
                kernel.hello()
            self._kernels[contender.name] = kernel
            try:
                self.ask(contender, Taken())
            except StopIteration:
                print(f"{contender.name} is left out: it showed no answer")
            else:
                self.contenders.append(contender)

    def rounds(self, pieces: Sequence[str], every: float, count: int, peers: int = 0) -> dict[str, Taken]:
        """Ask in turns: `count` times each, the peers `peers` times."""
        self._server.say(Reply(pieces, every=every))
        taken = {contender.name: Taken() for contender in self.contenders}
        for number in range(count):
            for contender in self.contenders:
                if contender in self.contenders[:4] or number < peers:
                    self.ask(contender, taken[contender.name])
        return {name: figures for name, figures in taken.items() if figures.total}

    def alone(self, name: str, pieces: Sequence[str], every: float) -> Taken:
        """Let one contender ask once."""
        self._server.say(Reply(pieces, every=every))
        taken = Taken()
        self.ask(next(one for one in self.contenders if one.name == name), taken)
        return taken

    def ask(self, contender: Contender, taken: Taken) -> None:
        """Ask once and take the figures."""
        kernel = self._kernels[contender.name]
        self._asked += 1
        kernel.run("pass")  # a kernel that has rested is slow at any cell
        trace = kernel.run(contender.ask.replace("{n}", str(self._asked)))
        first, last = trace.first(FIRST), trace.first(LAST)
        sent = self._server.sent()[-1]
        taken.first.append(1000 * (first - sent.first))
        taken.last.append(1000 * (last - trace.sent))
        taken.total.append(1000 * (trace.idle - trace.sent))
        taken.bytes.append(trace.bytes)
        taken.cpu.append(1000 * kernel.cpu())


def paced(bench: Bench, rounds: int) -> None:
    """600 tokens, 200 of them a second: the first text, and the end."""
    taken = bench.rounds(tokens(600), PACE, rounds, PEER_ROUNDS)
    note = f"600 tokens at 200 a second, {rounds} asks, peers {PEER_ROUNDS}"
    late = {name: _share(figures.first, 0.95) for name, figures in taken.items()}
    tell(
        "first text after the server's first token, 95 of 100",
        late,
        "ms",
        bar="<= 33 ms",
        met=_ours(late) <= 33,
        note=note,
    )
    median = {name: statistics.median(figures.first) for name, figures in taken.items()}
    tell("first text after the server's first token, median", median, "ms", note=note)
    total = _ratios(taken, "total")
    tell("total over raw httpx", total, "x", bar="<= 1.02x", met=_ours(total) <= 1.02, note=note)
    last = _ratios(taken, "last")
    tell("last text over raw httpx", last, "x", bar="<= 1.02x", met=_ours(last) <= 1.02, note=note)


def full_speed(bench: Bench) -> None:
    """2,000 tokens as fast as they go."""
    taken = bench.rounds(tokens(2000), 0.0, FULL_SPEED_ROUNDS, PEER_ROUNDS)
    note = f"2,000 tokens at full speed, {FULL_SPEED_ROUNDS} asks"
    tell("total over raw httpx, at full speed", _ratios(taken, "total"), "x", note=note)
    tell(
        "total at full speed",
        {name: statistics.median(figures.total) for name, figures in taken.items()},
        "ms",
        note=note,
    )
    late = {name: _share(figures.first, 0.95) for name, figures in taken.items()}
    tell("first text at full speed, the latest", late, "ms", bar="<= 33 ms", met=_ours(late) <= 33, note=note)
    size = len("".join(tokens(2000)).encode())
    times = {name: statistics.median(figures.bytes) / size for name, figures in taken.items()}
    tell("bytes over the answer's, at full speed", times, "x", bar="<= 15x", met=_ours(times) <= 15, note=note)
    cpu = {name: statistics.median(figures.cpu) for name, figures in taken.items()}
    tell("CPU of the kernel, whole ask at full speed", cpu, "ms", note=note)


def sizes(bench: Bench) -> None:
    """What 2,000 tokens at 200 a second weigh, and whether 4,000 weigh twice that."""
    ours, resend = "askance", "openai + update(Markdown)"
    for what, answer in (("a mixed answer", tokens), ("prose", prose)):
        size = len("".join(answer(2000)).encode())
        small, big = bench.alone(ours, answer(2000), PACE), bench.alone(ours, answer(4000), PACE)
        other = bench.alone(resend, answer(2000), PACE)
        note = f"{what}, 2,000 tokens at 200 a second, {size:,} bytes"
        times = {ours: small.bytes[0] / size, resend: other.bytes[0] / size}
        tell(f"bytes over the answer's, {what}", times, "x", bar="<= 15x", met=_ours(times) <= 15, note=note)
        less = other.bytes[0] / small.bytes[0]
        tell(f"full resend over ours, {what}", {ours: less}, "x", bar=">= 50x", met=less >= 50, note=note)
        growth = {ours: big.bytes[0] / small.bytes[0]}
        tell(
            f"bytes of 4,000 tokens over 2,000, {what}", growth, "x", bar="<= 2.1", met=_ours(growth) <= 2.1, note=note
        )
        cpu = {ours: small.cpu[0], resend: other.cpu[0]}
        tell(f"CPU of the kernel, whole ask, {what}", cpu, "ms", note=note)


def _ratios(taken: dict[str, Taken], what: str) -> dict[str, float]:
    """Each contender's median over raw httpx's."""
    floor = statistics.median(getattr(taken["raw httpx"], what))
    return {name: statistics.median(getattr(figures, what)) / floor for name, figures in taken.items()}


def _share(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed (nearest rank)."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _ours(values: dict[str, float]) -> float:
    return next(iter(values.values()))


def main() -> None:
    """Ask, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--peers", type=Path, default=os.environ.get("ASKANCE_BENCH_PEERS") or None)
    parser.add_argument("--quick", action="store_true", help="three rounds, no sizes")
    options = parser.parse_args()
    peers = Path(options.peers) if options.peers else None
    if peers is None:
        print("The peers are left out; with them: --peers FOLDER, where pip may make their environments.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, ExitStack() as stack:
        bench = Bench(stack, Path(home), peers)
        paced(bench, 3 if options.quick else options.rounds)
        full_speed(bench)
        if not options.quick:
            sizes(bench)


if __name__ == "__main__":
    main()
