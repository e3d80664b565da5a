"""Keeps prompts, answers and keys out of logs: at DEBUG the SDKs and their HTTP libraries tell much of a request.

Enters: a stretch of code that asks a server. Leaves: no record of it in any log. What others do with the same libraries
at the same time is logged as they wish, and afterwards nothing of ours is left in the loggers.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LIBRARIES = ("anthropic", "anyio", "h11", "h2", "httpcore", "httpcore2", "httpx", "httpx2", "openai")
"""Whose loggers are told to keep nothing, with all below them."""

_inside: ContextVar[bool] = ContextVar("askance_inside_a_request", default=False)


def _passes(_record: logging.LogRecord) -> bool:
    return not _inside.get()


class _Filtered:
    """The loggers that have our filter, as long as anybody is inside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._loggers: set[logging.Logger] = set()

    def enter(self) -> None:
        with self._lock:
            self._inside += 1
        self.reach()

    def reach(self) -> None:
        known = logging.root.manager.loggerDict.copy()
        loggers = [one for name, one in known.items() if name.partition(".")[0] in LIBRARIES]
        with self._lock:
            for logger in loggers if self._inside else ():
                if isinstance(logger, logging.Logger) and logger not in self._loggers:
                    logger.addFilter(_passes)
                    self._loggers.add(logger)

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            while self._loggers and not self._inside:
                self._loggers.pop().removeFilter(_passes)


_filtered = _Filtered()

cover = _filtered.reach
"""Reach the loggers there are: again where parts of a library may have been imported meanwhile."""


@contextmanager
def unlogged() -> Iterator[None]:
    """Inside of it, and in the tasks begun there, these libraries log nothing."""
    before = _inside.get()  # and no token: a generator may be closed in another context than it was begun in
    _inside.set(True)
    _filtered.enter()
    try:
        yield
    finally:
        _filtered.leave()
        _inside.set(before)
