"""Where code stands, and whether it may be shown. Enters: file names as code objects have them. Leaves: places.

What is neither in a cell that ran nor in a file of the project may be anything, such as a notebook that another one ran.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..records import Ask, Cell
from ..records.privacy import SAMPLES
from .base import everything
from .recency import user_cells

_LIBRARY = re.compile(r".*[/\\](?:site-packages|dist-packages)[/\\]([^/\\.]+)")
_OWN_LIBRARY = re.compile(r"(^|/)lib/python3[^/]*/")
_MAGIC = "get_ipython()"  # stands where a cell had a magic


class Place(NamedTuple):
    """A cell or a file.

    Attributes:
        title: what to call it: "cell[3]", "cell", or a path relative to the root; "" for what is not the user's.
        source: the source that offers it, "" for none.
        name: its name there.
        hidden: whether nothing may be told of it: an ignore file or the user leaves it out.
    """

    title: str = ""
    source: str = ""
    name: str = ""
    hidden: bool = False


LIBRARY = Place()
"""Not the user's."""


class Places:
    """Tells of each file of code what it is.

    Args:
        root: the project's folder, "" for none.
        cells: the cells that ran.
        may_show: whether the lines of a file may be shown.
        ask: the question, which may leave things out too; None to leave out what no question may be told of.
    """

    def __init__(
        self,
        root: str,
        cells: Sequence[Cell],
        may_show: Callable[[str], bool] = everything,
        ask: Ask | None = None,
    ) -> None:
        self._root = f"{root.rstrip('/')}/" if root else ""
        self._cells = user_cells(cells)
        self._may_show = may_show
        self._ask = ask
        self._known: dict[str, Place] = {}

    def __getitem__(self, filename: str) -> Place:
        """What a file name means."""
        if filename not in self._known:
            found = self._place(filename)
            withheld = self._ask is not None and found.source and self._ask.withholds(found.source, found.name)
            self._known[filename] = found._replace(hidden=True) if withheld else found
        return self._known[filename]

    def hides(self, filename: str) -> bool:
        """Whether nothing may be told of this code but that it is there."""
        place = self[filename]
        return place.hidden or (bool(place.title) and not place.source)

    def shows_code(self, filename: str) -> bool:
        """Whether lines of this code may be told: not of files and cells that are not told of whole."""
        place = self[filename]
        if self.hides(filename) or self._ask is None or not place.source:
            return not self.hides(filename)
        return self._ask.privacy.of(place.source, place.name) >= SAMPLES

    def _place(self, filename: str) -> Place:
        entry = linecache.cache.get(filename)
        if entry is not None and len(entry) == 4 and entry[1] is None:  # no mtime: source that never was a file
            cell = self._cell("".join(entry[2]))
            return Place("cell") if cell is None else Place(f"cell[{cell.number}]", "cells", cell.id)
        inside = filename[len(self._root) :] if self._root and filename.startswith(self._root) else ""
        if is_library(inside or filename):
            return LIBRARY
        if not self._may_show(filename):
            return Place(hidden=True)
        if inside.startswith((".venv/", "venv/")):
            return LIBRARY
        return Place(inside, "files", inside) if inside else LIBRARY

    def _cell(self, code: str) -> Cell | None:
        """The cell that code came from, its magics made into calls, or a part of it; of several the latest."""
        same = next((cell for cell in reversed(self._cells) if cell.source.strip() == code.strip()), None)
        if same is not None:
            return same
        lines = {stripped for line in code.splitlines() if (stripped := line.strip()) and _MAGIC not in line}
        if not lines:
            return None
        return next((cell for cell in reversed(self._cells) if lines <= _lines(cell.source)), None)


def library(filename: str) -> str:
    """What to call the library that a file belongs to."""
    match = _LIBRARY.match(filename)
    return match[1] if match else "Python's own library"


def is_library(path: str) -> bool:
    """Whether a file is an installed package's or Python's own."""
    return _LIBRARY.match("/" + path) is not None or _OWN_LIBRARY.search(path) is not None


@lru_cache(maxsize=1024)
def _lines(source: str) -> frozenset[str]:
    return frozenset(line.strip() for line in source.splitlines())
