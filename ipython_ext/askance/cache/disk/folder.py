"""The folder of the disk tier: of one user, on this machine, and nobody else's to write to.

Enters: where it should be. Leaves: where it is, made and private, or a line on why there is none.
"""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from .mounts import shared

FILES = ("cache.db", "cache.db-wal", "cache.db-shm", "cache.db-journal")
"""All that SQLite makes there."""


class Unfit(OSError):
    """The folder, or what lies in it, is not safe to use; says why and what to do, in one line."""


def place(folder: Path, mountinfo: str, temporary: Path) -> Path:
    """A private folder on this machine: `folder`, or one among the temporary files if that one is shared.

    Args:
        folder: made if it is missing.
        mountinfo: as `mounts.mounted` reads it.
        temporary: where the system keeps temporary files.

    Raises:
        Unfit: neither will do.
        OSError: it cannot be made.
    """
    kind = shared(folder, mountinfo)
    if not kind:
        return private(folder)
    own = temporary / f"askance-{_user()}"
    if shared(own, mountinfo):
        raise Unfit(f"{folder} is on a network file system ({kind}). Set ASKANCE_CACHE_DIR to a folder on a local disk")
    private(own)
    return private(own / folder.name)


def private(folder: Path) -> Path:
    """Make `folder` if it is missing, and close it to others if they can only read it.

    Raises:
        Unfit: it is not a folder of this user alone.
        OSError: it cannot be made.
    """
    if os.path.expandvars(folder) != str(folder):
        raise Unfit(f"the name of {folder} would be read as a variable. Set ASKANCE_CACHE_DIR to another folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise Unfit(f"{folder} is a link, not a folder. Remove it, then type: %askcache clear")
    if status.st_uid != _user(status.st_uid):
        raise Unfit(f"{folder} belongs to somebody else. Set ASKANCE_CACHE_DIR to a folder of yours")
    if os.name == "posix" and status.st_mode & 0o022:
        own = shlex.quote(str(folder))
        raise Unfit(f"others may write to {folder}. Type: !rm -r {own}, then: %askcache clear")
    if os.name == "posix" and status.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def check_files(folder: Path) -> None:
    """See that what lies there under SQLite's names is what SQLite makes.

    Raises:
        Unfit: it is not.
    """
    for name in FILES:
        try:
            status = (folder / name).lstat()
        except FileNotFoundError:
            continue
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1 or status.st_uid != _user(status.st_uid):
            raise Unfit(f"{folder / name} is not a file of ours. Type: %askcache clear")


def identity(file: str) -> tuple[int, int] | None:
    """What tells a file from another that comes in its place; None if none can be seen."""
    try:
        status = os.lstat(file)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _user(unknown: int = 0) -> int:
    """Who we are, `unknown` where the system does not tell."""
    return os.geteuid() if hasattr(os, "geteuid") else unknown
