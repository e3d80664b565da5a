"""The latest commits, without asking git. Enters: git's own diary (`logs/HEAD`). Leaves: their subjects and their ids.

The diary tells of commits that were made in this clone. Of others it knows no subject, and there the list ends.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from ..beginning import beginning
from ..regular import open_regular

MOST = 10
"""Subjects that are listed."""

_TAIL = 64_000
_ENTRY = re.compile(
    r"^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [^\t\n]*\t"
    r"(commit|commit \((?:initial|amend|merge|cherry-pick)\)|cherry-pick|revert|rebase[^:\n]*\(pick\)): ([^\n]*)",
    re.MULTILINE,
)


class Lately(NamedTuple):
    """The commits that lead to the head, latest first, as far as the diary tells.

    Attributes:
        subjects: their first lines.
        ids: their full ids, and that of the one before them.
    """

    subjects: tuple[str, ...]
    ids: tuple[str, ...]


def lately(diary: str, head: str) -> Lately:
    """What led to `head`.

    Args:
        diary: the text of `logs/HEAD`.
        head: the full id of the commit that is checked out.
    """
    made = {new: (old, verb, subject) for old, new, verb, subject in _ENTRY.findall(diary)}
    subjects: list[str] = []
    ids = [head]
    while head in made and len(subjects) < MOST:
        parent, verb, subject = made.pop(head)
        subjects.append(beginning("".join(filter(str.isprintable, subject)), 200))
        while "amend" in verb:  # what it replaced is no parent of it, but has the same one
            parent, verb, _ = made.pop(parent, ("", "", ""))
        head = parent
        ids.append(head)
    return Lately(tuple(subjects), tuple(id_ for id_ in ids if id_.strip("0")))


def read_diary(file: Path) -> str:
    """The last part of a diary; "" if there is none, or no regular file."""
    opened = open_regular(file)
    if opened is None:
        return ""
    handle, state = opened
    with os.fdopen(handle, "rb"):
        return os.pread(handle, _TAIL, max(0, state.st_size - _TAIL)).decode("utf-8", "replace")
