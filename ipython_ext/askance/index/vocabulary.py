"""In how many files each word stands. Enters: an index and words. Leaves: word -> files."""

from __future__ import annotations

from collections.abc import Iterable

from .database import Database

_TABLE = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, texts, row)"


def holders(store: Database, words: Iterable[str]) -> dict[str, int]:
    """How many files hold each of these lower-case words anywhere; words that none holds are left out."""
    store.rows(_TABLE)
    found = {}
    for word in words:
        for (files,) in store.rows("SELECT doc FROM vocabulary WHERE term = ?", (word,)):
            found[word] = files
    return found
