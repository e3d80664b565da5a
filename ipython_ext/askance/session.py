"""The path of one ask, top to bottom.

    question -> Ask -> cache? -> inquiry: gather -> rank -> pack -> gate -> prompt -> provider -> tools -> kept -> transcript

Enters: a question. Leaves: events while it runs (`LedgerReady`, `TextDelta`), and an `Answer` at the end.
A session is put together in `assemble.py`; it knows no front end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from .cache.search import Hit
from .chunks import INTERVAL
from .context import ContextEngine
from .errors import AskanceError
from .gate import Gate
from .gate.outbox import Outbox, Sent
from .inquiry import Inquiry, Made
from .loop import LoopThread
from .merging.window import Window
from .options import make_ask
from .prepared import Prepared
from .prompt import new_mark
from .providers.base import Provider
from .providers.registry import Choice, Limits, parse
from .recall import Keeping, Recall
from .records import Answer, Ask, Cell, Emit, GatedPrompt, Ledger, LedgerReady, TextDelta, Wishes, nobody
from .sending import Sender
from .settings import Settings
from .sources.base import Source
from .spending import Spending
from .threads.history import recent
from .threads.store import ThreadStore
from .threads.transcript import Transcript
from .threads.turn import Turn
from .tools.arguments import prepare
from .tools.base import Hands
from .tools.box import ToolBox
from .tools.memo import Memo


class Session:
    """Asks questions about one notebook or project."""

    def __init__(
        self,
        *,
        settings: Settings,
        choice: Choice,
        limits: Callable[[str], Limits],
        provider: Callable[[str], Provider],
        sources: Sequence[Source],
        gate: Gate,
        keeping: Keeping,
        outbox: Outbox | None = None,
        tools: ToolBox | None = None,
        threads: ThreadStore | None = None,
        spending: Spending | None = None,
        loop: LoopThread,
        pace: Callable[[], float] = lambda: INTERVAL,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        on_close: Sequence[Callable[[], None]] = (),
    ) -> None:
        """
        Args:
            settings: what the user set.
            choice: the model used unless an ask names another, and why.
            limits: full model name -> its window and default budget.
            provider: provider name -> the provider; called once for each name.
            sources: where context comes from.
            gate: what everything passes on its way out.
            keeping: where answers are kept.
            outbox: what the provider's requests pass on their way out; None where there are none.
            tools: what a model may call; None for nothing.
            threads: where conversations are kept; None to forget them at the end.
            spending: notes what is spent; None to note nothing.
            loop: where asks run.
            pace: least seconds between two pieces of an answer, as whoever shows them can draw them.
            clock: seconds, monotonic.
            wall_clock: seconds since the epoch.
            on_close: what else to give back at the end (watchers, indexes).
        """
        self.settings = settings
        self.choice = choice
        self.loop = loop
        self.transcript = Transcript() if threads is None else threads.load()
        self.last: Answer | None = None
        self.wishes = Wishes()
        self._limits = limits
        self._gate = gate
        self.outbox = outbox or Outbox(gate, wall_clock)
        self.sender = Sender(provider, self.outbox, gate, pace, clock)
        self.tools = tools or ToolBox()
        self.engine = ContextEngine(sources, gate, settings.gather_deadline, settings.preset, new_mark, [self.tools])
        self.recall = Recall(keeping, self.engine, gate, settings, choice.model, wall_clock)
        self.spending = spending or Spending(None, wall_clock)
        self.inquiry = Inquiry(
            settings=settings,
            limits=limits,
            gate=gate,
            engine=self.engine,
            sender=self.sender,
            recall=self.recall,
            tools=self.tools,
            spending=self.spending,
            clock=clock,
            shown=self.shown,
            window=Window(settings.batch_seconds),
            memo=Memo(),
        )
        self._threads = threads
        self._clock = clock
        self._wall_clock = wall_clock
        self._on_close = on_close
        self._closed = False

    @classmethod
    def for_project(
        cls,
        root: str | Path,
        *,
        namespace: Mapping[str, object] | None = None,
        cells: Sequence[Cell | str] = (),
        open_files: Sequence[str] = (),
        recent_files: Sequence[str] = (),
        settings: Settings | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Session:
        """A session without a kernel.

        Args:
            root: the project's folder.
            namespace: variables to treat as the user's: name -> object.
            cells: the cells that ran, oldest first; a string is the source of one.
            open_files: paths of open tabs relative to the root, the active one first.
            recent_files: paths of files lately worked on, the latest first.
            settings: what the user set; by default pyproject.toml and `ASKANCE_*` variables.
            environ: the environment; by default the process's own.
        """
        from .assemble import for_project

        return for_project(Path(root), namespace, cells, open_files, recent_files, settings, environ)

    def make_ask(self, question: str, *, hands: bool = False, **options: Any) -> Ask:
        """An `Ask` with this session's defaults filled in.

        Args:
            question: the user's words, kept byte for byte.
            hands: whether `answer` will be given what a front end does for tools.
            options: fields of `Ask` that differ from the defaults; None means the default.

        Raises:
            UsageError: the question is empty, or an option is unknown or out of range.
        """
        if options.get("thread") is None:
            options["thread"] = self.transcript.current
        tools = partial(self.tools.specs, hands=hands)
        return make_ask(question, options, self.settings, self.choice.model, self._limits, self.wishes, tools)

    def aside(self) -> Session:
        """The same, in a conversation of its own that nobody goes on with, and that nothing keeps."""
        other = copy(self)
        other.transcript, other.last, other._threads = Transcript(), None, None  # noqa: SLF001  its own
        return other

    async def answer(self, ask: Ask, emit: Emit = nobody, hands: Hands | None = None) -> Answer:
        """Ask, from the cache if the world has not changed.

        Cancelling the task closes the stream and still returns what had arrived (`ended` is "stopped").

        Args:
            ask: the question.
            emit: is told what happens.
            hands: what a front end does for tools; None where there is none.

        Raises:
            AskanceError: nothing arrived; the one line says why.
        """
        started = self._clock()
        self.outbox.begin(ask.id)
        ways = [(recent(turns, ask.budget), turns) for turns in self.transcript.ways(ask)]
        questions = [self.recall.question(ask, turns, every) for turns, every in ways]
        try:
            found = await self.recall.find(ask, questions)
            made = found or await self.inquiry.made(ask, ways[0][0], questions[0], emit, started, hands)
            answer = self._again(ask, made, emit, started) if isinstance(made, Hit) else self._new(ask, made, started)
        except asyncio.CancelledError:
            nothing = {"text": "", "complete": False, "ended": "stopped"}
            answer = Answer(question=ask.question, model=ask.model, thread=ask.thread, id=ask.id, **nothing)  # type: ignore[arg-type]
        self.last = self.recall.noted(answer)
        return self.last

    def _before(self, ask: Ask) -> Sequence[Turn]:
        """The turns whose words have room in the request: which of them go along, and how, is the engine's to decide."""
        return recent(self.transcript.before(ask), ask.budget)

    def _again(self, ask: Ask, known: Hit, emit: Emit, started: float) -> Answer:
        """An answer that is known already: nothing is gathered, nothing is sent."""
        text, shown = self.recall.texts(known.entry)
        emit(LedgerReady(known.entry.ledger))
        emit(TextDelta(shown))
        self._say(ask, known.entry.text, started)
        return replace(known.entry.answer(ask, text, known.tier, self._clock() - started), shown=shown)

    def _new(self, ask: Ask, made: Made, started: float) -> Answer:
        """An answer that a model gave: the conversation goes on from there, if it has ended."""
        if made.answer.complete:
            self._say(ask, made.text, started, made.asked)
        return made.answer

    def _say(self, ask: Ask, answer: str, started: float, prepared: Prepared | None = None) -> None:
        """Keep what was said, and what was told along with it: the next question of the thread goes on from there.

        The answer as it would leave: so a conversation has the same name whether its answers were made or come from a pack.
        """
        question, _ = self._gate.redact(ask.question, "question")
        turn = Turn.of(ask, question, answer, self._wall_clock() - (self._clock() - started))
        self.transcript.add(ask, prepared.told_in(turn) if prepared is not None else turn)
        self.keep_threads()

    def keep_threads(self) -> None:
        """Write the conversations to where they are kept, soon and off this thread."""
        if self._threads is not None:
            self._threads.save_soon(self.transcript)

    def shown(self, text: str) -> str:
        """A text as it may be shown by a command or a front end, which keep what they show: without secrets."""
        return self._gate.shown(self._gate.redact(text, "what is shown")[0])

    async def context(self, ask: Ask) -> Ledger:
        """What would go along with a question. Sends nothing."""
        return await self.engine.ledger(ask, await self.engine.history(ask, self._before(ask)))

    async def request(self, ask: Ask) -> GatedPrompt:
        """What would be sent, whole. Sends nothing."""
        return (await self.prepared(ask)).request

    async def prepared(self, ask: Ask) -> Prepared:
        """The request with its ledger, and all that was replaced in it. Sends nothing."""
        return await self.engine.prepared(ask, self._before(ask), parse(ask.model)[1])

    @property
    def sent(self) -> Sequence[Sent]:
        """The requests that left for the last ask, byte for byte; none if its answer was known already."""
        return self.outbox.last

    async def warm(self) -> None:
        """Make the first ask as fast as the second: all of its path but the sending, with nothing kept."""
        try:
            await asyncio.to_thread(self.recall.warm)
            ask = self.make_ask("warm up")
            self.recall.question(ask, (), ())
            if ask.replay:
                return  # no model is asked
            provider, model = self.sender.provider(self.choice.model)
            await provider.warm()
            await self.engine.prepared(ask, (), model)
            await asyncio.to_thread(prepare, [tool.schema for tool in ask.tools])
        except AskanceError:
            return  # the ask itself will say it, when there is one

    async def close(self) -> None:
        """Finish the writes, give back connections, watchers and files; a second time does nothing."""
        if self._closed:
            return
        self._closed = True
        await self.recall.close()
        if self._threads is not None:
            self._threads.save(self.transcript)
        self.spending.flush()
        await self.sender.close()
        for give_back in self._on_close:
            give_back()  # not on a thread: at the interpreter's end there are no new ones

    def ask(self, question: str, **options: Any) -> Answer:
        """`answer`, for callers without an event loop. Options are the fields of `Ask`."""
        return self.loop.run(self.answer(self.make_ask(question, **options)))

    def preview(self, question: str, **options: Any) -> Ledger:
        """`context`, for callers without an event loop. Options are the fields of `Ask`."""
        return self.loop.run(self.context(self.make_ask(question, **options)))
