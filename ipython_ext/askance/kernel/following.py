"""One ask while it runs.

Enters: a session, an ask, views. Leaves: an `Answer`. The ask runs on the session's loop; its events come through a queue
to the one thread that follows it and drives the views. Where that is the thread on which cells run, work that tools have
for it comes the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Any, Protocol
from uuid import uuid4

from ..loop import POLL_SECONDS, Job, LoopThread
from ..records import Answer, Ask, Emit, Event, Ledger, LedgerReady, TextDelta, ToolEvent, ToolUse
from ..tools.base import Hands
from .view.base import View
from .work import Work

HandsOf = Callable[["Running"], Hands | None]
"""Gives an ask the hands for its tools; None where there are none."""


def no_hands(_running: Running) -> None:
    """Nothing that a front end does for tools."""


class Answering(Protocol):
    """What answers an ask: a session, or one whose answers are objects."""

    loop: LoopThread

    async def answer(self, ask: Ask, emit: Emit, hands: Hands | None = None) -> Answer:
        """See `Session.answer`."""
        ...


class Running:
    """An ask that runs, or one that ran. May be looked at, and stopped, from any thread."""

    def __init__(self, session: Answering, ask: Ask, hands: HandsOf = no_hands) -> None:
        """
        Args:
            session: what asks.
            ask: the question; it is given an id if it has none.
            hands: gives it what a front end does for tools.
        """
        self.ask = ask if ask.id else replace(ask, id=uuid4().hex[:12])
        self.asking = True
        self.ledger: Ledger | None = None
        self._pieces: list[str] = []
        self._uses: dict[str, ToolUse] = {}
        self._events: SimpleQueue[Event | Work[Any] | None] = SimpleQueue()  # None comes last
        self._hands = hands(self) if self.ask.tools else None
        self._left = False
        self._session = session
        self._job: Job[Answer] | None = None

    def begin(self) -> None:
        """Begin it. Stopping it is possible from the first moment, wherever an interrupt strikes."""
        hands = {} if self._hands is None else {"hands": self._hands}
        self._job = self._session.loop.job(self._session.answer(self.ask, self._events.put, **hands))
        self._job.when_done(lambda: self._events.put(None))
        self._job.begin()

    @property
    def ask_id(self) -> str:
        """The ask's id."""
        return self.ask.id

    def follow(self, views: Sequence[View]) -> Answer:
        """Show in every view what happens, until the answer is here.

        Raises:
            AskanceError: nothing came; the one line says why.
        """
        while not self._left:
            try:
                event = self._events.get(timeout=POLL_SECONDS)
            except Empty:
                continue
            if event is None:
                break
            if isinstance(event, Work):
                event.run()
                continue
            self._note(event)
            for view in views:
                _show(view, event)
        return self._seen() if self._left else self._answer(self._job, None)

    def post(self, work: Work[Any]) -> None:
        """Give work to the thread that follows it."""
        self._events.put(work)

    def stop(self) -> None:
        """Ask it to end: normally, with what had come."""
        if self._job is not None:
            with suppress(RuntimeError):  # the loop is closed, and the ask with it
                self._job.cancel()

    def leave(self) -> None:
        """Follow it no longer, though it does not end."""
        self._left = True
        self._events.put(None)

    def wind_down(self, seconds: float) -> Answer:
        """Stop it and give what had come; from the ask itself if it says so in time.

        Args:
            seconds: time it has to say so; another interrupt ends the waiting too.
        """
        self.stop()
        try:
            return self._answer(self._job, seconds)
        except (Exception, KeyboardInterrupt):  # noqa: BLE001  the text that was seen must not be lost now
            return self._seen()

    def _answer(self, job: Job[Answer] | None, seconds: float | None) -> Answer:
        """The ask's own, or none of it where it was stopped before its first step."""
        try:
            return job.result(seconds) if job is not None else self._seen()
        except CancelledError:
            return self._seen()

    def _seen(self) -> Answer:
        while not self._events.empty():
            if not isinstance(event := self._events.get(), Work | None):
                self._note(event)
        return Answer(
            question=self.ask.question,
            text="".join(self._pieces),
            model=self.ask.model,
            thread=self.ask.thread,
            ledger=self.ledger or Ledger(),
            complete=False,
            ended="stopped",
            id=self.ask.id,
            tools=tuple(map(_ended, self._uses.values())),
        )

    def _note(self, event: Event) -> None:
        if isinstance(event, LedgerReady):
            self.ledger = event.ledger
        elif isinstance(event, TextDelta):
            self._pieces.append(event.text)
        else:
            self._uses[event.use.id] = event.use


def _ended(use: ToolUse) -> ToolUse:
    return replace(use, state="stopped") if use.state in ("asking", "waiting", "running") else use


def _show(view: View, event: Event) -> None:
    match event:
        case LedgerReady(ledger):
            view.ledger(ledger)
        case TextDelta(text):
            view.text(text)
        case ToolEvent(use):
            view.tool(use)


def show_end(views: Sequence[View], answer: Answer) -> None:
    """Give every view its end; an interrupt comes too late to take it away."""
    for view in views:
        try:
            view.end(answer)
        except KeyboardInterrupt:
            view.end(answer)
