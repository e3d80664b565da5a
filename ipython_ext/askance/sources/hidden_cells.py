"""Cells that hold what a file holds. Enters: a cell's source. Leaves: the names of the files that it writes or was
loaded from.

What follows `%%writefile secrets.py` is that file, word for word; so is a cell that `%load` filled, a line that the shell
writes to a file, and a text that code writes to one.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

_MAGIC = re.compile(r"^\s*(?:#\s*)?%{1,2}(?:writefile|file|load|loadpy)\b(.*)", re.MULTILINE)
_SHELL_CELL = re.compile(r"\s*%%(?:!|bash|cmd|perl|powershell|pwsh|script|sh|sx|system|zsh)")
_SHELL_LINE = re.compile(r"^\s*(?:[\w, ]+=\s*)?(?:!|%(?:sx|system)\b)(.*)", re.MULTILINE)
_REDIRECTED = re.compile(r"(?:>\|?|\btee\b|\bof=)\s*((?:-\w+\s+)*(?:'[^'\n]+'|\"[^\"\n]+\"|[^\s;&|<>]+))")
_WRITTEN = re.compile(r"\.\s*write(?:_text|_bytes|lines)?\s*\(\s*[\[(]*\s*[rbfuRBFU]{0,2}[\"']")
_QUOTED = re.compile(r"[\"']([^\"'\n]{1,300})[\"']")
_LONGEST = 100_000


def files_within(source: str) -> Iterator[str]:
    """The files whose text may stand in a cell, as the cell calls them."""
    source = source[:_LONGEST]
    for match in _MAGIC.finditer(source):
        yield from (word for word in _words(match[1]) if not word.startswith("-"))
    lines = [source] if _SHELL_CELL.match(source) else [match[1] for match in _SHELL_LINE.finditer(source)]
    for match in _REDIRECTED.finditer("\n".join(lines)):
        yield _words(match[1])[-1]
    if _WRITTEN.search(source):
        yield from _QUOTED.findall(source)


def first_line(source: str) -> str:
    """What may be told of such a cell: its first line, if it is a magic that names the file."""
    line = source.lstrip().partition("\n")[0]
    return line if _MAGIC.match(line) else ""


def _words(text: str) -> list[str]:
    """The words of a line, and all of it, as a name with spaces in it is written."""
    try:
        return [text.strip(), *shlex.split(text)]
    except ValueError:
        return [text.strip(), *text.split()]
