"""The index's rows: written, replaced, forgotten.

Enters: documents, and what git's history says. Leaves: stamps and texts as they are stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .database import Database
from .document import Document
from .files import Stamp

_AT_ONCE = 50
_STAMPS = "SELECT path, mtime, size, inode FROM files"
_RESTAMP = "UPDATE files SET mtime = ?, size = ?, inode = ? WHERE id = ?"


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
            written = []
            for document in documents:
                known = self._known(document.path)
                if known is not None and known[1:] == (document.digest, document.problem):
                    self._db.execute(_RESTAMP, (*document.stamp, known[0]))
                    continue
                if known is not None:
                    self._db.execute("DELETE FROM texts WHERE rowid = ?", (known[0],))
                written.append((next_id if known is None else known[0], document))
                next_id += known is None
            self._write(written)
        return len(written)

    def _known(self, path: str) -> tuple[int, str, str] | None:
        found = self.rows("SELECT id, digest, problem FROM files WHERE path = ?", (path,))
        return found[0] if found else None

    def _write(self, documents: Sequence[tuple[int, Document]]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(i, d.path, *d.stamp, d.digest, d.problem, " ".join(d.names), "\n".join(d.modules)) for i, d in documents],
        )
        texts = [(i, *document.columns) for i, document in documents if not document.problem]
        for start in range(0, len(texts), _AT_ONCE):
            some = texts[start : start + _AT_ONCE]
            # Many rows in one statement: Python's lock is taken once for all of them, not once for each.
            self._db.execute(
                f"INSERT INTO texts (rowid, path, symbols, headings, body, parts) VALUES {', '.join(['(?, ?, ?, ?, ?, ?)'] * len(some))}",  # noqa: S608  fixed text
                [value for row in some for value in row],
            )

    def remove(self, paths: Sequence[str]) -> None:
        """Forget files, in one transaction."""
        with self.transaction():
            for path in paths:
                if known := self._known(path):
                    self._db.execute("DELETE FROM texts WHERE rowid = ?", (known[0],))
                    self._db.execute("DELETE FROM files WHERE id = ?", (known[0],))

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
