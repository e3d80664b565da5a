"""Questions to the index.

Enters: words or names. Leaves: paths with scores, or with lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .database import Database

_WORDS_OF_A_QUERY = 60

PATH, SYMBOLS, HEADINGS, BODY = 4.0, 3.0, 2.0, 1.0
"""BM25F column weights: path x4, symbols x3, content x1 did best in our measurements over 817 requests; they hardly matter."""

_TOTAL = f"-bm25(texts, {PATH}, {SYMBOLS}, {HEADINGS}, {BODY}, {BODY})"
_SEARCH = f"""
SELECT files.path, {_TOTAL} AS score FROM texts JOIN files ON files.id = texts.rowid
WHERE texts MATCH ? ORDER BY score DESC, files.path LIMIT ?"""  # noqa: S608  fixed text
_COLUMNS = f"""
SELECT files.path, {_TOTAL} AS score, -bm25(texts, 0, 1, 0, 0, 0)
FROM texts JOIN files ON files.id = texts.rowid WHERE texts MATCH ? ORDER BY score DESC, files.path LIMIT ?"""  # noqa: S608
_SAID = """
SELECT history.path, -bm25(messages) AS score FROM messages JOIN history ON history.id = messages.rowid
JOIN files ON files.path = history.path WHERE messages MATCH ? ORDER BY score DESC, history.path LIMIT ?"""


def search(store: Database, words: Sequence[str], limit: int) -> dict[str, float]:
    """The best files for any of the words: path -> BM25 score divided by the best one's, best first."""
    match = _any_of(words)
    found = store.rows(_SEARCH, (match, limit)) if match else []
    best = max((score for _, score in found), default=0.0)
    return {path: max(0.0, score / best) if best > 0 else 0.0 for path, score in found}


def search_columns(store: Database, words: Sequence[str], limit: int) -> dict[str, dict[str, float]]:
    """The best files for any of the words, best first, with BM25 scores.

    Returns:
        path -> {"all", "symbols", "history"}: "all" is that of the columns together, "symbols" that of the definitions
        by themselves, "history" that of the messages of the commits that changed it. A file found by its history alone
        has no other.
    """
    match = _any_of(words)
    if not match:
        return {}
    found = {path: {"all": score, "symbols": own} for path, score, own in store.rows(_COLUMNS, (match, limit))}
    for path, score in store.rows(_SAID, (match, limit)):
        found.setdefault(path, {"all": 0.0, "symbols": 0.0})["history"] = score
    return found


def defining(store: Database, names: Iterable[str]) -> dict[str, list[str]]:
    """Which files define these names, exactly as written: name -> paths in order; names that none defines are left out."""
    found = {name: [path for path, defined in _symbols(store, name) if name in defined.split()] for name in names}
    return {name: paths for name, paths in found.items() if paths}


def callers(store: Database, name: str, limit: int = 200) -> list[tuple[str, int]]:
    """Where a name is called: (path, line from 1), at most `limit`, in order of paths; definitions are no calls."""
    if not name.isidentifier():
        return []
    call = re.compile(rf"(?<![\w])(?<!def )(?<!class ){re.escape(name)}[ \t]*\(")
    query = "SELECT path FROM files WHERE id IN (SELECT rowid FROM texts WHERE texts MATCH ?) ORDER BY path"
    found: list[tuple[str, int]] = []
    for (path,) in store.rows(query, (f'body : "{name}"',)):
        text = store.rows("SELECT body FROM texts WHERE rowid = (SELECT id FROM files WHERE path = ?)", (path,))[0][0]
        found += [(path, text.count("\n", 0, match.start()) + 1) for match in call.finditer(text)]
        if len(found) >= limit:
            break
    return found[:limit]


def _symbols(store: Database, name: str) -> list[tuple[str, str]]:
    if not name.isidentifier():
        return []
    query = "SELECT path, names FROM files WHERE id IN (SELECT rowid FROM texts WHERE texts MATCH ?) ORDER BY path"
    return store.rows(query, (f'symbols : "{name}"',))


def _any_of(words: Sequence[str]) -> str:
    """An FTS5 query; a quoted snake_case name stands for its parts in a row."""
    terms = [f'"{word}"' for word in dict.fromkeys(words) if word.replace("_", "").isalnum()]
    return " OR ".join(terms[:_WORDS_OF_A_QUERY])
