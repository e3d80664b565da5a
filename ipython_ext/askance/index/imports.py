"""Which modules a file imports. Enters: a path and its text. Leaves: modules as they are written.

Python: "a.b" for `import a.b`; "a.b:c,d" for `from a.b import c, d`; ".:c" and "..x:c" with their dots for relative
imports; "a.b" for `from a.b import *`. JavaScript and TypeScript: what stands in the quotes ("./x", "react").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

PYTHON = frozenset((".py", ".pyi", ".pyx", ".pxd", ".ipynb"))
SCRIPT = frozenset((".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte"))

_STATEMENT = re.compile(
    r"(?:[^\n#'\"]{0,200}?[;:])??[ \t]*"
    r"(?:from[ \t]*([.\w \t]*?\w|\.[. \t]*)[ \t]*\bc?import\b[ \t]*(\((?:[^)#]|#[^\n]*)*|(?:[^\n\\;#]|\\\r?\n)*)"
    r"|c?import[ \t]+((?:[^\n\\;#]|\\\r?\n)*))"
)
_COMMENT = re.compile(r"#[^\n]*")
_NAME = re.compile(r"(\.*[^\W\d][\w.]*)(?:\s+as\s+\w+)?")
_QUOTED = re.compile(r"""(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])([^'"\n]{1,300})\1""")


def modules_in(path: str, text: str) -> tuple[str, ...]:
    """The modules a file imports, in order, each once; found line by line, so half-written files work too.

    Args:
        path: its suffix decides the language; other languages have none.
        text: the file's text; a notebook's is its cells' sources.
    """
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in PYTHON:
        return tuple(dict.fromkeys(_scanned(text)))
    if suffix in SCRIPT:
        return tuple(dict.fromkeys(found[1] for found in _QUOTED.findall(text)))
    return ()


def _scanned(text: str) -> Iterator[str]:
    # Looking for the word first, and at its line only then, is several times faster than a pattern over all lines.
    end, found = 0, text.find("import")
    while found >= 0:
        statement = _STATEMENT.match(text, max(end, text.rfind("\n", 0, found) + 1))
        if statement is not None:
            source, names, modules = statement.groups()
            if source:
                yield _from("".join(source.split()), _NAME.findall(_COMMENT.sub("", names)))
            else:
                yield from _NAME.findall(modules)
        end = max(found + 6, statement.end() if statement else 0)
        found = text.find("import", end)


def _from(source: str, names: list[str]) -> str:
    return f"{source}:{','.join(names)}" if names else source
