"""What a cell does with names: which it needs from before, which it makes, which it changes.

Enters: a cell's source, with magics and mistakes. Leaves: a `Usage`, kept by source. Nothing is run.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .acts import MAKES, Kind, acts

_ROOM = 20_000
_STATEMENT = 400
_PYTHON_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun", "%%memit")
_TIMED_LINE = re.compile(r"^([ \t]*)%(?:timeit|time|prun|memit)\b(?:[ \t]+-[a-z]+(?:[ \t]*\d+)?)*[ \t]*(?=\S)", re.M)
_ASSIGNED_MAGIC = re.compile(r"^([ \t]*\w[\w, ]*=[ \t]*)[%!].*$", re.M)
_OTHER_MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[\w.*]+\?{1,2}[ \t]*)$", re.M)
_PRINT_STATEMENT = re.compile(r"^([ \t]*)print[ \t]+(?![(=])(.*)$", re.M)
_LINE_MAKES = re.compile(r"^[ \t]*(?:def[ \t]+|class[ \t]+)?([^\W\d]\w*)[ \t]*(?:=(?!=)|\(.*\):|:[ \t]*$)", re.M)
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Made:
    """How a cell made a name: as what, the statement's opening text, and the names that statement reads."""

    kind: Kind
    statement: str = ""
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Usage:
    """What one cell does with names.

    Attributes:
        needs: names read before the cell itself gives them a value.
        own: names read after the cell itself gave them a value.
        made: names given a value, and how.
        changed: names whose object changes in place.
        deleted: names taken away.
        touched: all names it speaks of -> where it last does, up to 1 (its last statement).
    """

    needs: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    made: Mapping[str, Made] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    touched: Mapping[str, float] = field(default_factory=dict)


@lru_cache(maxsize=2048)
def usage(source: str) -> Usage:
    """Read a cell's source; what cannot be parsed is read line by line. Never raises."""
    code = python_of(source[:_ROOM])
    for text in (code, _PRINT_STATEMENT.sub(r"\1print(\2)", code)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _read(text, ast.parse(text).body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    names = frozenset(_NAME.findall(code))
    made = {name: Made("value") for name in _LINE_MAKES.findall(code)}
    return Usage(names - made.keys(), made=made, touched=dict.fromkeys(names, 1.0))


def python_of(source: str) -> str:
    """The Python in a cell: magics and shell lines blanked, "" for a cell in another language."""
    first = source.lstrip()
    if first.startswith("%%"):
        if not first.startswith(_PYTHON_MAGICS):
            return ""
        source = first.partition("\n")[2]
    if "%" in source or "!" in source or "?" in source:
        source = _ASSIGNED_MAGIC.sub(r"\1None", _TIMED_LINE.sub(r"\1", source))
        source = _OTHER_MAGIC.sub(r"\1pass", source)
    return source


def _read(code: str, body: list[ast.stmt]) -> Usage:
    lines = code.split("\n")
    found: dict[str, set[str]] = {kind: set() for kind in ("needs", "own", "change", "delete")}
    made: dict[str, Made] = {}
    touched: dict[str, float] = {}
    for place, statement in enumerate(body, 1):
        done = list(acts(statement))
        read = frozenset(name for name, kind in done if kind == "read")
        text = "\n".join(lines[statement.lineno - 1 : statement.end_lineno])[:_STATEMENT]
        for name, kind in done:
            touched[name] = place / len(body)
            if kind in MAKES:
                made[name] = Made(kind, text, read)
                found["delete"].discard(name)
            elif kind == "read":
                found["own" if name in made else "needs"].add(name)
            else:
                found[kind].add(name)
            if kind == "delete":
                made.pop(name, None)
    sets = {kind: frozenset(names) for kind, names in found.items()}
    return Usage(sets["needs"], sets["own"], made, sets["change"], sets["delete"], touched)
