"""Tools, hands and models for the tests of the runner: what they do is said where they are used."""

import asyncio
import inspect
import json
import threading
import time

from askance.records import Ask, CallChunk, ToolCall, ToolSpec
from askance.testing import session_for_tests
from askance.tools.base import Touches
from askance.tools.box import ToolBox
from askance.tools.limits import ToolLimits
from askance.tools.memo import Memo
from askance.tools.runner import Runner


class Does:
    """A tool that does what it is given."""

    description = "Does something."
    needs_hands = False

    def __init__(
        self,
        name,
        do=lambda: "done",
        *,
        reads=(),
        writes=(),
        acts=False,
        mark=None,
        in_kernel=False,
        schema=None,
        hands=False,
    ):
        self.name, self.do, self.acts, self.in_kernel = name, do, acts, in_kernel
        self._touches = Touches(reads=frozenset(reads), writes=frozenset(writes))
        self._print = mark if callable(mark) else lambda: mark
        self.schema = schema or {"type": "object"}
        self.runs, self.arguments, self.threads, self.wants_hands = 0, [], [], hands

    def touches(self, arguments):
        return self._touches

    def fingerprint(self, arguments):
        return self._print()

    async def run(self, arguments, ask, hands):
        self.runs += 1
        self.arguments.append(arguments)
        self.threads.append(threading.current_thread())
        result = self.do(hands) if self.wants_hands else self.do()
        return await result if inspect.iscoroutine(result) else result


class Order:
    """Notes who begins and who ends, and who was at work meanwhile."""

    def __init__(self):
        self.lines, self.most, self._now, self._lock = [], 0, 0, threading.Lock()

    def step(self, name, result="done", until=None):
        """What a tool does: say that it begins, wait, say that it ends."""

        def do():
            with self._lock:
                self.lines.append(f"{name} begins")
                self._now += 1
                self.most = max(self.most, self._now)
            if until is not None:
                assert until.wait(30)
            else:
                time.sleep(0.02)
            with self._lock:
                self.lines.append(f"{name} ends")
                self._now -= 1
            return result

        return do

    def before(self, first, second):
        return self.lines.index(first) < self.lines.index(second)


class FrontEnd:
    """Hands that allow or refuse, and run code on the session's loop."""

    def __init__(self, allows=True):
        self.allows, self.asked, self.ran, self.now, self.most = allows, [], [], 0, 0

    async def confirm(self, use):
        self.asked.append(use)
        answer = self.allows(use) if callable(self.allows) else self.allows
        return await answer if inspect.isawaitable(answer) else answer

    async def call(self, function):
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.01)
        try:
            self.ran.append(function)
            return function()
        finally:
            self.now -= 1

    async def run_code(self, code):
        return await self.call(lambda: f"ran {code}")

    async def write_cell(self, source):
        return await self.call(lambda: f"wrote {source}")


def call(name, /, id_=None, **arguments):
    """A call as a provider gives it."""
    text = json.dumps(arguments)
    return ToolCall(id=id_ or f"{name} {text}", name=name, arguments=text)


def calls(*made):
    """Steps of a scripted model: it calls."""
    return [CallChunk(one if isinstance(one, ToolCall) else call(one)) for one in made]


def asking(tools, **more):
    """An ask that offers tools."""
    specs = tuple(ToolSpec(name=tool.name, description="", schema=json.dumps(tool.schema)) for tool in tools)
    return Ask(question="?", model="local", tools=specs, **more)


class Ran:
    """What came of calls made by a runner of their own.

    Attributes:
        outcomes: of each.
        events: all that was told, oldest first.
        runner: it.
    """

    def __init__(self, tools, *made, hands=None, limits=None, memo=None, box=None, shown=str, before=None, **ask):
        self.events, self.memo, self.box = [], memo or Memo(), box or ToolBox(lambda: tools)
        self.limits, self.shown, self.before = limits or ToolLimits(), shown, before
        self.outcomes = asyncio.run(self._run(asking(tools, **ask), hands, made))

    async def _run(self, ask, hands, made):
        emit = lambda event: self.events.append(event.use)  # noqa: E731
        async with Runner(
            self.box, ask, hands, self.limits, self.shown, emit, self.memo, time.monotonic
        ) as self.runner:
            for one in made:
                self.runner.begin(one if isinstance(one, ToolCall) else call(one))
            if self.before is not None:
                await self.before(self)
            return await self.runner.results()

    @property
    def texts(self):
        return [outcome.text for outcome in self.outcomes]

    @property
    def states(self):
        return [outcome.use.state for outcome in self.outcomes]

    def states_of(self, name):
        found = [use.state for use in self.events if use.id == name]
        return [state for n, state in enumerate(found) if n == 0 or found[n - 1] != state]


def stop(session, once, **options):
    """Ask, wait until an event is set, and stop the ask. Gives the answer."""
    job = session.loop.submit(session.answer(session.make_ask("?", tools=True), **options))
    assert once.wait(30)
    job.cancel()
    return job.result(30)


def left_running(name="askance"):
    """Threads of ours that work now, but for those of loops."""
    return sorted(
        one.name for one in threading.enumerate() if one.name.startswith(f"{name} ") and one.name != "askance helper"
    )


def tasks_of(loop):
    """Tasks on a session's loop, but for the one that looks."""

    async def look():
        return len(asyncio.all_tasks()) - 1

    return loop.run(look())


__all__ = [
    "Does",
    "FrontEnd",
    "Order",
    "Ran",
    "asking",
    "call",
    "calls",
    "left_running",
    "session_for_tests",
    "stop",
    "tasks_of",
]
