"""The values that are known to be secret, wherever they lie on this machine.

Enters: environment variables, the project's and the user's folders. Leaves: (kind, value), in memory only. Nothing here
raises, waits or writes: what cannot be read is not known, and the rules for formats and names are left.
"""

from __future__ import annotations

import glob
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple, NoReturn

from ..index.ignore import SKIPPED_DIRECTORIES
from .stores import files
from .stores.parts import secrets_of
from .stores.table import HOME, Store, store_of
from .stores.variables import variables
from .stores.worth import looks_random

EVERY = 1.0
"""Seconds from one look for changed files to the next."""

MOST = 5000
"""Values that are known at most, of all places together; of one place `MOST_OF_ONE`."""

MOST_OF_ONE = 1000
MOST_FOLDERS = 200
_MATCHES = 50
_LONGEST_KIND = 40


class Secret(NamedTuple):
    """One value, which no print and no file shows.

    Attributes:
        kind: what it is: the name of a variable, a store and a field of it.
        value: what must not leave.
    """

    kind: str
    value: str

    def __repr__(self) -> str:
        """Without the value."""
        return f"Secret({self.kind!r})"

    def __reduce__(self) -> NoReturn:
        """Secrets stay in the memory of this process."""
        raise TypeError("secrets are not pickled")


class _File(NamedTuple):
    path: str
    store: Store
    follow: bool


class Registry:
    """Gives all that is known to be secret; the same tuple as long as nothing has changed.

    What was known once stays known: a variable that was taken out of the environment is in some other one now.
    Usable from any thread and in a forked child: it has no lock, and two that look at once find the same.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        root: Path | None = None,
        home: Path | None = None,
        beside: Path | None = None,
        own: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], int] = time.time_ns,
    ) -> None:
        """
        Args:
            environ: the environment variables, read anew each time.
            root: the project's folder, None if there is none.
            home: the user's home, None to look at no file there.
            beside: the notebook's folder.
            own: settings that may hold a password: name -> value.
            clock: seconds, monotonic.
            wall_clock: nanoseconds since the epoch.
        """
        self._environ = environ
        self._home = home
        self._places = _project_folders(root, beside)
        self._own = dict(own or {})
        self._clock = clock
        self._wall_clock = wall_clock
        self._looked = float("-inf")
        self._variables: dict[str, str] | None = None
        self._folders: dict[str, tuple[files.Stamp, files.Folder]] = {}
        self._read: dict[str, tuple[files.Stamp, tuple[Secret, ...]]] = {}
        self._known: dict[str, str] = {}
        self._secrets: tuple[Secret, ...] = ()

    def __call__(self) -> tuple[Secret, ...]:
        """All that is known now, the longest first."""
        present = dict(self._environ)
        now = self._clock()
        late = now - self._looked >= EVERY
        if not late and present == self._variables:
            return self._secrets
        found = [] if present == self._variables else list(_secrets("", variables({**present, **self._own})))
        self._variables = present
        if late:
            self._looked = now
            for file in self._files():
                found += self._of(file)
        fresh = {value: kind for kind, value in found if value not in self._known}
        if fresh:
            self._known = dict(islice({**self._known, **fresh}.items(), MOST))
            pairs = sorted(self._known.items(), key=lambda pair: (-len(pair[0]), pair))
            self._secrets = tuple(Secret(kind, value) for value, kind in pairs)
        return self._secrets

    def __repr__(self) -> str:
        """Without the values."""
        return f"<Registry of {len(self._known)} values>"

    def __reduce__(self) -> NoReturn:
        """Secrets stay in the memory of this process."""
        raise TypeError("secrets are not pickled")

    def _files(self) -> Iterator[_File]:
        for place, with_subfolders in self._places.items():
            inside = self._folder(place)
            yield from _kept(place, inside.others)
            for name in inside.folders[:MOST_FOLDERS] if with_subfolders else ():
                if name not in SKIPPED_DIRECTORIES:
                    yield from _kept(os.path.join(place, name), self._folder(os.path.join(place, name)).others)  # noqa: PTH118  faster
        for store in HOME:
            yield from (_File(path, store, follow=True) for path in self._paths(store.place))

    def _folder(self, path: str) -> files.Folder:
        stamp = files.stamp(path, self._wall_clock(), follow=False)
        known = self._folders.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        found = files.Folder() if stamp == files.ABSENT else files.folder(path)
        if stamp is not None:
            self._folders[path] = (stamp, found)
        return found

    def _paths(self, place: str) -> Iterable[str]:
        start, _, rest = place.partition("/")
        if start == "~":
            starts = [str(self._home)] if self._home is not None else []
        else:
            starts = [path for path in self._environ.get(start[1:], "").split(os.pathsep) if os.path.isabs(path)]  # noqa: PTH117
        whole = [f"{glob.escape(path) if '*' in rest else path}/{rest}" if rest else path for path in starts]
        return (path for one in whole for path in (islice(glob.iglob(one), _MATCHES) if "*" in rest else (one,)))  # noqa: PTH207

    def _of(self, file: _File) -> tuple[Secret, ...]:
        stamp = files.stamp(file.path, self._wall_clock(), follow=file.follow)
        known = self._read.get(file.path)
        if stamp == files.ABSENT:
            return ()
        if known is not None and known[0] == stamp:
            return known[1]
        text = files.text(file.path, follow=file.follow)
        try:
            named = [one for name, value in file.store.read(text) for one in secrets_of(name, value, any_name=True)]
        except Exception:  # noqa: BLE001  a file that is not what its name says; an ask must not fail for it
            named = []
        found = tuple(islice(_secrets(file.store.word, named), MOST_OF_ONE))
        if stamp is not None:
            self._read[file.path] = (stamp, found)
        return found


def known_secrets(environ: Mapping[str, str]) -> tuple[Secret, ...]:
    """What is known to be secret where there is nothing but variables."""
    return Registry(environ)()


def _project_folders(root: Path | None, beside: Path | None) -> dict[str, bool]:
    """The folders that are looked into, and whether those in them are too: from the notebook's up to the root."""
    found = {} if root is None else {str(root): True}
    if beside is not None:
        inside = root is not None and beside.is_relative_to(root)
        above = [folder for folder in beside.parents if inside and root is not None and folder.is_relative_to(root)]
        found |= {str(folder): False for folder in (beside, *above) if folder != root}
    return found


def _kept(place: str, names: Iterable[str]) -> Iterator[_File]:
    for name in names:
        store = store_of(name)
        if store is not None:
            yield _File(os.path.join(place, name), store, follow=False)  # noqa: PTH118  faster


def _secrets(word: str, named: Iterable[tuple[str, str]]) -> Iterator[Secret]:
    return (Secret(_kind(word, name), value) for name, value in named)


def _kind(word: str, name: str) -> str:
    """The name as the word of a placeholder; one that may itself be a secret is not said."""
    said = (
        ""
        if looks_random(name)
        else re.sub(r"[^A-Z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()).strip("_")
    )
    if word and not said.startswith(word):
        said = f"{word}_{said}" if said else f"{word}_SECRET"
    return (said or "SECRET")[:_LONGEST_KIND].strip("_")
