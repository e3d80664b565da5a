"""Regular files alone, read without ever waiting.

Enters: a path. Leaves: its bytes, or None for a pipe, a device, a socket, a folder, what is too large, and what is gone. A
pipe would be waited on for ever, and opening a device can be an act of its own: neither is opened.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_SAFE = sum(getattr(os, name, 0) for name in ("O_RDONLY", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def read_regular(path: str | Path, most: int, *, links: bool = True) -> bytes | None:
    """The bytes of a regular file.

    Args:
        path: the file.
        most: bytes it may have; a larger one is not read at all.
        links: whether the path may be a link to the file; else a link counts as no file.
    """
    opened = open_regular(path, links=links)
    if opened is None:
        return None
    handle, state = opened
    try:
        return os.read(handle, state.st_size) if state.st_size <= most else None
    except OSError:
        return None
    finally:
        os.close(handle)


def open_regular(
    path: str | Path, *, folder: int | None = None, links: bool = False
) -> tuple[int, os.stat_result] | None:
    """A handle of a regular file, to be closed by the caller, and its stat; None if it is anything else.

    Args:
        path: the file, relative to `folder` if that is given.
        folder: the handle of an open folder.
        links: whether the path may be a link.
    """
    try:
        if not stat.S_ISREG(os.stat(path, dir_fd=folder, follow_symlinks=links).st_mode):
            return None
        # Another thing may have taken its place since: without waiting, and looked at again.
        handle = os.open(path, _SAFE if links else _SAFE | _NO_LINK, dir_fd=folder)
    except (OSError, ValueError):
        return None
    try:
        state = os.fstat(handle)
    except OSError:
        state = None
    if state is None or not stat.S_ISREG(state.st_mode):
        os.close(handle)
        return None
    return handle, state
