"""A lock between processes, on a file.

Enters: a path. Leaves: a context in which no other process holds the same lock; the system frees it if we die.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

POLL_SECONDS = 0.05

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path: Path, wait: float) -> Iterator[None]:
    """Hold the lock.

    Args:
        path: the lock's file; made if missing, never removed.
        wait: seconds to wait for another holder.

    Raises:
        TimeoutError: another process held it all the time.
        OSError: the file cannot be made.
    """
    descriptor = os.open(path, _FLAGS, 0o600)
    try:
        _wait(descriptor, time.monotonic() + wait)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, deadline: float) -> None:
    while True:
        try:
            _take(descriptor)
        except OSError:
            if time.monotonic() >= deadline:
                raise TimeoutError from None
            time.sleep(POLL_SECONDS)
        else:
            return


class FileLock:
    """A lock that is tried and not waited for, on a file that goes when it is released.

    Args:
        path: the lock's file; its folder is made if it is missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Whether we hold it now, and nobody else.

        Raises:
            OSError: the file cannot be made.
        """
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, _FLAGS, 0o600)
        try:
            _take(descriptor)
            # The last holder may have removed the file between our opening and our locking it.
            if os.fstat(descriptor).st_ino == self._path.lstat().st_ino:
                self._descriptor, descriptor = descriptor, -1
        except OSError:
            return False
        finally:
            if descriptor >= 0:
                os.close(descriptor)
        return self._descriptor is not None

    def release(self) -> None:
        """Let go of it, if we hold it."""
        if self._descriptor is None:
            return
        with suppress(OSError):
            self._path.unlink()  # first: once it is free, the file is another's
        os.close(self._descriptor)  # a forked child may have it too; then it locks a file that nobody finds
        self._descriptor = None
