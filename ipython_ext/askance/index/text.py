"""The text of a file, as it is searched and shown.

Enters: bytes and a path. Leaves: text (a notebook's cell sources, the header line of a data file), or None for no text.
"""

from __future__ import annotations

import json

DATA = (".csv", ".tsv", ".jsonl", ".ndjson")
"""Files that are rows of values: only a header may be told below privacy 3."""


def is_data(path: str) -> bool:
    """Whether the file is rows of values."""
    return path.lower().endswith(DATA)


def decode(path: str, data: bytes) -> str | None:
    """The text of a file; None for binary content and for notebooks that cannot be parsed."""
    if b"\0" in data[:8192]:
        return None
    text = data.decode("utf-8-sig", "replace")
    return _notebook(text) if path.endswith(".ipynb") else text


def header(path: str, text: str) -> str:
    """The first line of a table with named columns, "" for other data files."""
    if path.lower().endswith((".csv", ".tsv")):
        return text.partition("\n")[0][:1000].strip()
    return ""


def _notebook(text: str) -> str | None:
    try:
        cells = json.loads(text)["cells"]
        parts = [f"# %% [{cell['cell_type']}]\n{_joined(cell['source'])}" for cell in cells]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    # JSON can write half a surrogate pair, which nothing else can encode.
    return "\n\n".join(parts).encode("utf-8", "replace").decode()


def _joined(source: object) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
