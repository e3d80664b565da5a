"""The user's variables as context. Enters: the kernel's state. Leaves: one candidate per variable, newest first.

Nothing is asked of an object whose type is unknown; see `describe`.
"""

from __future__ import annotations

import asyncio
import math
from types import FunctionType, ModuleType

from ..records import Ask, Candidate, Level
from .base import KernelState
from .describe import describe, fingerprint, looks_secret
from .describe.type_names import type_name
from .recency import ages, signal

MOST = 1000
"""Candidates of one ask; of more variables the newest."""

_TEXT_ROOM = 400
_NOT_THE_USERS = frozenset(("In", "Out", "exit", "quit", "get_ipython", "open"))


_WITHOUT_SCHEMA = frozenset(map(id, (bool, int, float, complex, str, bytes, list, tuple, set, frozenset, range)))


class VariablesSource:
    """Offers the variables of a namespace.

    Args:
        state: the kernel, or a `StaticState`.
    """

    name = "variables"

    def __init__(self, state: KernelState) -> None:
        self._state = state

    async def collect(self, ask: Ask) -> list[Candidate]:
        """A candidate per variable; texts are rendered when asked for, as far as the ask's privacy allows."""
        return await asyncio.to_thread(self._collect, ask)

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of the variable `name`, None if it is gone."""
        namespace = self._state.namespace()
        if name not in namespace or not _is_offered(name, namespace[name]):
            return None
        return _fingerprint(name, namespace[name])

    def _collect(self, ask: Ask) -> list[Candidate]:
        variables = {name: obj for name, obj in list(self._state.namespace().items()) if _is_offered(name, obj)}
        age = ages(self._state.cells())
        order = {name: place for place, name in enumerate(variables)}
        newest = sorted(variables, key=lambda name: (-age.get(name, math.inf), order[name]), reverse=True)
        chosen = dict.fromkeys([*newest[:MOST], *(name for name in ask.mentions if name in variables)])
        return [_candidate(name, variables[name], age.get(name), ask.privacy) for name in chosen]


def _candidate(name: str, obj: object, age: int | None, privacy: int) -> Candidate:
    return Candidate(
        source="variables",
        name=name,
        render=lambda level: _render(name, obj, level, privacy),
        fingerprint=lambda: _fingerprint(name, obj),
        text=_words(name, obj),
        signals={"recency": 0.0 if age is None else signal(age)},
    )


def _render(name: str, obj: object, level: Level, privacy: int) -> str:
    said = type_name(type(obj)) if looks_secret(name) else describe(obj, level, privacy)
    return f"{name}: {said}"


def _words(name: str, obj: object) -> str:
    # Only what has a schema has more words than its name and type.
    level: Level = "name" if id(type(obj)) in _WITHOUT_SCHEMA else "outline"
    return _render(name, obj, level, 1)[:_TEXT_ROOM]


def _fingerprint(name: str, obj: object) -> str:
    # Fingerprints are saved with the notebook: of a secret, even its hash must not be.
    return fingerprint(None) if looks_secret(name) else fingerprint(obj)


def _is_offered(name: str, obj: object) -> bool:
    if type(obj) is FunctionType and str(obj.__module__).startswith("askance."):
        return False  # `from askance import ask` is how the question is asked, not what it is about
    return not name.startswith("_") and name not in _NOT_THE_USERS and type(obj) is not ModuleType
