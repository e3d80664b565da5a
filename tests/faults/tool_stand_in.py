"""A source of another package that offers what a tool returned: a stand-in until there are tools.

Enters: texts by name. Leaves: candidates. It comes in as any such source does, by an entry point of an installed package.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from askance.records import Ask, Candidate

RESULTS: dict[str, str] = {}


class ToolResults:
    """Offers what tools returned."""

    name = "tool_results"

    async def collect(self, ask: Ask) -> list[Candidate]:
        """A candidate a result."""
        del ask
        return [
            Candidate(
                source=self.name,
                name=name,
                render=lambda _level, text=text: text,
                fingerprint=lambda text=text: str(len(text)),
            )
            for name, text in RESULTS.items()
        ]

    def fingerprint(self, name: str) -> str | None:
        """The length of a result."""
        return str(len(RESULTS[name])) if name in RESULTS else None


def source(_state: object, _root: object) -> ToolResults:
    """What the entry point names."""
    return ToolResults()


@contextmanager
def installed(folder: Path, results: Mapping[str, str]) -> Iterator[None]:
    """As long as a package with this source is installed."""
    metadata = folder / "tool_stand_in-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: tool-stand-in\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[askance.sources]\ntool_results = {__name__}:source\n")
    RESULTS.clear()
    RESULTS.update(results)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        RESULTS.clear()
