"""The index's SQLite file: opened, checked, and begun anew when it is of no use.

Enters: a path. Leaves: rows. The file is shared by all kernels of a root; one that is damaged, of another schema or of
another root is put away and made again.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from ..paths import make_private
from .digest import digest

SCHEMA = 2
"""Grows with every change of what is stored or of how texts are cut."""

UNUSED_SECONDS = 90 * 24 * 3600.0

_APPLICATION = 0x41534B41
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT UNIQUE, mtime INTEGER, size INTEGER, inode INTEGER,
    digest TEXT, problem TEXT, names TEXT, modules TEXT);
CREATE TABLE history (id INTEGER PRIMARY KEY, path TEXT UNIQUE, commits INTEGER, place INTEGER);
CREATE VIRTUAL TABLE texts USING fts5(path, symbols, headings, body, parts, tokenize='unicode61');
CREATE VIRTUAL TABLE messages USING fts5(message, tokenize='unicode61');
INSERT INTO texts (texts, rank) VALUES ('crisismerge', 64);
"""
_BUSY = frozenset((5, 6))  # SQLITE_BUSY, SQLITE_LOCKED
_USELESS = frozenset((1, 11, 17, 20, 24, 26))  # ERROR (a missing table), CORRUPT, SCHEMA, MISMATCH, FORMAT, NOTADB


def index_file(folder: Path, root: Path) -> Path:
    """The file of a root's index."""
    return folder / f"{digest(os.fsencode(root))}.sqlite"


def forget_old(folder: Path, now: float) -> None:
    """Delete the indexes in a folder that nobody has opened for `UNUSED_SECONDS`.

    Args:
        folder: where indexes are kept.
        now: seconds since the epoch.
    """
    for file in folder.glob("*.sqlite"):
        if now - file.stat().st_mtime > UNUSED_SECONDS:
            _unlink(file)


def _unlink(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another process was writing; the same will work a little later."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY


class Database:
    """One open index. Not thread-safe: its owner holds a lock around every call.

    Args:
        path: the file, made if missing; None keeps everything in memory.
        root: whose index it is.
        wait: seconds to wait for another process that writes.

    Raises:
        sqlite3.Error, OSError: it cannot be opened, even anew.
    """

    def __init__(self, path: Path | None, root: Path, wait: float = 1.0) -> None:
        self.path = path
        self._root = root
        self._wait = wait
        try:
            self._open()
        except sqlite3.Error as error:
            if path is None or is_busy(error):
                raise
            self.discard()
            self._open()

    @classmethod
    def opened(cls, path: Path | None, root: Path) -> Self:
        """The store of that file; one in memory if the file's place does not let itself be used."""
        try:
            return cls(path, root)
        except (sqlite3.Error, OSError):
            return cls(None, root)

    def renewed(self, error: sqlite3.Error) -> Self:
        """What to go on with after an error: a new file for one that cannot be read, else memory."""
        useless = getattr(error, "sqlite_errorcode", 0) & 0xFF in _USELESS
        self.close()
        if useless:
            self.discard()
        return type(self).opened(self.path if useless else None, self._root)

    def _open(self) -> None:
        self._inode = 0
        if self.path is not None:
            make_private(self.path.parent)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
            self._inode = os.fstat(handle).st_ino
            os.utime(self.path)  # for `forget_old`
            os.close(handle)
        self._db = sqlite3.connect(
            self.path or ":memory:", timeout=self._wait, isolation_level=None, check_same_thread=False
        )
        try:
            self._db.execute("PRAGMA page_size = 8192")  # of a new file: long texts are written faster
            self._patiently("PRAGMA journal_mode = WAL")
            # A crash of the machine may cost the index, which can be made again, but never waits for the disk.
            self._db.execute("PRAGMA synchronous = OFF")
            if self._marks() == (0, 0):
                with self.transaction():
                    self._make()
            if self._marks() != (_APPLICATION, SCHEMA) or self.recall("root") != str(self._root):
                raise sqlite3.DatabaseError("not this root's index")
        except BaseException:
            self._db.close()
            raise

    def _patiently(self, statement: str) -> None:
        """Execute what SQLite does not wait for by itself while another process does the same."""
        until = time.monotonic() + self._wait
        while True:
            try:
                self._db.execute(statement)
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() > until:
                    raise
                time.sleep(0.005)

    def _make(self) -> None:
        if self.rows("SELECT 1 FROM sqlite_master"):
            return  # another process made it meanwhile, or it is nothing of ours
        for statement in _TABLES.split(";\n"):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA application_id = {_APPLICATION}")
        self._db.execute(f"PRAGMA user_version = {SCHEMA}")
        self.remember("root", str(self._root))

    def _marks(self) -> tuple[int, int]:
        return self._pragma("application_id"), self._pragma("user_version")

    def _pragma(self, name: str) -> int:
        return int(self._db.execute(f"PRAGMA {name}").fetchone()[0])

    def discard(self) -> None:
        """Delete the file, unless another process has put a new one in its place already."""
        if self.path is None or self.replaced:
            return
        _unlink(self.path)

    @property
    def replaced(self) -> bool:
        """Whether the file that is open is not the one that others would open now."""
        try:
            return self.path is not None and self.path.stat().st_ino != self._inode
        except OSError:
            return True

    def close(self) -> None:
        """Close the file, or give the memory back."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written inside."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.rollback()
            raise
        self._db.execute("COMMIT")

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """What a query finds."""
        return self._db.execute(statement, values).fetchall()

    def version(self) -> tuple[int, int]:
        """Changes whenever this or another process has written."""
        return self._db.total_changes, self._pragma("data_version")

    def recall(self, key: str) -> str:
        """A remembered fact, "" if there is none."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(found[0][0]) if found else ""

    def remember(self, key: str, value: str) -> None:
        """Keep a fact."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
