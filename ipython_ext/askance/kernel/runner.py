"""Runs asks and lets them be stopped.

Enters: a session, an ask, views. Leaves: an `Answer`, or a handle on one that is still to come. An ask in the foreground is
followed by the thread that asked, which a kernel interrupt reaches at once; one in the background by its own.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from ..errors import AskanceError, Interrupted
from ..records import Answer, Ask
from .background import Background
from .following import Answering, HandsOf, Running, no_hands, show_end
from .view.base import View

WIND_DOWN_SECONDS = 2.0
"""Time that a stopped ask has to give its partial answer."""


class Runner:
    """One ask in the foreground per calling thread, any number in the background; `stop` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, Running] = {}
        self._background: list[Background] = []
        self._latest: Running | None = None

    @property
    def latest(self) -> Running | None:
        """The ask that began last."""
        return self._latest

    @property
    def running(self) -> Sequence[Running]:
        """The asks that run now, oldest first."""
        with self._lock:
            return tuple(self._running.values())

    def run(self, session: Answering, ask: Ask, views: Sequence[View], hands: HandsOf = no_hands) -> Answer:
        """Ask, and show it in every view until it ends.

        Args:
            session: what asks.
            ask: the question.
            views: where it is shown.
            hands: gives it what a front end does for tools.

        Raises:
            Interrupted: the user interrupted the kernel; the views were given what had come.
            AskanceError: nothing came; the one line says why.
        """
        running = Running(session, ask, hands)
        try:
            self._begin(running, views)
            answer = running.follow(views)
        except KeyboardInterrupt:
            answer = running.wind_down(WIND_DOWN_SECONDS)
            self._end(running)
            show_end(views, answer)
            raise Interrupted("Stopped", "What had come is kept above and in _ask.") from None
        except AskanceError as error:
            self._end(running)
            for view in views:
                view.failed(error)
            raise
        except BaseException:
            running.stop()
            self._end(running)
            raise
        self._end(running)
        show_end(views, answer)
        return answer

    def start(self, session: Answering, ask: Ask, views: Sequence[View], hands: HandsOf = no_hands) -> Background:
        """Ask in the background: the views begin now, in the cell that asks, and go on when it has ended.

        The views must be made for the background: they show a failure themselves.
        """
        running = Running(session, ask, hands)
        try:
            self._begin(running, views)
        except BaseException:
            running.stop()
            self._end(running)
            raise
        background = Background(running, views, self._end)
        with self._lock:
            self._background = [*(old for old in self._background if not old.done), background]
        return background

    def stop(self, ask_id: str | None) -> bool:
        """Stop the ask with that id, or all that run (None); they end normally with what had come.

        Returns:
            Whether there was one.
        """
        found = [running for running in self.running if ask_id in (None, running.ask_id)]
        for running in found:
            running.stop()
        return bool(found)

    def wait(self) -> int:
        """Wait for every ask in the background.

        Returns:
            How many there were to wait for.

        Raises:
            Interrupted: the user interrupted the kernel; the asks go on.
        """
        with self._lock:
            waiting = [background for background in self._background if not background.done]
        try:
            for background in waiting:
                background.wait()
        except KeyboardInterrupt:
            left = sum(not background.done for background in waiting)
            said = f"Stopped waiting; {left} answer{' is' if left == 1 else 's are'} still on the way"
            raise Interrupted(said, "To wait again: %ask --wait") from None
        return len(waiting)

    def close(self) -> None:
        """Stop all asks; no thread in the background stays."""
        self.stop(None)
        with self._lock:
            background, self._background = self._background, []
        for ask in background:
            ask.close(WIND_DOWN_SECONDS)

    def _begin(self, running: Running, views: Sequence[View]) -> None:
        with self._lock:
            self._running[running.ask_id] = self._latest = running
        running.begin()
        for view in views:
            view.begin(running.ask, running.ask_id)

    def _end(self, running: Running) -> None:
        running.asking = False
        with self._lock:
            self._running.pop(running.ask_id, None)
