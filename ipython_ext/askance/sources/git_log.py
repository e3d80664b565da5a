"""The subjects of the latest commits, without asking git. Enters: git's own diary (`logs/HEAD`). Leaves: lines of text.

The diary tells of commits that were made in this clone. Of others it knows no subject, and there the list ends.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

MOST = 10
"""Subjects that are listed."""

_TAIL = 64_000
_ENTRY = re.compile(
    r"^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [^\t\n]*\t"
    r"(commit|commit \((?:initial|amend|merge|cherry-pick)\)|cherry-pick|revert|rebase[^:\n]*\(pick\)): ([^\n]*)",
    re.MULTILINE,
)


def subjects(diary: str, head: str) -> list[str]:
    """First lines of the commits that lead to `head`, latest first, as far as the diary tells.

    Args:
        diary: the text of `logs/HEAD`.
        head: the full id of the commit that is checked out.
    """
    made = {new: (old, verb, subject) for old, new, verb, subject in _ENTRY.findall(diary)}
    found: list[str] = []
    while head in made and len(found) < MOST:
        parent, verb, subject = made.pop(head)
        found.append("".join(filter(str.isprintable, subject))[:200])
        # What an amended commit replaced is no parent of it.
        head = made.get(parent, ("", "", ""))[0] if "amend" in verb else parent
    return found


def read_diary(file: Path) -> str:
    """The last part of a diary; "" if there is none, or no regular file."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    with os.fdopen(handle, "rb"):
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            return ""
        return os.pread(handle, _TAIL, max(0, state.st_size - _TAIL)).decode("utf-8", "replace")
