"""What a docstring says of a function and of its arguments: in the styles of Google, NumPy and Sphinx.

Enters: a docstring. Leaves: what the function does, and a text for each argument that it tells of.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

_GOOGLE = re.compile(
    r"(Args|Arguments|Parameters|Params|Keyword Args|Keyword Arguments|Other Parameters|Returns?|Yields?|Raises|"
    r"Examples?|Notes?|References|See Also|Todo|Warnings?|Attributes|Side Effects):\s*"
)
_ARGUMENTS = ("Args", "Arguments", "Parameters", "Params", "Keyword Args", "Keyword Arguments", "Other Parameters")
_UNDERLINE = re.compile(r"-{3,}\s*")
_GOOGLE_ITEM = re.compile(r"\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)")
_NUMPY_ITEM = re.compile(r"(\*{0,2}\w+(?:\s*,\s*\*{0,2}\w+)*)\s*(?::.*)?")
_SPHINX = re.compile(r":(\w+)(?:\s+([^:\n]*))?:\s*(.*)")
_SPHINX_ARGUMENTS = ("param", "parameter", "arg", "argument", "key", "keyword")


class Docstring(NamedTuple):
    """What is said of the function, and of its arguments by name."""

    text: str
    arguments: Mapping[str, str]


def read(docstring: str | None) -> Docstring:
    """Take a docstring apart.

    Args:
        docstring: as it stands in the source; None if there is none.
    """
    lines = inspect.cleandoc(docstring or "").expandtabs().splitlines()
    first = next((place for place in range(len(lines)) if _end(lines, place) > place), len(lines))
    arguments: dict[str, str] = {}
    place = first
    while place < len(lines):
        end = _end(lines, place)
        if end > place:
            arguments.update(_items(lines[place:end]))
        place = max(end, place + 1)
    return Docstring("\n".join(lines[:first]).strip(), arguments)


def _end(lines: Sequence[str], place: int) -> int:
    """Where the section ends that begins here; here if none does."""
    line = lines[place]
    if _SPHINX.fullmatch(line):
        return _dedented(lines, place + 1)
    if _is_underlined(lines, place):
        return next((n for n in range(place + 2, len(lines)) if _is_underlined(lines, n)), len(lines))
    return _dedented(lines, place + 1) if _GOOGLE.fullmatch(line) else place


def _dedented(lines: Sequence[str], place: int) -> int:
    """The next line that is not indented."""
    return next((n for n in range(place, len(lines)) if lines[n] and not lines[n].startswith(" ")), len(lines))


def _is_underlined(lines: Sequence[str], place: int) -> bool:
    return bool(lines[place].strip()) and place + 1 < len(lines) and bool(_UNDERLINE.fullmatch(lines[place + 1]))


def _items(section: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The arguments that a section tells of; none if it is about something else."""
    head = section[0]
    sphinx = _SPHINX.fullmatch(head)
    if sphinx:
        if sphinx[1] in _SPHINX_ARGUMENTS and sphinx[2]:
            yield sphinx[2].split()[-1].lstrip("*"), _joined([sphinx[3], *section[1:]])
        return
    numpy = len(section) > 1 and _UNDERLINE.fullmatch(section[1])
    if head.strip().rstrip(":") not in _ARGUMENTS:
        return
    body = section[2:] if numpy else section[1:]
    depth = min((len(line) - len(line.lstrip()) for line in body if line.strip()), default=0)
    names: list[str] = []
    said: list[str] = []
    for line in body:
        item = (
            (_NUMPY_ITEM if numpy else _GOOGLE_ITEM).fullmatch(line[depth:]) if line[depth:] == line.strip() else None
        )
        if item is None:
            said.append(line)
            continue
        yield from ((name, _joined(said)) for name in names)
        names = [name.strip().lstrip("*") for name in item[1].split(",")]
        said = [] if numpy else [item[2]]
    yield from ((name, _joined(said)) for name in names)


def _joined(lines: Sequence[str]) -> str:
    return " ".join(" ".join(lines).split())
