"""A lock between processes, on a file.

Enters: a path. Leaves: a context in which no other process holds the same lock; the system frees it if we die.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.05

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
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
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
