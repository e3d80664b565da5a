"""The project's files as context. Enters: a `Project`. Leaves: the best-matching, mentioned and open files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from ..index.excerpt import excerpt, outline
from ..index.project import Project
from ..index.text import header, is_data
from ..records import Ask, Candidate, Level
from ..words import words
from .base import KernelState

MOST = 30
"""Files that are offered for their similarity."""

_EXCERPT_ROOM = 1500
_FULL_ROOM = 20_000
_SAMPLES = 3
"""The privacy level from which rows of data files may be told."""


class FilesSource:
    """Offers files of the project, by their path relative to its root.

    Args:
        project: the index.
        state: tells which files are open.
        notebook: gives the path of the asking notebook, None if nobody knows: it is no context for itself.
    """

    name = "files"

    def __init__(
        self, project: Project, state: KernelState, notebook: Callable[[], Path | None] = lambda: None
    ) -> None:
        self._project = project
        self._state = state
        self._notebook = notebook

    @property
    def notes(self) -> tuple[str, ...]:
        """What is missing from the index, and why."""
        return self._project.notes

    async def collect(self, ask: Ask) -> list[Candidate]:
        """Brings the index up to date, then asks it."""
        return await asyncio.to_thread(self._collect, ask)

    def fingerprint(self, name: str) -> str | None:
        """A hash of the file's present text, None if it is gone or ignored."""
        return None if name == self._own_path() else self._project.fingerprint(name)

    def _collect(self, ask: Ask) -> list[Candidate]:
        self._project.refresh()
        query = words(ask.question)
        similar = self._project.search(query, MOST + 1)
        opened = list(self._state.open_files())
        own = self._own_path()
        indexed = self._project.paths()
        meant = [path for path in indexed if any(_is_meant(path, mention) for mention in ask.mentions)]
        known = set(indexed)
        chosen = dict.fromkeys([*meant, *similar, *(path for path in opened if path in known)])
        found = [self._candidate(path, ask, query, similar, opened) for path in chosen if path != own]
        return [candidate for candidate in found if candidate is not None]

    def _candidate(
        self, path: str, ask: Ask, query: Sequence[str], similar: dict[str, float], opened: Sequence[str]
    ) -> Candidate | None:
        fingerprint = self._project.fingerprint(path)
        if fingerprint is None:
            return None
        signals = {"similarity": similar.get(path, 0.0)}
        if path in opened:
            signals["open"] = 1.0 if path == opened[0] else 0.5
        return Candidate(
            source="files",
            name=path,
            render=lambda level: self._render(path, level, ask.privacy, query),
            fingerprint=lambda: fingerprint,
            text=path,
            signals=signals,
            aliases=tuple(mention for mention in ask.mentions if _is_meant(path, mention)),
        )

    def _render(self, path: str, level: Level, privacy: int, query: Sequence[str]) -> str:
        text = None if level == "name" else self._project.read(path)
        if text is None:
            return path
        if is_data(path) and privacy < _SAMPLES:
            return f"{path}\n{header(path, text)}".rstrip() if privacy >= 1 else path
        if level == "outline":
            return f"{path}\n{outline(path, text)}"
        if level == "excerpt":
            return f"{path}\n{excerpt(path, text, query, words, _EXCERPT_ROOM)}"
        return f"{path}\n{_whole_lines(text, _FULL_ROOM)}"

    def _own_path(self) -> str:
        notebook, root = self._notebook(), self._project.root
        if notebook is None or root is None or not notebook.resolve().is_relative_to(root):
            return ""
        return notebook.resolve().relative_to(root).as_posix()


def _is_meant(path: str, mention: str) -> bool:
    return path == mention or path.endswith("/" + mention)


def _whole_lines(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    kept = text[:room].rpartition("\n")[0] or text[:room]
    return f"{kept}\n… {len(text) - len(kept):,} more characters"
