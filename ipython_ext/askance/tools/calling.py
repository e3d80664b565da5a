"""One call, from its beginning to its end: what it waits for, who is asked, and what comes of it.

Enters: a plan, and the calls before it. Leaves: an outcome; and on the way, what people see of it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from ..beginning import beginning
from ..records import ToolEvent, ToolUse, UseState
from ..worker import Work
from .base import Hands, Tool
from .limits import Stopwatch
from .outcome import Outcome
from .plan import Plan
from .results import Told, problem
from .terms import Terms, too_long
from .worker import Job, Made, Reach, made

SHOWN = 4000
"""Characters of a result that people are shown."""

UNDER_WAY = ("asking", "waiting", "running")


class Calling:
    """One call of a turn; begins at once.

    Attributes:
        plan: what is to be done.
        use: the same, as people see it now.
        task: ends with what came of it; never raises for a cancelled call.
    """

    def __init__(
        self, plan: Plan, use: ToolUse, earlier: Sequence[Calling], terms: Terms, complete: asyncio.Event
    ) -> None:
        """
        Args:
            plan: what is to be done.
            use: the same, as people see it at first.
            earlier: the calls before it in the same turn: none waits for a later one.
            terms: what all calls of the ask share.
            complete: set when the model has finished the turn.
        """
        self.plan = plan
        self.use = use
        self._earlier = earlier
        self._terms = terms
        self._watch = Stopwatch(terms.clock)
        self._loop = asyncio.get_running_loop()
        self._print: asyncio.Future[str] = self._loop.create_future()
        terms.emit(ToolEvent(use))
        self.task: asyncio.Task[Outcome] = self._loop.create_task(self._lived(complete))

    async def _lived(self, complete: asyncio.Event) -> Outcome:
        try:
            return await self._made(complete)
        except asyncio.CancelledError:
            return self._end("stopped", self._terms.why_stopped)

    def stopped(self) -> None:
        """Say so, where the call was cancelled before its first step."""
        if self.use.state in UNDER_WAY:
            self._end("stopped", self._terms.why_stopped)

    async def _made(self, complete: asyncio.Event) -> Outcome:
        plan, tool = self.plan, self.plan.tool
        if tool is None:
            return self._end(plan.state, plan.problem)
        if not plan.only_reads:
            await complete.wait()
        if tool.acts:  # all that it does is seen, before and after
            whole = json.dumps(dict(plan.arguments), ensure_ascii=False)
            text = whole.encode("utf-8", "replace").decode()
            self.use = replace(self.use, arguments=self._terms.shown(text))
        if tool.acts and not self._terms.ask.allows(tool.name):
            refusal = await self._refusal(tool)
            if refusal:
                return self._end("refused", refusal)
        others = [one.task for one in self._earlier if plan.waits_for(one.plan)]
        if others:
            self._change(state="waiting")
            await asyncio.wait(others)
        elif (twin := await self._twins_outcome()) is not None:
            known = Made(Told(twin.text, twin.size), twin.fingerprint, cached=True)
            return self._end("failed" if twin.failed else "done", twin.text, known)
        return await self._ran(tool)

    async def _refusal(self, tool: Tool) -> str:
        """Ask the user. Returns why the call is not made, "" if it may be."""
        if self._terms.hands is None:
            self._terms.remark(
                f"{tool.name} was not run, as nobody is here to be asked. "
                f'To let it, type: ask(..., tools=True, allow=["{tool.name}"])'
            )
            return "refused: it changes something, and nobody is here to allow it"
        self._change(state="asking")
        try:
            with self._terms.spent.paused():
                allowed = await self._terms.hands.confirm(self.use)
        except Exception as error:  # noqa: BLE001  a front end of anybody's
            return f"refused: the user could not be asked ({problem(error)})"
        return "" if allowed else "refused by the user"

    async def _twins_outcome(self) -> Outcome | None:
        """What came of the same call before, where it can be told that this one would give the same; None if it can't."""
        twin = next((one for one in self._earlier if self.plan.repeats(one.plan)), None)
        if twin is None:
            return None
        either: list[asyncio.Future[Any]] = [twin.task, twin._print]  # noqa: SLF001  its like
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not (either[1].done() and either[1].result()):
            return None
        await asyncio.wait([twin.task])
        outcome = None if twin.task.cancelled() else twin.task.result()
        return outcome if outcome is not None and outcome.use.state in ("done", "failed") else None

    async def _ran(self, tool: Tool) -> Outcome:
        terms = self._terms
        if await terms.is_stuck(tool.name):
            busy = f"refused: {tool.name} is still busy with an earlier call, which cannot be ended"
            return self._end("refused", busy)
        self._change(state="running")
        with self._watch.running():
            work = Work(partial(made, self._job(tool), self._reach()), tool.name)
            result = asyncio.wrap_future(work.result)
            try:
                is_late = await too_long([result], self._watch, terms.limits.call_seconds)
            except asyncio.CancelledError:
                result.cancel()
                terms.box.stuck[tool.name] = work
                await work.end()
                raise
        if is_late:
            return self._left(tool, work, result)
        error = result.exception()
        return self._end("failed", problem(error)) if error is not None else self._kept(result.result())

    def _left(self, tool: Tool, work: Work[Made], result: asyncio.Future[Made]) -> Outcome:
        result.cancel()
        self._terms.leave(tool.name, work)
        most = f"{self._terms.limits.call_seconds:g} s"
        self._terms.remark(f"{tool.name} took longer than {most}, the most that Askance.tool_seconds allows.")
        return self._end("failed", f"It took longer than {most} and was stopped")

    def _kept(self, done: Made) -> Outcome:
        if not self.plan.only_reads:
            done = replace(done, fingerprint="")
        told = done.told
        if done.fingerprint and not (done.failed or done.cached) and len(told.text) == told.size:
            self._terms.memo.put((self.plan.name, self._terms.rules, done.fingerprint), told.text)
        return self._end("failed" if done.failed else "done", told.text, done)

    def _job(self, tool: Tool) -> Job:
        plan, terms = self.plan, self._terms
        key = plan.name, terms.rules
        return Job(
            tool=tool,
            arguments=plan.arguments,
            ask=terms.ask,
            level=plan.touches.level(terms.ask.privacy),
            known=lambda fingerprint: terms.memo.get((*key, fingerprint)) if plan.only_reads else None,
            told_print=self._told_print,
        )

    def _told_print(self, fingerprint: str) -> None:
        """What the result rests on is known; called on any thread."""

        def tell() -> None:
            if not self._print.done():
                self._print.set_result(fingerprint)

        with suppress(RuntimeError):  # nobody waits any more
            self._loop.call_soon_threadsafe(tell)

    def _reach(self) -> Hands | None:
        hands = self._terms.hands
        return None if hands is None else Reach(hands, self._loop, self._terms.kernels_turn, self._watch)

    def _end(self, state: UseState, text: str, done: Made | None = None) -> Outcome:
        done = done or Made(Told(text, len(text)))
        self._change(state=state, text=self._terms.shown(beginning(text, SHOWN)), cached=done.cached)
        return Outcome(
            call=self.plan.call,
            use=self.use,
            arguments=self.plan.arguments,
            touches=self.plan.touches,
            text=text,
            size=done.told.size,
            failed=state != "done",
            fingerprint=done.fingerprint,
            seconds=self._watch.seconds,
            cached=done.cached,
        )

    def _change(self, **changes: Any) -> None:
        before, self.use = self.use, replace(self.use, seconds=self._watch.seconds, **changes)
        if self.use != before:
            self._terms.emit(ToolEvent(self.use))
