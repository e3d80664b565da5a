"""Runs asks and lets them be stopped.

Enters: a session, an ask, views. Leaves: an `Answer`. The ask runs on the session's loop; its events come through a
queue to the thread that asked, which drives the views and notices a kernel interrupt within 20 ms.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from uuid import uuid4

from ..errors import AskanceError, Interrupted
from ..loop import POLL_SECONDS, Job
from ..records import Answer, Ask, Event, Ledger, LedgerReady, TextDelta
from ..session import Session
from .view.base import View

WIND_DOWN_SECONDS = 2.0
"""Time that an interrupted ask has to give its partial answer."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """An ask that runs, or the last one that ran."""

    ask: Ask
    ask_id: str
    job: Job[Answer]
    asking: bool = True
    ledger: Ledger | None = None
    text: str = ""


class Runner:
    """One ask at a time per calling thread; `stop` may be called from any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asks: dict[str, Running] = {}
        self._latest: Running | None = None

    @property
    def latest(self) -> Running | None:
        """The ask that began last."""
        with self._lock:
            return self._latest

    def run(self, session: Session, ask: Ask, views: Sequence[View]) -> Answer:
        """Ask, and show it in every view until it ends.

        Raises:
            Interrupted: the user interrupted the kernel; the views were given what had come.
            AskanceError: nothing came; the one line says why.
        """
        events: SimpleQueue[Event] = SimpleQueue()
        job = session.loop.submit(session.answer(ask, events.put))
        running = Running(ask=ask, ask_id=uuid4().hex[:12], job=job)
        self._note(running)
        try:
            for view in views:
                view.begin(ask, running.ask_id)
            answer = self._follow(running, events, views)
        except KeyboardInterrupt:
            answer = self._interrupted(running.ask_id, events)
            self._end(running.ask_id, answer, views)
            raise Interrupted("Stopped", "What had come is kept above and in _ask.") from None
        except AskanceError as error:
            self._finish(running.ask_id)
            for view in views:
                view.failed(error)
            raise
        except BaseException:
            job.cancel()
            self._finish(running.ask_id)
            raise
        self._end(running.ask_id, answer, views)
        return answer

    def stop(self, ask_id: str | None) -> bool:
        """Stop the ask with that id, or all that run (None); they end normally with what had come.

        Returns:
            Whether there was one.
        """
        with self._lock:
            found = [running for running in self._asks.values() if ask_id in (None, running.ask_id)]
        for running in found:
            running.job.cancel()
        return bool(found)

    def _follow(self, running: Running, events: SimpleQueue[Event], views: Sequence[View]) -> Answer:
        while True:
            done = running.job.done  # looked up first: whatever it said before is in the queue by then
            try:
                event = events.get(timeout=0 if done else POLL_SECONDS)
            except Empty:
                if done:
                    return running.job.result()
                continue
            self._noted(running.ask_id, event)
            for view in views:
                if isinstance(event, TextDelta):
                    view.text(event.text)
                else:
                    view.ledger(event.ledger)

    def _interrupted(self, ask_id: str, events: SimpleQueue[Event]) -> Answer:
        """What had come, from the ask itself if it says so in time; a second interrupt ends the waiting."""
        with self._lock:
            running = self._asks[ask_id]
        running.job.cancel()
        try:
            return running.job.result(WIND_DOWN_SECONDS)
        except (Exception, KeyboardInterrupt):  # noqa: BLE001  the text that was seen must not be lost now
            while not events.empty():
                self._noted(ask_id, events.get())
        with self._lock:
            seen = self._asks[ask_id]
        return Answer(
            question=seen.ask.question,
            text=seen.text,
            model=seen.ask.model,
            thread=seen.ask.thread,
            ledger=seen.ledger or Ledger(),
            complete=False,
            ended="stopped",
        )

    def _end(self, ask_id: str, answer: Answer, views: Sequence[View]) -> None:
        self._finish(ask_id)
        for view in views:
            view.end(answer)

    def _noted(self, ask_id: str, event: Event) -> None:
        with self._lock:
            running = self._asks[ask_id]
        if isinstance(event, LedgerReady):
            self._note(replace(running, ledger=event.ledger))
        else:
            self._note(replace(running, text=running.text + event.text))

    def _note(self, running: Running) -> None:
        with self._lock:
            self._asks[running.ask_id] = self._latest = running

    def _finish(self, ask_id: str) -> None:
        with self._lock:
            running = self._asks.pop(ask_id, None)
            if running is not None:
                self._latest = replace(running, asking=False)
