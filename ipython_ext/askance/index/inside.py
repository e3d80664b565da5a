"""What lies below a root, reached folder by folder without following a link.

Enters: a root and a path relative to it. Leaves: handles and stats. Each folder is opened from the one above it, so that
nobody can put a link in its place between a check and its use.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..regular import open_regular

DEEPEST = 100
"""Folders below each other that are looked into: more are no project's, and a path of the system is limited too."""

_FOLDER = sum(getattr(os, name, 0) for name in ("O_RDONLY", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC"))
_FORBIDDEN = frozenset(("", ".", ".."))


def is_inside(path: str) -> bool:
    """Whether a path, with "/", can only mean something below the root."""
    parts = path.split("/")
    foreign = "\0" in path or (os.sep == "\\" and ("\\" in path or ":" in path))
    return len(parts) <= DEEPEST and _FORBIDDEN.isdisjoint(parts) and not foreign


@contextmanager
def folder_inside(root: Path, folder: str) -> Iterator[int]:
    """An open handle of a folder, "" for the root itself.

    Raises:
        OSError: it is gone, no folder, or a link is on the way.
    """
    handle = os.open(root, _FOLDER)
    try:
        for part in folder.split("/") if folder else ():
            above, handle = handle, os.open(part, _FOLDER, dir_fd=handle)
            os.close(above)
        yield handle
    finally:
        os.close(handle)


def open_inside(root: Path, path: str) -> tuple[int, os.stat_result] | None:
    """A handle of a regular file, to be closed by the caller, and its stat; None if it is anything else or elsewhere.

    Args:
        root: the tree, resolved.
        path: relative to the root, with "/".
    """
    if not is_inside(path):
        return None
    folder, _, name = path.rpartition("/")
    try:
        with folder_inside(root, folder) as handle:
            return open_regular(name, folder=handle)
    except (OSError, ValueError):
        return None


def stat_inside(root: Path, path: str) -> os.stat_result | None:
    """The stat of what is at a path, a link not followed; None if it is gone or elsewhere."""
    if not is_inside(path):
        return None
    folder, _, name = path.rpartition("/")
    try:
        with folder_inside(root, folder) as handle:
            return os.stat(name, dir_fd=handle, follow_symlinks=False)
    except (OSError, ValueError):
        return None


def is_spelled_so(root: Path, path: str) -> bool:
    """Whether what is at a path has exactly this name, and so have the folders it is in; no link is followed."""
    parts = path.split("/")
    try:
        for place, name in enumerate(parts):
            with folder_inside(root, "/".join(parts[:place])) as handle:
                if name not in os.listdir(handle):  # noqa: PTH208  by its handle
                    return False
    except (OSError, ValueError):
        return False
    return is_inside(path)
