"""One file as the index keeps it.

Enters: a root and a path. Leaves: a `Document`, ready to be stored, or None if the file is gone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from .digest import digest
from .files import Stamp, is_racy, read_bytes, stamp
from .imports import modules_in
from .parts import parts
from .symbols import names
from .text import decode, header, is_data

UNSTABLE: Stamp = (0, 0, 0)
"""The stamp of a file that is looked at again by every scan: equal to no file's."""

NO_TEXT = "no readable text"


@dataclass(frozen=True)
class Document:
    """A file's row.

    Attributes:
        path: relative to the root.
        stamp: of the version that was read, or `UNSTABLE`.
        digest: of its whole text.
        problem: why it holds no text, "" if it does.
        names: its definitions.
        modules: what it imports (see `imports.modules_in`).
        columns: what is searched: path, definitions, headings, text, and the parts of camelCase names in it; of data
            files the header alone.
    """

    path: str
    stamp: Stamp
    digest: str = ""
    problem: str = ""
    names: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    columns: tuple[str, str, str, str, str] = ("", "", "", "", "")


def prepare(root: Path, path: str, now_ns: int) -> Document | None:
    """Read one file.

    Args:
        root: the tree, resolved.
        path: relative to it.
        now_ns: the wall clock in nanoseconds: a file written just now may change again under the same stamp.
    """
    found = read_bytes(root, path)
    if found is None:
        return Document(path, UNSTABLE, problem=NO_TEXT) if os.path.lexists(root / path) else None
    data, state = found
    made = UNSTABLE if is_racy(stamp(state), now_ns) else stamp(state)
    text = decode(path, data)
    if text is None:
        return Document(path, made, problem=NO_TEXT)
    body = header(path, text) if is_data(path) else text
    body = body.replace("\0", " ") if "\0" in body else body
    symbols, headings = names(path, body)
    named, headed = _both(" ".join(symbols)), _both("\n".join(headings))
    columns = (_both(path), named, headed, body, parts(body))
    return Document(path, made, digest(text), "", tuple(symbols), modules_in(path, body), columns)


def _both(text: str) -> str:
    return f"{text} {parts(text)}".rstrip()
