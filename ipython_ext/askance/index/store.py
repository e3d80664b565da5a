"""The index's rows: written, replaced, forgotten.

Enters: documents, and what git's history says. Leaves: stamps and texts as they are stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from .database import Database
from .document import Document
from .files import Stamp

_AT_ONCE = 100
"""Rows of one statement: Python's lock is waited for once for all of them, not once for each."""

_MOST_SEGMENTS = 16
_PAGES_AT_ONCE = 500
_SET = "INSERT INTO texts (texts, rank) VALUES (?, ?)"
_STAMPS = "SELECT path, mtime, size, inode FROM files"
_KNOWN = "SELECT path, id, digest, problem FROM files WHERE path IN"
_RESTAMP = "UPDATE files SET mtime = ?, size = ?, inode = ? WHERE id = ?"

T = TypeVar("T")


class Store(Database):
    """What the index keeps. Not thread-safe: its owner holds a lock around every call."""

    def stamps(self) -> dict[str, Stamp]:
        """Path -> stamp of all files that are stored."""
        return {path: (mtime, size, inode) for path, mtime, size, inode in self.rows(_STAMPS)}

    def fingerprint(self, path: str) -> tuple[Stamp, str] | None:
        """The stamp and the digest of the version that is stored, None if there is none that is text."""
        found = self.rows("SELECT mtime, size, inode, digest FROM files WHERE path = ? AND problem = ''", (path,))
        return ((found[0][0], found[0][1], found[0][2]), found[0][3]) if found else None

    def bodies(self, paths: Sequence[str]) -> dict[str, str]:
        """The texts that are stored of these files."""
        found = {}
        for path in paths:
            for (body,) in self.rows(
                "SELECT body FROM texts JOIN files ON id = texts.rowid WHERE files.path = ?", (path,)
            ):
                found[path] = body
        return found

    def replace(self, documents: Sequence[Document]) -> int:
        """Put documents in place of what was known of their paths, in one transaction.

        Returns:
            How many texts were written: those that are stored already, by whomever, are not written again.
        """
        with self.transaction():
            next_id = self.rows("SELECT coalesce(max(id), 0) + 1 FROM files")[0][0]
            known = self._known([document.path for document in documents])
            same, written = [], []
            for document in documents:
                number, *stored = known.get(document.path, (next_id, None))
                if stored == [document.digest, document.problem]:
                    same.append((*document.stamp, number))
                    continue
                written.append((number, document))
                next_id += number == next_id
            self._db.executemany(_RESTAMP, same)
            self._forget([known[document.path][0] for _, document in written if document.path in known])
            self._write(written)
        return len(written)

    def remove(self, paths: Sequence[str]) -> None:
        """Forget files, in one transaction."""
        with self.transaction():
            self._forget([number for number, *_ in self._known(paths).values()])

    def _known(self, paths: Sequence[str]) -> dict[str, tuple[int, str, str]]:
        return {
            path: (number, digest, problem)
            for some in _pieces(paths)
            for path, number, digest, problem in self.rows(f"{_KNOWN} ({', '.join('?' * len(some))})", some)
        }

    def _forget(self, numbers: Sequence[int]) -> None:
        for some in _pieces(numbers):
            places = ", ".join("?" * len(some))
            self._db.execute(f"DELETE FROM texts WHERE rowid IN ({places})", some)  # noqa: S608  question marks
            self._db.execute(f"DELETE FROM files WHERE id IN ({places})", some)  # noqa: S608

    def _write(self, documents: Sequence[tuple[int, Document]]) -> None:
        self._insert(
            "files (id, path, mtime, size, inode, digest, problem, names, modules)",
            [(i, d.path, *d.stamp, d.digest, d.problem, " ".join(d.names), "\n".join(d.modules)) for i, d in documents],
        )
        texts = [(i, *document.columns) for i, document in documents if not document.problem]
        self._insert("texts (rowid, path, symbols, headings, body, parts)", texts)

    def _insert(self, into: str, rows: Sequence[tuple[object, ...]]) -> None:
        for some in _pieces(rows):
            row = f"({', '.join('?' * len(some[0]))})"
            values = [value for row in some for value in row]
            self._db.execute(f"INSERT INTO {into} VALUES {', '.join([row] * len(some))}", values)  # noqa: S608

    @contextmanager
    def growing(self) -> Iterator[None]:
        """Many texts are written inside: the segments of the full text's index are not merged meanwhile."""
        self._db.execute(_SET, ("automerge", 0))
        try:
            yield
        finally:
            self._db.execute(_SET, ("automerge", _MOST_SEGMENTS))

    def compact(self) -> None:
        """Merge all segments of the full text's index, in which each word is looked up; others may write in between."""
        pages, changes = -_PAGES_AT_ONCE, 0
        while self._db.total_changes - changes > 1:  # so SQLite's manual tells that there is nothing left to merge
            changes = self._db.total_changes
            self._db.execute(_SET, ("merge", pages))
            pages = _PAGES_AT_ONCE

    def replace_history(self, head: str, said: Mapping[str, tuple[int, int, str]]) -> None:
        """Put git's history in place of what was known of it.

        Args:
            head: the commit it was read at.
            said: see `history.messages`.
        """
        with self.transaction():
            self._db.execute("DELETE FROM history")
            self._db.execute("DELETE FROM messages")
            rows = [(i, path, *told) for i, (path, told) in enumerate(sorted(said.items()), 1)]
            self._db.executemany("INSERT INTO history VALUES (?, ?, ?, ?)", [row[:4] for row in rows])
            self._db.executemany(
                "INSERT INTO messages (rowid, message) VALUES (?, ?)", [(row[0], row[4]) for row in rows]
            )
            self.remember("head", head)


def _pieces(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
