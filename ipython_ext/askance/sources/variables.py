"""The user's variables as context. Enters: the kernel's state. Leaves: one candidate per variable, newest first.

Nothing is asked of an object whose type is unknown; see `describe`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import FunctionType, ModuleType

from ..index.digest import digest
from ..records import Ask, Candidate, Level
from ..records.privacy import NAMES, STATISTICS
from .base import KernelState, everything
from .describe import describe, facts, fingerprint, kind_of, looks_secret
from .describe.code_files import code_files
from .describe.inside import Step
from .describe.type_names import type_name
from .lives import makes
from .places import Places
from .recency import sources_of
from .variable_parts import ANY, walked
from .variable_signals import newest_first, signals

MOST = 1000
"""Variables that are looked at; of more of them the newest."""

OFFERED = 300
"""Candidates of one ask: those for which most speaks. The ledger lists no more."""

_DESCRIBED = 50
"""Variables whose columns and the like are matched against the question: the newest of those that have any."""

_TEXT_ROOM = 400
_NOTHING = object()
_CONSTANT = frozenset(map(id, (bool, int, float, complex, str, bytes, type(None))))
"""Types whose objects stay as they are: one that is still the same object has the same fingerprint."""

_CONSTANT_ROOM = 1000
_NOT_THE_USERS = frozenset(("In", "Out", "exit", "quit", "get_ipython", "open"))


_WITHOUT_SCHEMA = frozenset(
    map(id, (bool, int, float, complex, str, bytes, list, tuple, set, frozenset, range, FunctionType, type(None)))
)


class VariablesSource:
    """Offers the variables of a namespace.

    Args:
        state: the kernel, or a `StaticState`.
        root: the project's folder as text; "" if there is none.
        may_show: whether the lines of a file of code may be shown.
    """

    name = "variables"

    def __init__(self, state: KernelState, root: str = "", may_show: Callable[[str], bool] = everything) -> None:
        self._state = state
        self._root = root
        self._may_show = may_show
        self._constants: dict[str, tuple[object, str]] = {}

    async def collect(self, ask: Ask) -> list[Candidate]:
        """A candidate per variable; texts are rendered when asked for, as far as the ask's privacy allows."""
        return await asyncio.to_thread(self._collect, ask)

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of the variable `name`, None if it is gone."""
        obj = self._found(name)
        if obj is _NOTHING:
            return None
        known = self._constants.get(name)
        if known is not None and known[0] is obj:
            return known[1]
        value = _fingerprint(name, obj)
        if id(type(obj)) in _CONSTANT and (type(obj) not in (str, bytes) or len(obj) <= _CONSTANT_ROOM):  # type: ignore[arg-type]
            if len(self._constants) >= MOST:
                self._constants.clear()
            self._constants[name] = (obj, value)
        return value

    def facts(self, name: str) -> Mapping[str, int | str]:
        """Its type, and its size and the like; none if it is gone."""
        obj = self._found(name)
        if obj is _NOTHING:
            return {}
        return {"type": type_name(type(obj))} if looks_secret(name) else facts(obj)

    def kind(self, name: str) -> str | None:
        """The present type of the variable `name` as its facts tell it, without a look inside; None if it is gone."""
        obj = self._found(name)
        if obj is _NOTHING:
            return None
        return type_name(type(obj)) if looks_secret(name) else kind_of(obj)

    def named(self, names: Sequence[str]) -> list[str]:
        """Those of the names that variables have; of "df.price" the variable is df."""
        wanted = dict.fromkeys(name.partition(".")[0] for name in names)
        return [name for name in wanted if self._found(name) is not _NOTHING]

    def names(self, ask: Ask) -> list[str]:
        """The variables that may be told of."""
        cells = sources_of(self._state.cells())
        every = list(self._state.namespace().items())
        return [name for name, obj in every if _is_offered(name, obj, cells) and not ask.withholds(self.name, name)]

    def told(self, name: str, ask: Ask, steps: Sequence[Step] = ()) -> str | None:
        """All that may be told of a variable, or of what is inside of it; None if there is none that may be told of.

        Args:
            name: the variable's.
            ask: says how much may be told.
            steps: into the variable, one after the other.
        """
        obj = self._found(name)
        if obj is _NOTHING:
            return None
        part = walked(name, obj, steps, ask, self._state.namespace())
        if part is None:
            return None
        places = Places(self._root, self._state.cells(), self._may_show, ask)
        return _render(part.title, part.obj, part.privacy, places, "full", is_secret=part.is_secret)

    def fingerprint_within(self, name: str, steps: Sequence[Step]) -> str | None:
        """What changes when what `told` gives does; None if there is no such thing."""
        obj, whole = self._found(name), self.fingerprint(name)
        part = None if whole is None else walked(name, obj, steps, ANY, self._state.namespace())
        if whole is None or part is None:
            return None
        places = Places(self._root, self._state.cells(), self._may_show)
        hidden = "".join("-+"[places.hides(file)] for file in code_files(part.obj))
        own = fingerprint(None if part.is_secret else part.obj) if steps else ""
        return digest(whole, own, hidden) if steps or hidden else whole

    def _found(self, name: str) -> object:
        """The variable's value, `_NOTHING` if it is none that is offered. Asked a hundred times for one answer."""
        try:
            obj = self._state.namespace()[name]
        except KeyError:
            return _NOTHING
        # Which cells ran is asked for the few names alone that depend on it.
        cells = sources_of(self._state.cells()) if name.startswith("_") else ()
        return obj if _is_offered(name, obj, cells) else _NOTHING

    def _collect(self, ask: Ask) -> list[Candidate]:
        cells = sources_of(self._state.cells())
        everything = list(self._state.namespace().items())
        variables = {name: obj for name, obj in everything if _is_offered(name, obj, cells)}
        newest = newest_first(variables, cells)
        chosen = dict.fromkeys([*newest[:MOST], *(name for name in ask.mentions if name in variables)])
        found = signals(ask.question, _texts({name: variables[name] for name in chosen}), cells)
        best = sorted(chosen, key=lambda name: (name not in ask.mentions, -_interest(found[name])))[:OFFERED]
        places = Places(self._root, self._state.cells(), self._may_show, ask)
        return [_candidate(name, variables[name], found[name], ask, places) for name in best]


def _candidate(name: str, obj: object, found: Mapping[str, float], ask: Ask, places: Places) -> Candidate:
    privacy = ask.privacy.of("variables", name)
    return Candidate(
        source="variables",
        name=name,
        render=partial(_render, name, obj, privacy, places),
        fingerprint=partial(_fingerprint, name, obj),
        signals=found,
        privacy=privacy,
    )


def _interest(found: Mapping[str, float]) -> float:
    """What speaks for a variable, but for that nobody spoke of it."""
    return sum(found.values()) - found.get("old", 0.0) - found.get("waiting", 0.0)


def _render(
    name: str, obj: object, privacy: int, places: Places, level: Level, *, is_secret: bool | None = None
) -> str:
    code = code_files(obj) if level != "name" and privacy > NAMES else ()
    is_secret = looks_secret(name) if is_secret is None else is_secret
    if is_secret or any(map(places.hides, code)):
        return f"{name}: {type_name(type(obj))}"
    # What a function or a class is made of is told where its cell or file is told of whole.
    shown = privacy >= STATISTICS and all(map(places.shows_code, code))
    return f"{name}: {describe(obj, level if shown or level != 'full' or not code else 'excerpt', privacy)}"


def _texts(variables: Mapping[str, object]) -> dict[str, str]:
    """What each is beside its name: the type; columns and the like for the newest that have any."""
    found: dict[str, str] = {}
    room = _DESCRIBED
    for name, obj in variables.items():
        kind = type(obj)
        if room and id(kind) not in _WITHOUT_SCHEMA and not looks_secret(name):
            found[name] = describe(obj, "outline", 1)[:_TEXT_ROOM]
            room -= 1
        else:
            found[name] = type_name(kind)
    return found


def _fingerprint(name: str, obj: object) -> str:
    # Fingerprints are saved with the notebook: of a secret, even its hash must not be.
    return fingerprint(None) if looks_secret(name) else fingerprint(obj)


def _is_offered(name: str, obj: object, cells: tuple[str, ...]) -> bool:
    if type(name) is not str:
        return False  # `globals()[…] = …` takes anything, which a look at it would run
    module = obj.__module__ if type(obj) is FunctionType else None
    if type(module) is str and module.startswith("askance."):
        return False  # `from askance import ask` is how the question is asked, not what it is about
    if name in _NOT_THE_USERS or type(obj) is ModuleType:
        return False
    return not name.startswith("_") or (bool(name.strip("_")) and makes(name, cells))
