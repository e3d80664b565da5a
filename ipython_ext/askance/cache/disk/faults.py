"""What went wrong on disk: somebody else is writing, there is no room, or the database is damaged.

Enters: exceptions. Leaves: one of three words; a line for people.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path
from typing import Literal

from .folder import Unfit

TIMEOUT = 0.05
"""Seconds to wait for another kernel on an ask's path: a cache that is busy is a miss, never a delay."""

PATIENCE = 5.0
"""Seconds to wait for other kernels when writing, off the ask's path."""

ROOM = 2**18
"""Bytes free on a disk below which what SQLite cannot write or open counts as for want of room."""

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_PERHAPS_FULL = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}

Fault = Literal["busy", "full", "damaged"]


def fault(error: Exception, folder: Path) -> Fault:
    """Which of the three it is. SQLite's codes: sqlite.org/rescode.html; the low byte is the primary one.

    Args:
        error: what was raised.
        folder: where.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    number = getattr(error, "errno", None)
    if code in _BUSY or isinstance(error, TimeoutError):
        return "busy"
    if code == sqlite3.SQLITE_FULL or number in {errno.ENOSPC, errno.EDQUOT}:
        return "full"
    return "full" if code in _PERHAPS_FULL and _free(folder) < ROOM else "damaged"


def line(error: Exception) -> str:
    """What went wrong, and what to type."""
    if isinstance(error, Unfit):
        return str(error)
    what = f"{error.strerror}: {error.filename}" if isinstance(error, OSError) and error.strerror else str(error)
    return f"{what or type(error).__name__}. To begin anew, type: %askcache clear"


def _free(folder: Path) -> float:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return float("inf")
