"""How much of each thing may leave the machine.

Enters: what the user set for sources and for single things, and what one question asks for. Leaves: a level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType

NAMES, SCHEMA, STATISTICS, SAMPLES = range(4)
"""The levels: names alone; types, columns, definitions; figures about the values; values, whole code, whole files."""

USUAL: Mapping[str, int] = MappingProxyType({"variables": STATISTICS})
"""The levels of sources for which nothing was set; of all others `SAMPLES`. Files of rows count as variables do."""


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """The privacy levels of one question.

    Attributes:
        most: the level that the question was asked with, None if it was asked without.
        levels: what was set: (a source, a name, an id "source:name" or a pattern of names like "data/*.csv") and its level.
        never: names, ids, sources or patterns of what never leaves, not even by its name.
    """

    most: int | None = None
    levels: tuple[tuple[str, int], ...] = ()
    never: tuple[str, ...] = ()

    def of(self, source: str, name: str, usual: int | None = None) -> int:
        """The level of one thing: as the question says, but not above what was set for it.

        Args:
            source: the source that offers it.
            name: its name there.
            usual: its level where nothing was set; None for its source's.
        """
        own = self._set_for(source, name)
        if self.most is not None:
            return self.most if own is None else min(self.most, own)
        if own is not None:
            return own
        return USUAL.get(source, SAMPLES) if usual is None else usual

    @property
    def highest(self) -> int:
        """The highest level of anything that goes along; what the user writes has it."""
        return SAMPLES if self.most is None else self.most

    def forbids(self, source: str, name: str) -> bool:
        """Whether a thing must not leave at all."""
        return any(_rank(pattern, source, name) for pattern in self.never)

    def _set_for(self, source: str, name: str) -> int | None:
        fitting = [(_rank(key, source, name), -level) for key, level in self.levels]
        rank, level = max(fitting, default=(0, 0))
        return -level if rank else None

    @property
    def text(self) -> str:
        """The same text for the same levels: part of what names a question."""
        levels = ",".join(f"{key}={level}" for key, level in sorted(self.levels))
        return f"{'' if self.most is None else self.most};{levels};{','.join(sorted(self.never))}"


def _rank(key: str, source: str, name: str) -> int:
    """How closely a key means a thing: 0 not at all, 1 by its source, 2 by a pattern, 3 by its name, 4 by its id."""
    if key == f"{source}:{name}":
        return 4
    if key == name:
        return 3
    if any(character in key for character in "*?[") and (
        fnmatchcase(name, key) or fnmatchcase(f"{source}:{name}", key) or fnmatchcase(name.rpartition("/")[2], key)
    ):
        return 2
    return 1 if key == source else 0
