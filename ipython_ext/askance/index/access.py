"""May this file of the project be told of? The one answer for all that tell of files, from the files' present state.

Enters: paths relative to the root. Leaves: yes or no. No index is needed, and
none is believed: an ignore file that was written just now holds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from . import patterns
from .ignore import (
    IGNORE_FILES,
    VIRTUAL_ENVIRONMENT,
    Ignore,
    exclude_file,
    is_secret,
    is_secret_folder,
    is_skipped,
)
from .inside import is_inside
from .links import denied_inodes

_RACY_NS = 100_000_000
_LINKS_SECONDS = 2.0
_MOST_KNOWN = 20_000

_Stamp = tuple[int, int, int] | None


class _Folder(NamedTuple):
    """What was so when a folder's ignore files were read: they hold as long as it stays."""

    stamps: dict[str, _Stamp]
    is_environment: bool


class Access:
    """The files of one project that may be told of.

    Args:
        root: the project's folder; None for no files at all.
        never: what never leaves, in the syntax of ignore files; ids and names of other things do no harm.
        now_ns: the wall clock in nanoseconds, to compare with files' times.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        root: Path | None,
        never: Sequence[str] = (),
        now_ns: Callable[[], int] = time.time_ns,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.root = None if root is None else root.resolve()
        self._never = patterns.spec([name.removeprefix("files:") for name in never]) if never else None
        self._now_ns = now_ns
        self._clock = clock
        self._ignore = None if self.root is None else Ignore(self.root)
        self._folders: dict[str, _Folder] = {}
        self._known: dict[str, bool] = {}
        self._denied: tuple[float, frozenset[tuple[int, int]]] | None = None

    def allows(self, path: str) -> bool:
        """Whether a file may be told of: no ignore file, and nothing the user set, leaves it out, nor does its name.

        Args:
            path: relative to the root, with "/"; one more at its end for a folder. It need not be there.
        """
        bare = path.removesuffix("/")
        if self._ignore is None or not is_inside(bare):
            return False
        parents = path.split("/")[:-1]
        directories = ["/".join(parents[:count]) for count in range(len(parents) + 1)]
        if any([self._look(directory).is_environment for directory in directories][1:]):
            return False
        # What is below a folder that is left out cannot be taken in again.
        return self._passes(path) and all(self._passes(f"{directory}/") for directory in directories[1:])

    def forbids(self, file: str) -> bool:
        """Whether the user set that a file never leaves, wherever it is.

        Args:
            file: an absolute path, or one relative to the root; "…/" for a folder.
        """
        return self._never is not None and bool(self._never.check_file(file.lstrip("/")).include)

    def _passes(self, path: str) -> bool:
        """What is said of one path alone, "…/" for a folder, kept until an ignore file changes."""
        verdicts = self._known  # another thread may put a new one in its place, to which this verdict does not belong
        known = verdicts.get(path)
        if known is None:
            if len(verdicts) >= _MOST_KNOWN:
                verdicts.clear()
            known = verdicts[path] = not self._is_left_out(path)
        return known

    def _is_left_out(self, path: str) -> bool:
        assert self._ignore is not None  # noqa: S101  there is a root
        bare = path.rstrip("/")
        name, is_folder = bare.rpartition("/")[2], bare != path
        by_name = is_secret_folder(name) or is_skipped(name) if is_folder else is_secret(name)
        return by_name or self.forbids(path) or self._ignore.ignores(bare, is_directory=is_folder)

    def may_read(self, path: str) -> bool:
        """Whether what is in a file may be told: it is allowed, and not one that is left out under a second name."""
        if not self.allows(path):
            return False
        try:
            state = os.lstat(f"{self.root}/{path}")
        except (OSError, ValueError):
            return True  # there is nothing to tell
        return state.st_nlink < 2 or (state.st_dev, state.st_ino) not in self._left_out()

    def _left_out(self) -> frozenset[tuple[int, int]]:
        now = self._clock()
        if self._denied is None or now - self._denied[0] > _LINKS_SECONDS:
            assert self.root is not None  # noqa: S101  asked for its files alone
            self._denied = now, denied_inodes(self.root, self.allows)
        return self._denied[1]

    def _look(self, directory: str) -> _Folder:
        """Read a folder's ignore files if they may have changed: then it has, or one that was there has."""
        known = self._folders.get(directory)
        if known is not None and all(_stamp(file) == stamp for file, stamp in known.stamps.items()):
            return known
        assert self.root is not None  # noqa: S101  asked for its files alone
        assert self._ignore is not None  # noqa: S101
        folder = f"{self.root}/{directory}" if directory else f"{self.root}"
        others = [] if directory else [f"{self.root}/.git", str(exclude_file(self.root))]
        present = [f"{folder}/{name}" for name in IGNORE_FILES if os.path.lexists(f"{folder}/{name}")]
        stamps = {file: _stamp(file) for file in (folder, *present, *others)}
        self._ignore.read(directory)
        self._known = {}
        made = _Folder(stamps, is_environment=os.path.lexists(f"{folder}/{VIRTUAL_ENVIRONMENT}"))
        # What was changed just now may change once more without its stamp changing.
        is_racy = any(stamp is not None and self._now_ns() - stamp[1] < _RACY_NS for stamp in stamps.values())
        if is_racy or len(self._folders) >= _MOST_KNOWN:
            self._folders.pop(directory, None)
        else:
            self._folders[directory] = made
        return made


def _stamp(file: str) -> _Stamp:
    try:
        state = os.stat(file)  # noqa: PTH116  faster; asked for each folder of each path
    except (OSError, ValueError):
        return None
    return state.st_mtime_ns, state.st_ctime_ns, state.st_ino
