"""The present state of what answers saw, each thing asked for once.

Enters: the context engine, and what this kernel has had so far. Leaves: fingerprints and facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..context import ContextEngine

_OF_KERNEL = frozenset(("variables", "cells", "error", "tools"))
"""Sources of which there is nothing at first after a restart; tools may have looked at such things."""


class Present:
    """What is so now, for the length of one look."""

    def __init__(self, engine: ContextEngine, met: set[str]) -> None:
        """
        Args:
            engine: whom to ask.
            met: ids of what this kernel has had; what it has now is added.
        """
        self._engine = engine
        self._met = met
        self._known: dict[str, str | None] = {}
        self._unknown: set[str] = set()

    def tells(self, id_: str) -> bool:
        """Whether something can be said: not while a source does not answer, nor of what this kernel has not had yet.

        After a restart nothing is defined; that makes no answer wrong.
        """
        source, _, name = id_.partition(":")
        present = self.fingerprint(source, name)
        return id_ not in self._unknown and (present is not None or source not in _OF_KERNEL or id_ in self._met)

    def fingerprint(self, source: str, name: str) -> str | None:
        """The present fingerprint, None if it is gone."""
        id_ = f"{source}:{name}"
        if id_ not in self._known:
            self._known[id_] = self._asked(source, name, id_)
        return self._known[id_]

    def facts(self, source: str, name: str) -> Mapping[str, int | str]:
        """The present facts."""
        try:
            return self._engine.facts(source, name)
        except Exception:  # noqa: BLE001  as in `_asked`
            return {}

    def _asked(self, source: str, name: str, id_: str) -> str | None:
        try:
            found = self._engine.fingerprint(source, name)
        except Exception:  # noqa: BLE001  a source of another package may fail in any way
            self._unknown.add(id_)
            return None
        if found is not None:
            self._met.add(id_)
        elif not self._engine.knows(source):
            self._unknown.add(id_)
        return found
