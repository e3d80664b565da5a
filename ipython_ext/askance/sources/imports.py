"""How the files at hand hang together. Enters: a `Project`. Leaves: a candidate for each open, recent or mentioned file
that imports others of the project or is imported, and for the files around them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from ..index.digest import digest
from ..index.project import Project
from ..mentions import meaning
from ..records import Ask, Candidate
from .base import KernelState

DEPTH = 2
"""Imports between a file at hand and the farthest that is told of, in either direction."""

MOST = 30
"""Candidates of one ask, nearest first."""

MOST_NAMES = 20
"""Files that are named in each direction."""

_RECENT = 5


class ImportsSource:
    """Offers who imports whom, by the path of a file relative to the root.

    Args:
        project: the index.
        state: tells which files are open and were worked on lately.
    """

    name = "imports"

    def __init__(self, project: Project, state: KernelState) -> None:
        self._project = project
        self._state = state

    async def collect(self, ask: Ask) -> list[Candidate]:
        """Brings the index up to date, then looks around what is at hand."""
        at_hand = [*self._state.open_files(), *list(self._state.recent_files())[:_RECENT]]
        if not at_hand and not ask.mentions:
            return []
        self._project.refresh()
        known = self._project.paths()
        at_hand = [*(path for path in known if meaning(path, ask.mentions)), *at_hand]
        near = {**dict.fromkeys(at_hand, 0), **self._project.neighbours(at_hand, DEPTH)}

        @cache  # what many import is asked for often
        def told(file: str) -> bool:
            return self._project.allows(file) and not ask.withholds("files", file)

        found = [self._candidate(path, distance, ask, told) for path, distance in list(near.items())[:MOST]]
        return [candidate for candidate in found if candidate is not None]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of a file's imports and importers, None if there are none.

        A file that nobody has looked at yet may import this one, so the index is brought up to date first.
        """
        self._project.refresh()
        text = self._text(name)
        return digest(text) if text else None

    def leaves_out(self, name: str) -> bool:
        """Whether the file is one that an ignore file or its name leaves out."""
        return not self._project.allows(name)

    def _candidate(self, path: str, distance: int, ask: Ask, told: Callable[[str], bool]) -> Candidate | None:
        text = self._text(path, told)
        if not text:
            return None
        return Candidate(
            source=self.name,
            name=path,
            render=lambda _: text,
            fingerprint=lambda: digest(self._text(path)),
            text=text,
            signals={"near": 1 / (1 + distance)},
            levels=("outline",),
            privacy=ask.privacy.of(self.name, path),
        )

    def _text(self, path: str, told: Callable[[str], bool] | None = None) -> str:
        """What imports what; of files that are left out nothing at all."""
        told = told or self._project.allows
        if not told(path):
            return ""
        imports, importers = (list(filter(told, files)) for files in self._project.edges(path))
        said = [f"imports {_names(imports)}"] if imports else []
        said += [f"is imported by {_names(importers)}"] if importers else []
        return f"{path} {'; '.join(said)}" if said else ""


def _names(paths: Sequence[str]) -> str:
    more = len(paths) - MOST_NAMES
    return ", ".join(paths[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
