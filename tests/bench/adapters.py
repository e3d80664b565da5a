"""How the ranking benchmarks call askance: the code that a user's ask runs, through `Session.preview`.

Enters: what a benchmark's case says. Leaves: names, best first.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from askance.session import Session
from askance.settings import Settings

PRESET = os.environ.get("ASKANCE_PRESET", "default")

BUDGET = 32_000
"""Tokens: issues that paste whole logs fit, whatever the machine's model."""


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
        items = self._session.preview(query, budget=BUDGET).items
        return [item.name for item in items if item.source == "files"]

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


class Record:
    """Stands for a live object of which only a record is left: says of itself what the record holds."""

    def __init__(self, record: Any) -> None:
        self._said = f"{record.type} {record.summary}"

    def _repr_ask_(self, level: str) -> str:
        """The same at every level."""
        return self._said


def live(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The namespace as objects: those that are records get one to stand for them."""
    return {name: Record(one) if hasattr(one, "last_touched_cell") else one for name, one in namespace.items()}


def rank_variables(
    intent: str, namespace: Mapping[str, Any], cells: Sequence[str], *, preset: str = PRESET
) -> list[str]:
    """The variables for what is to be done next, best first.

    Args:
        intent: what is to be done.
        namespace: name -> the live object, or a record of it with `type` and `summary`.
        cells: the sources of the earlier cells, oldest first.
        preset: the ranker's weights.
    """
    with tempfile.TemporaryDirectory() as place:
        environ = {"PATH": os.environ["PATH"], "HOME": place, "ASKANCE_CACHE_DIR": place}
        settings = Settings(preset=preset, gather_deadline=600.0, cache=False)
        session = Session.for_project(place, namespace=live(namespace), cells=cells, settings=settings, environ=environ)
        try:
            return [item.name for item in session.preview(intent).items if item.source == "variables"]
        finally:
            session.loop.run(session.close())
            session.loop.close()
