"""Keeps the last reading of a repository, and reads it anew beside everything else once something has changed.

Enters: a folder. Leaves: readings, each of one process of git; none while git's own files, and what is known of the
working tree, stay as they were.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path

from ..errors import AskanceError
from ..index.git_config import read_configuration
from ..index.git_folder import common_folder, git_folder
from ..index.git_process import run_git
from .git_log import Lately, lately, read_diary
from .git_status import Status, hosts, parse

_COMMAND = (
    "status", "--porcelain=v2", "-z", "--branch", "--ahead-behind", "--ignore-submodules=all", "--untracked-files=normal",
)  # fmt: skip
_PAUSE = 10
"""A reading that fails is not tried again for that many times as long as it took: a git that hangs is not met at each ask."""

_OWN = ("HEAD", "index", "logs/HEAD", "config.worktree")
_SHARED = ("config", "packed-refs", "FETCH_HEAD", "info/exclude", "reftable/tables.list")

_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True)
class Reading:
    """What git said, the latest commits, and when it was asked, in seconds on the reader's clock."""

    status: Status
    lately: Lately
    seconds: float


@dataclass(frozen=True)
class _Mark:
    """What was so when a reading began; it holds as long as that stays."""

    stamps: dict[Path, _Stamp]
    changes: int | None
    seconds: float


class GitReader:
    """Reads one repository, one reading at a time. Thread-safe, and usable in a forked child.

    Args:
        root: the folder that holds `.git`, resolved.
        environ: the environment variables, for git.
        changes: a number that differs after every change in the working tree; None while nobody watches it.
        clock: seconds, monotonic.
        timeout: seconds a reading may take.
    """

    def __init__(
        self,
        root: Path,
        environ: Mapping[str, str],
        changes: Callable[[], int | None],
        clock: Callable[[], float],
        timeout: float,
    ) -> None:
        self._root = root
        self._environ = environ
        self._changes = changes
        self._clock = clock
        self._timeout = timeout
        self._lock = threading.Lock()
        self._owner = os.getpid()
        self._current: Future[Reading] | None = None
        self._made: _Mark | None = None
        self._last: Reading | None = None
        self._paused_until = float("-inf")

    @property
    def last(self) -> Reading | None:
        """The latest reading that went well, however old."""
        return self._last

    def present(self, fresh: float) -> Future[Reading]:
        """The reading that holds now: at once if nothing has changed since, else one that runs.

        Args:
            fresh: seconds for which a reading holds while nobody watches the working tree.

        Its result may raise `AskanceError`: git is missing, too slow, or refuses this repository.
        """
        reading, mark = self._claimed(fresh)
        if mark is not None:
            threading.Thread(target=self._run, args=(reading, mark), name="askance git", daemon=True).start()
        return reading

    def now(self, fresh: float) -> Reading:
        """A reading that holds now, waited for; one that ran already may have begun before the last change.

        Args:
            fresh: as for `present`.

        Raises:
            AskanceError: see `present`.
        """
        patience = 2 * self._timeout
        try:
            running = self._current
            if running is not None and not running.done():
                wait([running], patience)
            reading, mark = self._claimed(fresh)
            if mark is not None:
                self._run(reading, mark)
            return reading.result(patience)
        except TimeoutError:
            raise AskanceError("git state left out: its files cannot be read") from None

    def stamps(self) -> object:
        """What differs once git's own files have changed."""
        return tuple(self._stamps().values())

    def _claimed(self, fresh: float) -> tuple[Future[Reading], _Mark | None]:
        """The reading that holds or runs; else a new one, with a mark: then the caller has to see that it is run."""
        if self._owner != os.getpid():
            self._forget()
        with self._lock:
            if self._current is not None and (not self._current.done() or self._holds(fresh)):
                return self._current, None
            self._made, self._current = self._mark(), Future()
            return self._current, self._made

    def _forget(self) -> None:
        # In a forked child: the parent's threads are not here, and its lock may be held for ever.
        self._lock, self._owner = threading.Lock(), os.getpid()
        self._current = self._made = self._last = None

    def _run(self, future: Future[Reading], mark: _Mark) -> None:
        future.set_running_or_notify_cancel()
        try:
            self._last = reading = self._read(mark)
            self._paused_until = float("-inf")
            future.set_result(reading)
        except Exception as error:  # noqa: BLE001  whoever waits must not wait for ever
            now = self._clock()
            self._paused_until = now + _PAUSE * (now - mark.seconds)
            known = isinstance(error, AskanceError)
            future.set_exception(error if known else AskanceError(f"git state left out: {error}"))

    def _read(self, mark: _Mark) -> Reading:
        known = read_configuration(self._root, self._environ)
        output = run_git(self._root, _COMMAND, self._environ, self._timeout, known=known)
        status = parse(output, hosts(known.urls))
        own = git_folder(self._root)
        refs = common_folder(own) / "refs"
        for name in filter(None, (status.upstream, status.branch)):
            mark.stamps.update({file: _stamp(file) for file in (refs / "heads" / name, refs / "remotes" / name)})
        return Reading(status, lately(read_diary(own / "logs" / "HEAD"), status.head), mark.seconds)

    def _mark(self) -> _Mark:
        return _Mark(self._stamps(), self._changes(), self._clock())

    def _stamps(self) -> dict[Path, _Stamp]:
        own = git_folder(self._root)
        shared = common_folder(own)
        files = [*(own / name for name in _OWN), *(shared / name for name in _SHARED)]
        return {file: _stamp(file) for file in files}

    def _holds(self, fresh: float) -> bool:
        made = self._made
        if made is None or any(_stamp(file) != stamp for file, stamp in made.stamps.items()):
            return False
        if self._clock() < self._paused_until:
            return True
        changes = self._changes()
        if made.changes is None or changes is None:
            return self._clock() - made.seconds < fresh
        return made.changes == changes


def _stamp(file: Path) -> _Stamp:
    try:
        state = file.stat()
    except (OSError, ValueError):
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino
