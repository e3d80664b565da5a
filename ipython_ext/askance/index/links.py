"""The files that are left out, by what they are and not by what they are called: one may have a second name.

Enters: a root, and what says whether a path is left out. Leaves: devices and inodes. Looked for only once a file with
several names turns up, which is seldom.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from .ignore import SKIPPED_DIRECTORIES

MOST = 100_000
"""Names that are looked at."""

_HEAVY = SKIPPED_DIRECTORIES - {".aws", ".ssh", ".kube", ".gnupg", ".docker"}


def denied_inodes(root: Path, allows: Callable[[str], bool]) -> frozenset[tuple[int, int]]:
    """Device and inode of each file with several names of which one is left out; folders of tools are not looked into.

    Args:
        root: the tree, resolved.
        allows: whether a path relative to it may be told of.
    """
    found = set()
    for entry, path in _files(root):
        try:
            state = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        if state.st_nlink > 1 and not allows(path):
            found.add((state.st_dev, state.st_ino))
    return frozenset(found)


def _files(root: Path) -> Iterator[tuple[os.DirEntry[str], str]]:
    pending, room = [""], MOST
    while pending and room > 0:
        directory = pending.pop()
        try:
            entries = list(os.scandir(root / directory))
        except OSError:
            continue
        room -= len(entries)
        for entry in entries:
            path = f"{directory}/{entry.name}" if directory else entry.name
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
            except OSError:
                continue
            if not is_folder:
                yield entry, path
            elif entry.name not in _HEAVY:
                pending.append(path)
