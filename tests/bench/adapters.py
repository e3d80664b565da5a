"""How the ranking benchmarks call askance: the code that a user's ask runs, through `Session.preview`.

Enters: what a benchmark's case says. Leaves: names, best first.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from askance.session import Session
from askance.settings import Settings

PRESET = os.environ.get("ASKANCE_PRESET", "default")


class Desk:
    """A session on one root whose open and recent files the benchmark changes between asks, as a user does.

    Args:
        root: the project's folder; its files may change between asks.
        preset: the ranker's weights.
    """

    def __init__(self, root: Path, preset: str) -> None:
        self._opened: list[str] = []
        self._recent: list[str] = []
        self._cache = tempfile.TemporaryDirectory()
        environ = {"PATH": os.environ["PATH"], "HOME": self._cache.name, "ASKANCE_CACHE_DIR": self._cache.name}
        # No deadline: a benchmark measures what is found, and thousands of files may have changed since the last ask.
        settings = Settings(preset=preset, gather_deadline=600.0)
        self._session = Session.for_project(
            root, open_files=self._opened, recent_files=self._recent, settings=settings, environ=environ
        )

    def files(self, query: str, opened: Sequence[str], recent: Sequence[str]) -> list[str]:
        """The files of the ledger, in rank order, those left out included."""
        self._opened[:], self._recent[:] = opened, recent
        return [item.name for item in self._session.preview(query).items if item.source == "files"]

    def close(self) -> None:
        """End the session and drop its index."""
        self._session.loop.run(self._session.close())
        self._cache.cleanup()


_desks: dict[tuple[Path, str], Desk] = {}


@atexit.register
def close_desks() -> None:
    """End all sessions."""
    while _desks:
        _desks.popitem()[1].close()


def rank_files(
    root: Path, query: str, *, open_files: Sequence[str], recent_files: Sequence[str], preset: str = PRESET
) -> list[str]:
    """The project's files for a request, best first.

    Args:
        root: the project's folder.
        query: the request.
        open_files: paths of open tabs relative to the root, the active one first.
        recent_files: paths of files lately worked on, the latest first.
        preset: the ranker's weights.
    """
    key = (Path(root).resolve(), preset)
    if key not in _desks:
        _desks[key] = Desk(*key)
    return _desks[key].files(query, open_files, recent_files)
