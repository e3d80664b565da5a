"""An ask that goes on while the user does something else.

Enters: an ask that runs, and views that have begun. Leaves: a handle. What it shows lands under the cell that asked, since
its thread has a copy of that cell's context, where ipykernel keeps to which request an output belongs.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from ..errors import AskanceError
from ..loop import POLL_SECONDS
from ..records import Answer
from .following import Running, show_end
from .view.base import View


class Background:
    """A handle on an ask that runs on a thread of its own."""

    def __init__(self, running: Running, views: Sequence[View], ended: Callable[[Running], None]) -> None:
        """
        Args:
            running: the ask.
            views: what shows it; their `begin` was called.
            ended: told when it has ended, before the views are.
        """
        self._running = running
        self._views = views
        self._ended = ended
        self._outcome: Answer | AskanceError = AskanceError("The answer was lost", "Ask again.")
        work = contextvars.copy_context().run
        self._thread = threading.Thread(target=work, args=(self._follow,), name="askance background", daemon=True)
        self._thread.start()

    @property
    def ask_id(self) -> str:
        """The ask's id."""
        return self._running.ask_id

    @property
    def done(self) -> bool:
        """Whether `result` would return at once."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Ask it to end: normally, with what had come."""
        self._running.stop()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has ended. An interrupt ends the waiting, not the ask.

        Args:
            timeout: seconds to wait, None for as long as it takes.

        Returns:
            Whether it has ended.
        """
        end = None if timeout is None else time.monotonic() + timeout
        while not self.done and (end is None or time.monotonic() < end):
            self._thread.join(POLL_SECONDS)
        return self.done

    def result(self, timeout: float | None = None) -> Answer:
        """The answer, once it is here.

        Args:
            timeout: seconds to wait, None for as long as it takes.

        Raises:
            TimeoutError: it is not here yet.
            AskanceError: nothing came; the one line says why.
        """
        if not self.wait(timeout):
            raise TimeoutError
        if isinstance(self._outcome, AskanceError):
            raise self._outcome
        return self._outcome

    def close(self, timeout: float) -> None:
        """Stop it and end its thread.

        Args:
            timeout: seconds that it has to end by itself.
        """
        self.stop()
        if not self.wait(timeout):
            self._running.leave()
            self.wait(timeout)

    def __repr__(self) -> str:
        """Short: it is often the last expression of a cell."""
        return f"<asking {self._running.ask.model} …>" if not self.done else f"<asked {self._running.ask.model}>"

    def _follow(self) -> None:
        try:
            answer = self._running.follow(self._views)
            self._ended(self._running)
            show_end(self._views, answer)
            self._outcome = answer
        except AskanceError as error:
            self._failed(error)
        except BaseException as error:  # noqa: BLE001  no cell is there to raise it in
            self._failed(AskanceError(f"The answer could not be shown: {type(error).__name__}: {error}", "Ask again."))

    def _failed(self, error: AskanceError) -> None:
        self._outcome = error
        self._running.stop()
        self._ended(self._running)
        for view in self._views:
            with suppress(Exception):
                view.failed(error)
