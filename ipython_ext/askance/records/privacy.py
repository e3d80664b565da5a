"""How much of each thing may leave the machine.

Enters: what the user set for sources and for single things, and what one question asks for. Leaves: a level.

What each source tells at most; a level tells all that the ones before it do:

    source       0 names                1 schema                  2 statistics              3 samples
    variables    name and type          columns, keys, types,     figures, small single     rows and values, source of
                                        signatures                values                    functions and classes
    files        path                   definitions, headings                               the text
    data files   path                   header line                                         the rows
    cells        number, whether it     names it imports,                                   its source
                 failed                 defines and calls
    error        type                   file, line, function of   its message; values of    samples of the locals
                                        each step; names of       the locals as those of
                                        the locals                variables
    git          branch, how many       names of changed files,                             subjects of commits
                 files are changed      head, upstream, host
    imports, packages, environment, tabs    names and versions: all they tell

Where nothing is set, variables, data files and the error have level 2, all else 3. A line of code in a traceback needs
level 3 of the file or cell it stands in. A source from another package that knows nothing of levels tells of its things
below level 3 the names alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import blake2b
from types import MappingProxyType

NAMES, SCHEMA, STATISTICS, SAMPLES = range(4)
"""The levels: names alone; types, columns, definitions; figures about the values; values, whole code, whole files."""

LEVEL_NAMES = ("names", "schema", "statistics", "samples")
"""What people call them."""

USUAL: Mapping[str, int] = MappingProxyType({"variables": STATISTICS, "error": STATISTICS})
"""The levels of sources for which nothing was set; of all others `SAMPLES`. Files of rows count as variables do."""

Levels = tuple[tuple[str, int], ...]
"""(a source, a name, an id "source:name", a folder "data/" or a pattern of names like "data/*.csv") and its level."""


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """The privacy levels of one question.

    Attributes:
        most: the level that the question was asked with, None if it was asked without.
        levels: what the user set.
        never: names, ids, sources, folders or patterns of what never leaves, not even by its name.
        demanded: what the project asks for; it can lower a level, and never raises one.
    """

    most: int | None = None
    levels: Levels = ()
    never: tuple[str, ...] = ()
    demanded: Levels = ()

    def of(self, source: str, name: str, usual: int | None = None) -> int:
        """The level of one thing: as the question says, but not above what was set for it.

        Args:
            source: the source that offers it.
            name: its name there.
            usual: its level where nothing was set; None for its source's.
        """
        own, set_ = _closest(self.levels, source, name)
        theirs, demanded = _closest(self.demanded, source, name)
        level = set_ if own else USUAL.get(source, SAMPLES) if usual is None else usual
        if self.most is not None:
            level = min(level, self.most) if own else self.most
        return min(level, demanded) if theirs > own else level

    @property
    def highest(self) -> int:
        """The highest level of anything that goes along; what the user writes has it."""
        return SAMPLES if self.most is None else self.most

    def forbids(self, source: str, *names: str) -> bool:
        """Whether a thing must not leave at all.

        Args:
            source: the source that offers it.
            names: what it is called there.
        """
        return any(_rank(key, source, name) for key in self.never for name in names)

    @property
    def rules(self) -> str:
        """The same text for the same rules, however the question is asked; "" for none. Tells no name."""
        parts = (sorted(self.levels), sorted(self.never), sorted(self.demanded))
        return blake2b(repr(parts).encode("utf-8", "replace"), digest_size=8).hexdigest() if any(parts) else ""

    @property
    def text(self) -> str:
        """The same text for the same levels: part of what names a question."""
        return f"{'' if self.most is None else self.most};{self.rules}"


def _closest(levels: Iterable[tuple[str, int]], source: str, name: str) -> tuple[int, int]:
    """How closely the levels mean a thing, 0 for not at all, and the lowest of those that do so most closely."""
    rank, level = max(((_rank(key, source, name), -level) for key, level in levels), default=(0, 0))
    return rank, -level


def _rank(key: str, source: str, name: str) -> int:
    """How closely a key means a thing: 0 not at all, 1 by its source, 2 by a folder or a pattern, 3 by its name, 4 by its id."""
    if key == f"{source}:{name}":
        return 4
    if key == name or name.endswith(f"/{key}"):
        return 3
    if key.endswith("/") and f"/{key.lstrip('/')}" in f"/{name}":
        return 2
    if any(character in key for character in "*?[") and (
        fnmatchcase(name, key) or fnmatchcase(f"{source}:{name}", key) or fnmatchcase(name.rpartition("/")[2], key)
    ):
        return 2
    return 1 if key == source else 0
