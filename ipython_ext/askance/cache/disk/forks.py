"""Tells those who hold what a forked child must not use that they are in a child now.

Enters: objects with a method `leave`. Leaves: that call, in every child, as long as they live.
"""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Leaver(Protocol):
    """Holds threads, locks or files that belong to the process that made them."""

    def leave(self) -> None:
        """Let go of them without touching them."""
        ...


_LEAVERS: WeakSet[Leaver] = WeakSet()


def leave_in_children(leaver: Leaver) -> None:
    """Call its `leave` in children from now on."""
    _LEAVERS.add(leaver)


def _leave() -> None:
    for leaver in list(_LEAVERS):
        leaver.leave()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave)
