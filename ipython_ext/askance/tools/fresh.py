"""Fingerprints of results that come from many things at once: a hash of the result itself, made anew after a change.

Enters: what is asked, and the state of all that it may rest on. Leaves: a fingerprint, the same in every kernel.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from ..errors import AskanceError
from ..index.digest import digest

MOST = 64


class Fresh:
    """Remembers a few fingerprints. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[object, str | None]] = OrderedDict()

    def fingerprint(self, asked: str, state: object, make: Callable[[], str]) -> str | None:
        """A hash of what would be told now; None if nothing would.

        Args:
            asked: the call.
            state: differs after every change of what the result rests on; None if nobody can tell.
            make: gives the result; may raise `AskanceError`.
        """
        with self._lock:
            known = self._known.get(asked)
        if known is not None and state is not None and known[0] == state:
            return known[1]
        try:
            value: str | None = digest(make())
        except AskanceError:
            value = None
        with self._lock:
            self._known[asked] = (state, value)
            self._known.move_to_end(asked)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return value
