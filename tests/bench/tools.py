"""Calls in parallel: wall time beside the critical path, beside a plain loop, and what an early start saves.

Every program runs in turn, several rounds over, in this process; medians of the rounds are told. "The runner alone" makes
the calls of one turn. "In a whole ask" a scripted model calls for them, and the time is the model's own: from the last
chunk of its first answer until its second request is there, with results gated, counted and in the ledger. The critical
path is the longest chain of calls that must wait for each other, of the times that the tools themselves take. What the
whole ask takes from question to answer, beside the same ask without calls, is told as well.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Sequence
from statistics import median
from typing import Any

from figures import tell

from askance.providers.replay import ReplayProvider
from askance.records import Ask, CallChunk, Chunk, EndChunk, GatedPrompt, ToolCall, ToolSpec
from askance.settings import Settings
from askance.testing import session_for_tests
from askance.tools.base import Touches
from askance.tools.box import ToolBox
from askance.tools.limits import ToolLimits
from askance.tools.memo import Memo
from askance.tools.runner import Runner

ROUNDS = 7
TAKES = 0.2
LIMIT = 0.4
"""Seconds that a call may run, where one hangs."""


class Waits:
    """A tool that takes its time: blocking, awaiting, failing at the end, or hanging."""

    description, schema = "Waits.", {"type": "object"}
    acts = in_kernel = needs_hands = False

    def __init__(self, name: str, how: str = "blocks", reads: Sequence[str] = (), writes: Sequence[str] = ()) -> None:
        self.name, self.how = name, how
        self._touches = Touches(reads=frozenset(reads), writes=frozenset(writes))

    def touches(self, _arguments: object) -> Touches:
        return self._touches

    def fingerprint(self, _arguments: object) -> None:
        return None

    async def run(self, _arguments: object, _ask: object, _hands: object) -> str:
        if self.how == "hangs":
            await asyncio.sleep(60)
        elif self.how == "awaits":
            await asyncio.sleep(TAKES)
        else:
            time.sleep(TAKES)  # noqa: ASYNC251  a tool may block
        if self.how == "fails":
            raise ValueError("no luck")
        return "done"


X = ("files:x",)
WORKLOADS: dict[str, tuple[list[Waits], float]] = {
    "5 x 200 ms, independent, blocking": ([Waits(n) for n in "abcde"], TAKES),
    "5 x 200 ms, independent, awaiting": ([Waits(n, "awaits") for n in "abcde"], TAKES),
    "a chain of two plus three": (
        [Waits("w", writes=X), Waits("r", reads=X), *(Waits(n) for n in "abc")],
        2 * TAKES,
    ),
    "a write between reads": (
        [Waits("a", reads=X), Waits("b", reads=X), Waits("w", writes=X), Waits("c", reads=X), Waits("d", reads=X)],
        3 * TAKES,
    ),
    "a failing and a hanging one among five": (
        [Waits("a"), Waits("fails", "fails"), Waits("hangs", "hangs"), Waits("b", "awaits"), Waits("c")],
        LIMIT,
    ),
}
"""Name -> the tools that are called, in order, and the critical path in seconds."""


def chunks(tools: Sequence[Waits]) -> list[CallChunk]:
    return [CallChunk(ToolCall(id=tool.name, name=tool.name, arguments="{}")) for tool in tools]


def timed(do: Callable[[], Any]) -> float:
    gc.collect()
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


async def one_by_one(tools: Sequence[Waits]) -> None:
    """What a plain loop over the calls of a turn does; what hangs it gives the same time."""
    for tool in tools:
        try:
            await asyncio.wait_for(tool.run({}, None, None), LIMIT)
        except (ValueError, TimeoutError):
            continue


def alone(tools: Sequence[Waits]) -> float:
    """The runner alone, all calls having come at once."""
    specs = tuple(ToolSpec(name=tool.name, description="", schema='{"type":"object"}') for tool in tools)
    ask = Ask(question="?", model="local", tools=specs)
    limits = ToolLimits(call_seconds=LIMIT)

    async def run() -> float:
        box = ToolBox(lambda: tools)  # type: ignore[arg-type, return-value]
        async with Runner(box, ask, None, limits, str, lambda _event: None, Memo(), time.monotonic) as runner:
            started = time.perf_counter()
            for chunk in chunks(tools):
                runner.begin(chunk.call)
            await runner.results()
            return time.perf_counter() - started

    return asyncio.run(run())


class Model(ReplayProvider):
    """Notes when each of its streams began, and when it had said all."""

    def __init__(self, script: Sequence[Any], then: Sequence[Sequence[Any]]) -> None:
        super().__init__(script, then=then)
        self.began: list[float] = []
        self.said: list[float] = []

    async def stream(self, gated: GatedPrompt) -> AsyncIterator[Chunk]:
        self.began.append(time.perf_counter())
        async for chunk in super().stream(gated):
            if isinstance(chunk, EndChunk):
                self.said.append(time.perf_counter())
            yield chunk


def whole(tools: Sequence[Waits], pause: float = 0.0) -> tuple[float, float]:
    """Seconds from the model's calls to its next request, and of the whole ask; it speaks for `pause` after its calls."""
    script = [*chunks(tools), *([pause, "."] if pause else [])]
    model = Model(script or ["done"], [["done"]])
    settings = Settings(tool_seconds=LIMIT, cache=False)
    session = session_for_tests(provider=model, tools=tools, settings=settings)  # type: ignore[arg-type]
    took = timed(lambda: session.ask("What is it?", tools=True))
    session.loop.run(session.close())
    session.loop.close()
    return (model.began[1] - model.said[0] if tools else 0.0), took


def main() -> None:
    for name, (tools, path) in WORKLOADS.items():
        alone(tools)
        whole(tools)
        rounds = [
            (alone(tools), *whole(tools), whole([])[1], timed(lambda t=tools: asyncio.run(one_by_one(t))))
            for _ in range(ROUNDS)
        ]
        runner, within, ask, bare, loop = (median(column) for column in zip(*rounds, strict=True))
        figures = {"the runner alone": runner / path, "in a whole ask": within / path, "one by one": loop / path}
        note = f"critical path {1000 * path:.0f} ms, medians of {ROUNDS}"
        met = max(runner, within) / path <= 1.05
        tell(f"{name}: wall time / critical path", figures, "", bar="<= 1.05", met=met, note=note)
        if "independent" in name:
            faster = {"the runner alone": loop / runner, "in a whole ask": loop / within}
            met = min(faster.values()) >= 4.75
            tell(f"{name}: faster than one by one", faster, "x", bar=">= 4.75", met=met, note=note)
        times = {"with these calls": 1000 * ask, "without calls": 1000 * bare, "critical path alone": 1000 * path}
        tell(f"{name}: question to answer", times, "ms", note=f"medians of {ROUNDS}")
    early()


def early() -> None:
    """The model calls, and speaks on: what reads has begun meanwhile."""
    tools, speaks = WORKLOADS["5 x 200 ms, independent, blocking"][0], 0.3
    acting = [
        Waits(tool.name, writes=(tool.name,)) for tool in tools
    ]  # begins when the turn is complete, as all does elsewhere
    rounds = [(whole(tools, speaks)[1], whole(acting, speaks)[1]) for _ in range(ROUNDS)]
    now, after = (1000 * median(column) for column in zip(*rounds, strict=True))
    note = f"the model speaks {1000 * speaks:.0f} ms after its calls; {after - now:.0f} ms sooner; medians of {ROUNDS}"
    tell(
        "calls begin while the model speaks, whole ask", {"as it speaks": now, "after its turn": after}, "ms", note=note
    )


if __name__ == "__main__":
    main()
