"""How the files at hand hang together. Enters: a `Project`. Leaves: a candidate for each open, recent or mentioned file
that imports others of the project or is imported, and for the files around them.
"""

from __future__ import annotations

from collections.abc import Sequence

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
        chosen = list(near.items())[:MOST]
        found = [_candidate(path, distance, *self._project.edges(path)) for path, distance in chosen]
        return [candidate for candidate in found if candidate is not None]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of a file's imports and importers, None if there are none.

        A file that nobody has looked at yet may import this one, so the index is brought up to date first.
        """
        self._project.refresh()
        text = _text(name, *self._project.edges(name))
        return digest(text) if text else None


def _candidate(path: str, distance: int, imports: Sequence[str], importers: Sequence[str]) -> Candidate | None:
    text = _text(path, imports, importers)
    if not text:
        return None
    return Candidate(
        source="imports",
        name=path,
        render=lambda _: text,
        fingerprint=lambda: digest(text),
        text=text,
        signals={"near": 1 / (1 + distance)},
        levels=("outline",),
    )


def _text(path: str, imports: Sequence[str], importers: Sequence[str]) -> str:
    said = [f"imports {_names(imports)}"] if imports else []
    said += [f"is imported by {_names(importers)}"] if importers else []
    return f"{path} {'; '.join(said)}" if said else ""


def _names(paths: Sequence[str]) -> str:
    more = len(paths) - MOST_NAMES
    return ", ".join(paths[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
