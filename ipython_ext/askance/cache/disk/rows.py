"""The rows of the disk tier, in one SQLite file. The only door to diskcache.

Enters and leaves: text by key. diskcache can unpickle whatever a row says is a pickle (CVE-2025-69872), its `JSONDisk`
too; it follows any file name that a row holds, and takes over any setting that the file holds. So there are a `Disk` of
our own that knows nothing but text in the row, and a `Cache` of our own whose settings no file can change. For the load
time of askance, import this module inside functions only.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import diskcache
from diskcache.core import ENOVAL, MODE_RAW, UNKNOWN

from .faults import PATIENCE, TIMEOUT
from .folder import FILES, identity

LARGEST = 4 * 2**20
"""Bytes of one value: larger ones are not kept, and not read if somebody plants them."""

_SETTINGS = {
    "cull_limit": 10,
    "disk_min_file_size": 2**62,  # no value is large enough for a file of its own
    "disk_pickle_protocol": 0,
    "eviction_policy": "least-recently-stored",
    "sqlite_auto_vacuum": 1,
    "sqlite_cache_size": -2048,  # KiB
    "sqlite_journal_mode": "wal",
    "sqlite_mmap_size": 0,  # a mapped file that somebody truncates is a SIGBUS: the end of the kernel
    "sqlite_synchronous": 1,
    "statistics": 0,
    "tag_index": 0,
}
_PRAGMAS = {key.removeprefix("sqlite_"): value for key, value in _SETTINGS.items() if key.startswith("sqlite_")} | {
    "cell_size_check": 1,
    "trusted_schema": 0,
    "journal_size_limit": 16 * 2**20,
}


class Refused(ValueError):
    """A row that we did not write."""


class _TextDisk(diskcache.Disk):  # type: ignore[misc]
    """Knows text in rows; opens, writes and removes no file."""

    def __init__(self, directory: str, **_settings: object) -> None:
        super().__init__(directory)

    def put(self, key: str) -> tuple[str, bool]:
        return key, True

    def get(self, key: Any, raw: bool) -> str:  # noqa: FBT001  the signature is diskcache's
        if not raw or type(key) is not str:
            raise Refused("a row's key is not text")
        return key

    def store(self, value: str, read: bool, key: Any = UNKNOWN) -> tuple[int, int, None, str]:  # noqa: ARG002, FBT001
        if type(value) is not str or read:
            raise TypeError("only text is kept")
        return 0, MODE_RAW, None, value

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> str:  # noqa: FBT001
        if mode != MODE_RAW or filename is not None or type(value) is not str or read:
            raise Refused("a row is not text")
        return value

    def remove(self, file_path: str) -> None:
        pass


class _TextCache(diskcache.Cache):  # type: ignore[misc]
    """diskcache over one connection, which is opened at once and may go from thread to thread."""

    _con: sqlite3.Connection = None  # type: ignore[assignment]  # hides diskcache's: one a thread, as the file says

    def __init__(self, file: Path, limit: int, wait: float) -> None:
        self._own = {**_SETTINGS, "size_limit": limit}
        self._file = file
        self._con = _connect(file, wait)
        try:
            # As one transaction: a kernel that dies here leaves nothing half made, and another one waits once.
            with self._transact():
                super().__init__(str(file.parent), disk=_TextDisk, **self._own)
        except BaseException:
            self._con.close()
            raise

    def beside(self, wait: float) -> _TextCache:
        """The same over another connection."""
        twin = object.__new__(_TextCache)
        twin.__dict__.update(self.__dict__)
        twin._con = _connect(self._file, wait)  # noqa: SLF001
        return twin

    def reset(self, key: str, value: Any = ENOVAL, update: bool = True) -> Any:  # noqa: FBT001, FBT002
        if value is ENOVAL or key in self._own:
            return super().reset(key, self._own.get(key, value), update)
        return value  # a setting that somebody has written into the file

    @contextmanager
    def _transact(self, retry: bool = False, filename: None = None) -> Iterator[Any]:  # noqa: ARG002, FBT001, FBT002
        """As diskcache's, which takes every fault of a first statement for a wait."""
        self._con.execute("BEGIN IMMEDIATE")
        try:
            yield self._con.execute, lambda _filename: None
            self._con.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # SQLite has rolled back by itself, for want of room
                self._con.execute("ROLLBACK")
            raise

    def volume(self) -> int:
        """Bytes in use; the file's own count could be anything."""
        (pages,), (free,) = (
            self._con.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count")
        )
        return int((pages - free) * self._page_size)

    def entries(self) -> int:
        """Rows; the file's own count could be anything."""
        return int(self._con.execute("SELECT count(*) FROM Cache").fetchone()[0])

    def forget_all(self) -> None:
        """Every row, in one transaction; the room on disk, too, if nobody reads at this moment."""
        with self._transact() as (execute, _):
            execute("DELETE FROM Cache")
        self._con.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def wait(self, seconds: float) -> None:
        """From now on, for others that write."""
        self._con.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    def shut(self) -> None:
        """Close the connection. What `close` is to diskcache, it does when it begins, to open again: not here."""
        self._con.close()

    def close(self) -> None:
        pass


def _connect(file: Path, wait: float) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=wait, isolation_level=None, check_same_thread=False)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST + 2**16)
        for name, value in sorted(_PRAGMAS.items()):  # auto_vacuum comes before what makes the file, as it must
            connection.execute(f"PRAGMA {name} = {value}").fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()  # opens all files of the database now
    except BaseException:
        connection.close()
        raise
    return connection


class Rows:
    """An open database: one connection for an ask's path, which hardly waits, and one for writing."""

    def __init__(self, folder: Path, limit: int, wait: float) -> None:
        """
        Args:
            folder: private, and locked by the caller: SQLite's files may not be moved meanwhile.
            limit: bytes before the oldest rows go.
            wait: seconds to wait for other kernels that write.

        Raises:
            Exception: of any kind, if the file is damaged.
        """
        self._patient = _TextCache(folder / FILES[0], limit, wait)
        try:
            self._quick = self._patient.beside(TIMEOUT)
        except BaseException:
            self._patient.shut()
            raise
        self._patient.wait(PATIENCE)
        self._quick_lock, self._patient_lock = threading.Lock(), threading.Lock()
        self.folder = folder
        self._file = str(folder / FILES[0])
        self._identity = identity(self._file)

    @property
    def is_current(self) -> bool:
        """Whether it is still the one in the folder: another kernel may have begun anew, or the user removed it."""
        return identity(self._file) == self._identity

    def get(self, key: str) -> str | None:
        """The text, None if there is none. Raises whatever a damaged file makes SQLite raise."""
        if not self._quick_lock.acquire(timeout=TIMEOUT):
            return None
        try:
            return self._quick.get(key)  # type: ignore[no-any-return]
        except (Refused, sqlite3.DataError):  # the latter: longer than `LARGEST`
            self._quick.delete(key)
            return None
        finally:
            self._quick_lock.release()

    def delete(self, key: str) -> None:
        """Forget one key, without a wait. Raises as `get` does."""
        with self._quick_lock:
            self._quick.delete(key)

    def set(self, key: str, text: str, seconds: float | None) -> None:
        """Keep a text of ASCII that is not too large, for ever if `seconds` is None. Raises as `get` does."""
        if len(text) <= LARGEST:
            with self._patient_lock:
                self._patient.set(key, text, expire=seconds)

    def clear(self) -> None:
        """Forget all, and give the room back. Raises as `get` does."""
        with self._patient_lock:
            self._patient.forget_all()

    def stats(self) -> dict[str, int]:
        """{"entries", "bytes"}. Raises as `get` does."""
        with self._quick_lock:
            return {"entries": self._quick.entries(), "bytes": self._quick.volume()}

    def close(self, wait: float) -> None:
        """Close the files; what another thread uses for longer than `wait` seconds closes when it lets go."""
        for lock, cache in ((self._quick_lock, self._quick), (self._patient_lock, self._patient)):
            if lock.acquire(timeout=wait):
                try:
                    cache.shut()
                finally:
                    lock.release()
