"""Reads small files that may be anything. Enters: paths. Leaves: names and texts, and stamps that tell whether they changed.

Only regular files are opened: a pipe, a device or a folder of that name is not there at all.
"""

from __future__ import annotations

import os
import stat
from itertools import islice
from typing import NamedTuple

MOST_BYTES = 1_000_000
"""A larger file is no file of secrets."""

MOST_NAMES = 5000
"""Names of one folder that are looked at."""

_RACY = 2_000_000_000
"""Nanoseconds in which a file may change once more without its stamp changing: clocks of file systems are coarse."""

Stamp = tuple[int, int, int, int]
ABSENT: Stamp = (0, 0, 0, 0)
"""The stamp of what is not there, or may not be looked at."""


class Folder(NamedTuple):
    """The names in a folder: those of folders, and all others."""

    folders: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def stamp(path: str, now_ns: int, *, follow: bool) -> Stamp | None:
    """What differs after a change; None if it changed just now and so may change unseen.

    Args:
        path: a file or a folder.
        now_ns: the wall clock in nanoseconds.
        follow: whether a link stands for what it leads to.
    """
    try:
        state = os.stat(path, follow_symlinks=follow)  # noqa: PTH116  faster; asked for a hundred paths a second
    except (OSError, ValueError):
        return ABSENT
    if abs(now_ns - max(state.st_mtime_ns, state.st_ctime_ns)) < _RACY:
        return None
    return state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino


def text(path: str, *, follow: bool) -> str:
    """The text of a regular file, "" for anything else and for what may not be read.

    Args:
        path: the file.
        follow: whether a link in its place is followed: in a home it often leads to a repository of settings, in a
            project to wherever a stranger likes.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)
    try:
        # Before it is opened: opening some devices does something.
        if not stat.S_ISREG(os.stat(path, follow_symlinks=follow).st_mode):  # noqa: PTH116
            return ""
        handle = os.open(path, flags if follow else flags | getattr(os, "O_NOFOLLOW", 0))
    except (OSError, ValueError):
        return ""
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_size > MOST_BYTES:
            return ""
        return os.read(handle, MOST_BYTES).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except OSError:
        return ""
    finally:
        os.close(handle)


def folder(path: str) -> Folder:
    """What is in a folder; links to folders are none. Empty if it is none, or may not be read."""
    folders: list[str] = []
    others: list[str] = []
    try:
        with os.scandir(path) as entries:
            for entry in islice(entries, MOST_NAMES):
                (folders if entry.is_dir(follow_symlinks=False) else others).append(entry.name)
    except (OSError, ValueError):
        return Folder()
    return Folder(tuple(sorted(folders)), tuple(sorted(others)))
