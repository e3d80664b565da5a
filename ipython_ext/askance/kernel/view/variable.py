"""Keeps an answer as a variable: `_ask`, and the name after `<<`.

Enters: the end of an ask. Leaves: names in the user's namespace.
"""

from __future__ import annotations

from collections.abc import MutableMapping

from ...errors import AskanceError
from ...records import Answer, Ask, Ledger


class Variables:
    """A view that shows nothing."""

    def __init__(self, namespace: MutableMapping[str, object], *names: str) -> None:
        self._namespace = namespace
        self._names = names

    def begin(self, ask: Ask, ask_id: str) -> None:
        """Nothing to keep yet."""

    def ledger(self, ledger: Ledger) -> None:
        """The answer carries it."""

    def text(self, delta: str) -> None:
        """The answer carries it."""

    def end(self, answer: Answer) -> None:
        """Whole or partial, it is kept."""
        for name in self._names:
            self._namespace[name] = answer

    def failed(self, error: AskanceError) -> None:
        """The last answer stays."""
