"""Full text search over the project, in memory.

Enters: paths and texts. Leaves: for a question's words, the best paths with a similarity from 0 to 1.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from .symbols import Landmark

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORDS_OF_A_QUERY = 60

PATH, SYMBOLS, HEADINGS, BODY = 4.0, 3.0, 2.0, 1.0
"""BM25F column weights: path x4, symbols x3, content x1 did best in our measurements over 817 requests; they hardly matter."""


class TextIndex:
    """SQLite FTS5 in memory. Not thread-safe: its owner holds a lock around every call."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        # unicode61 cuts snake_case by itself; camelCase is cut before it gets here.
        self._db.execute("CREATE VIRTUAL TABLE texts USING fts5(path, symbols, headings, body, tokenize='unicode61')")
        self._rows: dict[str, int] = {}

    def replace(self, path: str, text: str, marks: Sequence[Landmark]) -> None:
        """Put a file's text in place of what was known of it."""
        self.remove(path)
        symbols = " ".join(mark.name for mark in marks if mark.kind == "symbol")
        headings = " ".join(mark.name for mark in marks if mark.kind == "heading")
        row = self._db.execute(
            "INSERT INTO texts (path, symbols, headings, body) VALUES (?, ?, ?, ?)",
            tuple(_CAMEL.sub(" ", part).replace("\0", " ") for part in (path, symbols, headings, text)),
        )
        self._rows[path] = row.lastrowid or 0

    def remove(self, path: str) -> None:
        """Forget a file."""
        row = self._rows.pop(path, None)
        if row is not None:
            self._db.execute("DELETE FROM texts WHERE rowid = ?", (row,))

    def search(self, words: Sequence[str], limit: int) -> dict[str, float]:
        """The best files for any of the words: path -> BM25 score divided by the best one's, best first."""
        terms = [f'"{word}"' for word in dict.fromkeys(words) if word.isalnum()][:_WORDS_OF_A_QUERY]
        if not terms or not self._rows:
            return {}
        found = self._db.execute(
            "SELECT rowid, -bm25(texts, ?, ?, ?, ?) AS score FROM texts WHERE texts MATCH ? ORDER BY score DESC, rowid LIMIT ?",
            (PATH, SYMBOLS, HEADINGS, BODY, " OR ".join(terms), limit),
        ).fetchall()
        paths = {row: path for path, row in self._rows.items()}
        best = max((score for _, score in found), default=0.0)
        return {paths[row]: max(0.0, score / best) if best > 0 else 0.0 for row, score in found}

    def close(self) -> None:
        """Give the memory back."""
        self._db.close()
        self._rows.clear()
