"""The lines of a file or a cell that ran. Enters: the name that its code bears. Leaves: lines, none of what is no text file."""

from __future__ import annotations

import linecache
import os
import stat

from .type_names import exact

_MOST_BYTES = 5_000_000


def lines_of(filename: str) -> list[str]:
    """The lines as Python keeps them; a pipe or a device of that name is not opened, nor is its loader asked."""
    name = exact(filename)
    entry = linecache.cache.get(name)
    if type(entry) is tuple and len(entry) == 4 and entry[1] is None and type(entry[2]) is list:
        return entry[2]  # no time of change: source that never was a file
    try:
        state = os.stat(name)  # noqa: PTH116  as linecache does it; a name may be no path at all
    except (OSError, ValueError):
        return []
    is_file = stat.S_ISREG(state.st_mode) and state.st_size <= _MOST_BYTES
    return linecache.getlines(name) if is_file else []
