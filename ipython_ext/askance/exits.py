"""Finishes at the interpreter's end what sessions still write: a script that asks and ends keeps its answers.

Enters: sessions without a kernel. Leaves: nothing.
"""

from __future__ import annotations

import atexit
import os
import weakref
from contextlib import suppress

from .session import Session

SECONDS = 2.0
"""Time that all of it may take: an exit is not held up by a disk that does not answer."""

_open: weakref.WeakSet[Session] = weakref.WeakSet()
_owner = 0


def finish_at_exit(session: Session) -> None:
    """Close the session when the process ends, unless its owner did before."""
    global _owner  # noqa: PLW0603  a forked child leaves its parent's alone
    if _owner != os.getpid():
        _open.clear()
        _owner = os.getpid()
        atexit.register(_finish)
    _open.add(session)


def _finish() -> None:
    if _owner != os.getpid():
        return
    for session in list(_open):
        with suppress(Exception):  # the interpreter may be half gone
            session.loop.submit(session.close()).result(SECONDS)
            session.loop.close(SECONDS)
