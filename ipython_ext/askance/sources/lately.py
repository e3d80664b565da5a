"""What was worked on lately in a running notebook. Enters: what the front end tells, and edits that the watcher saw.
Leaves: paths, the latest first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import takewhile

from ..index.recent import Edit, RecentFiles
from .base import KernelState


class Lately:
    """Merges the two by time. The front end tells an order without times: what came to its front did so since last asked.

    Args:
        state: the kernel's, which knows what the front end told.
        edits: gives the edits of files, the latest first.
        clock: seconds since 1970, as of the edits.
    """

    def __init__(
        self, state: KernelState, edits: Callable[[], Sequence[Edit]], clock: Callable[[], float] = time.time
    ) -> None:
        self._state = state
        self._edits = edits
        self._clock = clock
        self._told: tuple[str, ...] = ()
        self._recent = RecentFiles()

    def files(self) -> Sequence[str]:
        """Paths relative to the root, at most 50."""
        for edit in reversed(self._edits()):
            self._recent.touch(edit.path, edit.when)
        told, now = tuple(self._state.recent_files()), self._clock()
        first = self._told[:1]
        for path in reversed(list(takewhile(lambda path: (path,) != first, told))):
            self._recent.touch(path, now)
        self._told = told
        return self._recent.files()
