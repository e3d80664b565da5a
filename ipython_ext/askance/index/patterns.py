"""The patterns of ignore files. Enters: a file, or its lines. Leaves: a `GitIgnoreSpec`.

Whatever is wrong with such a file, nothing is told because of it: one that cannot be read hides all that it may be about.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Sequence
from pathlib import Path

from pathspec import GitIgnoreSpec

from ..regular import read_regular

MOST_BYTES = 1_000_000
MOST_PATTERNS = 5000
"""What an ignore file may have; a larger one is not understood, and hides all."""

ALL = GitIgnoreSpec.from_lines(["*"])
_MOST_STARS = 3
_SEGMENT = re.compile(rf"((?:[^*/]*\*+){{{_MOST_STARS}}})[^*/]*\*[^/]*")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(file: Path) -> GitIgnoreSpec | None:
    """The patterns of a file; None if there is no such file, or it is no file at all.

    Args:
        file: a regular file, or a link to one.
    """
    data = read_regular(file, MOST_BYTES)
    if data is None:
        return ALL if os.path.isfile(file) else None  # noqa: PTH113  Path's own raises where a folder may not be entered
    text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig", "replace")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return spec(lines) if len(lines) <= MOST_PATTERNS else ALL


def spec(lines: Sequence[str]) -> GitIgnoreSpec:
    """The patterns of these lines; one that is none, git skips too."""
    try:
        return GitIgnoreSpec.from_lines(map(_tame, lines))
    except (ValueError, re.error):
        return sum(map(_one, lines), GitIgnoreSpec.from_lines(()))


def _one(line: str) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines([_tame(line)])
    except (ValueError, re.error):
        return GitIgnoreSpec.from_lines(())


def _tame(line: str) -> str:
    """A pattern whose matching takes no power of a name's length: after some stars it fits whatever follows.

    One that makes an exception is dropped instead, so that no more is let through.
    """
    if line.count("*") <= _MOST_STARS:
        return line
    tamed = _SEGMENT.sub(r"\1", line)
    return "" if tamed != line and line.startswith("!") else tamed
