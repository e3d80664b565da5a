"""The project's files as context. Enters: a `Project`. Leaves: the files that anything connects with the question."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from ..index import bare
from ..index.excerpt import excerpt, outline
from ..index.inside import stat_inside
from ..index.project import Project
from ..index.relevance import relevance
from ..index.root import path_inside
from ..index.text import header, is_data
from ..mentions import meaning
from ..records import LEVELS, Ask, Candidate, Level
from ..records.privacy import NAMES, SAMPLES, STATISTICS
from ..words import words
from .base import KernelState

_EXCERPT_ROOM = 1500
_LONGER_ROOMS = (3000, 6000, 12_000)
_FULL_ROOM = 20_000
_TEXTUAL = ("similarity", "title", "symbols", "history", "phrases", "path", "names", "definition", "named")
_SPOKEN_OF = 0.2
"""The least that a textual signal must be for more than a file's name to go along: nobody asked for what is only new."""


class FilesSource:
    """Offers files of the project, by their path relative to its root.

    Args:
        project: the index.
        state: tells which files are open.
        notebook: gives the path of the asking notebook, None if nobody knows: it is no context for itself.
        recent: gives the files lately worked on, the latest first; by default what the state says.
    """

    name = "files"

    def __init__(
        self,
        project: Project,
        state: KernelState,
        notebook: Callable[[], Path | None] = lambda: None,
        recent: Callable[[], Sequence[str]] | None = None,
    ) -> None:
        self._project = project
        self._state = state
        self._notebook = notebook
        self._recent = recent or state.recent_files
        self._left_out: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What is missing from the index, and why; what was mentioned and is left out."""
        said = (f"{name} is left out, by an ignore file or by its name" for name in self._left_out)
        return (*self._project.notes, *said)

    async def collect(self, ask: Ask) -> list[Candidate]:
        """Brings the index up to date, then asks it."""
        return await asyncio.to_thread(self._collect, ask)

    def fingerprint(self, name: str) -> str | None:
        """A hash of the file's present text, None if it is gone or ignored."""
        return None if name == self._own_path() else self._project.fingerprint(name)

    def leaves_out(self, name: str) -> bool:
        """Whether the file is one that an ignore file or its name leaves out."""
        return not self._project.allows(name)

    def facts(self, name: str) -> Mapping[str, int | str]:
        """Its size in bytes; none if it is gone or ignored."""
        root = self._project.root
        if root is None or self.fingerprint(name) is None:
            return {}
        state = stat_inside(root, name)
        return {} if state is None else {"bytes": state.st_size}

    def named(self, names: Sequence[str]) -> list[str]:
        """The files that paths or names with an ending mean, whole or by their end."""
        meant = tuple(name for name in names if "." in name or "/" in name)
        found = [path for path in self._project.paths() if meaning(path, meant)] if meant else []
        own = self._own_path() if found else ""
        return [path for path in found if path != own and self._project.allows(path)]

    def pulse(self) -> object:
        """What differs after every change in the project; None while nobody watches it."""
        return self._project.changes()

    def tells(self, path: str, ask: Ask) -> bool:
        """Whether a file of this path may be told of, by its name at least; it need not be there."""
        return path != self._own_path() and self._project.allows(path) and not ask.withholds(self.name, path)

    def privacy(self, path: str, ask: Ask) -> int:
        """The level at which a file may be told of."""
        return ask.privacy.of(self.name, path, usual=STATISTICS if is_data(path) else None)

    def told(self, path: str, ask: Ask) -> str | None:
        """All that may be told of what is in a file: below level 3 what stands for its text; None if it is not there."""
        text = self._project.text(path) if self.tells(path, ask) else None
        return None if text is None else self._within(path, text, self.privacy(path, ask))

    def _collect(self, ask: Ask) -> list[Candidate]:
        self._project.refresh()
        found = relevance(self._project, ask.question, self._state.open_files(), self._recent())
        meant = [path for path in self._project.paths() if ask.mentions and meaning(path, ask.mentions)]
        self._left_out = tuple(name for name in ask.mentions if self._is_there_and_left_out(name))
        own, edited = self._own_path(), self._edited()
        query = words(ask.question)
        # The index may be older than an ignore file, and does not know what the user set.
        chosen = [path for path in dict.fromkeys([*meant, *found]) if path != own and self._project.allows(path)]
        return [self._candidate(path, ask, [*query, *edited.get(path, ())], found.get(path, {})) for path in chosen]

    def _is_there_and_left_out(self, name: str) -> bool:
        access = self._project.access
        is_there = access.root is not None and ("." in name or "/" in name) and os.path.lexists(access.root / name)
        return is_there and not access.allows(name)

    def _candidate(self, path: str, ask: Ask, query: Sequence[str], signals: Mapping[str, float]) -> Candidate:
        aliases = meaning(path, ask.mentions)
        privacy = self.privacy(path, ask)
        is_spoken_of = aliases or any(signals.get(signal, 0.0) >= _SPOKEN_OF for signal in _TEXTUAL)
        return Candidate(
            source="files",
            name=path,
            render=lambda level: self._render(path, level, privacy, query),
            longer=tuple(partial(self._excerpt, path, privacy, query, room) for room in _LONGER_ROOMS),
            fingerprint=lambda: self._project.fingerprint(path) or "gone",
            text=path,
            signals={"similarity": 0.0, **signals},
            levels=LEVELS if is_spoken_of else LEVELS[:2] if "open" in signals else LEVELS[:1],
            aliases=aliases,
            privacy=privacy,
        )

    def _render(self, path: str, level: Level, privacy: int, query: Sequence[str]) -> str:
        text = None if level == "name" else self._project.read(path)
        if text is None:
            return path
        if privacy < SAMPLES:
            return f"{path}\n{self._within(path, text, privacy)}".rstrip()
        if level == "outline":
            return f"{path}\n{outline(path, text)}"
        if level == "excerpt":
            return f"{path}\n{excerpt(path, text, query, _EXCERPT_ROOM)}"
        return f"{path}\n{_whole_lines(text, _FULL_ROOM)}"

    def _within(self, path: str, text: str, privacy: int) -> str:
        """The text itself, or what stands for it at its level."""
        if privacy >= SAMPLES or privacy == NAMES:
            return text if privacy >= SAMPLES else ""
        return header(path, text) if is_data(path) else bare.outline(path, text)

    def _excerpt(self, path: str, privacy: int, query: Sequence[str], room: int) -> str:
        text = self._project.read(path)
        if text is None or privacy < SAMPLES or is_data(path) or len(text) <= room:
            return self._render(path, "full", privacy, query)
        return f"{path}\n{excerpt(path, text, query, room)}"

    def _edited(self) -> dict[str, list[str]]:
        """Words of the definitions that were edited lately: an excerpt shows them too."""
        return {edit.path: words(" ".join(edit.names)) for edit in reversed(self._project.edits())}

    def _own_path(self) -> str:
        return path_inside(self._project.root, self._notebook())


def _whole_lines(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    kept = text[:room].rpartition("\n")[0] or text[:room]
    return f"{kept}\n… {len(text) - len(kept):,} more characters"
