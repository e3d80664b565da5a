"""The landmarks of a text: definitions and headings, found line by line, so that half-written files work too.

Enters: a path and its text. Leaves: landmarks in order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

_PYTHON = re.compile(r"^([ \t]*)((?:async[ \t]+)?def|class)[ \t]+(\w+)([^\n]*)", re.M)
# Patterns that begin with plain letters are searched several times faster than those that begin with ^.
_FAST = (re.compile(r"def (\w+)\s*[(\[]"), re.compile(r"class (\w+)\s*[:(\[]"))
_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S[^\n]*)", re.M)
_SCRIPT = re.compile(
    r"^([ \t]*)(?:export[ \t]+)?(?:default[ \t]+)?(?:async[ \t]+)?(function\*?|class|interface|enum|type|const)[ \t]+(\w+)([^\n]*)",
    re.M,
)
_OTHER = re.compile(
    r"^([ \t]*)(?:pub[ \t]+)?(fn|func|struct|trait|impl|interface|enum|module|def|class)[ \t]+(\w+)([^\n]*)", re.M
)
_CODE = {
    **dict.fromkeys((".py", ".pyi", ".pyx", ".ipynb"), _PYTHON),
    **dict.fromkeys((".js", ".jsx", ".ts", ".tsx", ".mjs"), _SCRIPT),
    **dict.fromkeys(
        (".rs", ".go", ".rb", ".java", ".kt", ".c", ".h", ".cpp", ".hpp", ".cs", ".swift", ".jl", ".scala"), _OTHER
    ),
}
_PROSE = frozenset((".md", ".markdown", ".rst", ".txt", ".ipynb"))

MOST = 400
"""Landmarks kept of one file."""


@dataclass(frozen=True)
class Landmark:
    """A definition or a heading: where it begins (line, from 1), how deep, its name, and its line as written."""

    kind: Literal["symbol", "heading"]
    line: int
    depth: int
    name: str
    text: str


def landmarks(path: str, text: str) -> list[Landmark]:
    """The definitions and headings of a file, at most `MOST`, in order of lines."""
    suffix = PurePosixPath(path).suffix.lower()
    found: list[tuple[int, Landmark]] = []
    if suffix in _CODE:
        for match in _CODE[suffix].finditer(text):
            line = match[0].strip()[:160].rstrip(" {:")
            found.append((match.start(), Landmark("symbol", 0, len(match[1].expandtabs(4)) // 4, match[3], line)))
    if suffix in _PROSE:
        found += [
            (match.start(), Landmark("heading", 0, len(match[1]), match[2][:120], match[0].strip()[:160]))
            for match in _HEADING.finditer(text)
            if not match[2].startswith("%%")
        ]
    return _numbered(sorted(found, key=lambda pair: pair[0])[:MOST], text)


def names(path: str, text: str) -> tuple[list[str], list[str]]:
    """The names of all definitions and the headings of a file; a fast way for Python, where most text is."""
    if path.endswith((".py", ".pyi", ".pyx")):
        return [name for pattern in _FAST for name in pattern.findall(text)], []
    marks = landmarks(path, text)
    symbols = [mark.name for mark in marks if mark.kind == "symbol"]
    return symbols, [mark.name for mark in marks if mark.kind == "heading"]


def _numbered(found: list[tuple[int, Landmark]], text: str) -> list[Landmark]:
    numbered, line, place = [], 1, 0
    for start, mark in found:
        line += text.count("\n", place, start)
        place = start
        numbered.append(Landmark(mark.kind, line, mark.depth, mark.name, mark.text))
    return numbered
