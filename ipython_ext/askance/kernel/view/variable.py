"""Keeps an answer as a variable: `_ask`, and the name after `<<`.

Enters: a handle if the ask runs in the background, and the end of the ask. Leaves: names in the user's namespace.
"""

from __future__ import annotations

import threading
from collections.abc import MutableMapping

from ...errors import AskanceError
from ...records import Answer, Ask, Ledger, ToolUse


class Variables:
    """A view that shows nothing."""

    def __init__(self, namespace: MutableMapping[str, object], into: str = "", *, as_value: bool = False) -> None:
        """
        Args:
            namespace: the user's variables.
            into: the name after "<<", "" if there is none.
            as_value: whether that name gets the answer's object; `_ask` always gets the answer.
        """
        self._namespace = namespace
        self._into = into
        self._as_value = as_value
        self._lock = threading.Lock()
        self._handle: object = None
        self._ended = False

    def hold(self, handle: object) -> None:
        """Keep a handle until the answer is there; a name that the user takes meanwhile is the user's."""
        with self._lock:
            if not self._ended:
                self._handle = handle
                self._namespace.update(dict.fromkeys(filter(None, ("_ask", self._into)), handle))

    def begin(self, ask: Ask, ask_id: str) -> None:
        """Nothing to keep yet."""

    def ledger(self, ledger: Ledger) -> None:
        """The answer carries it."""

    def text(self, delta: str) -> None:
        """The answer carries it."""

    def tool(self, use: ToolUse) -> None:
        """The answer carries it."""

    def end(self, answer: Answer) -> None:
        """Whole or partial, it is kept; of one that is no object, `<<` gets nothing if it was to be one."""
        fits = answer.complete and answer.ended != "error"
        with self._lock:
            self._ended = True
            self._give("_ask", answer)
            if self._into and (fits or not self._as_value):
                self._give(self._into, answer.value if self._as_value else answer)

    def failed(self, error: AskanceError) -> None:
        """The last answer stays."""

    def _give(self, name: str, thing: object) -> None:
        if self._handle is None or self._namespace.get(name) is self._handle:
            self._namespace[name] = thing
