"""The parts of a file that answer a question best, and its outline.

Enters: a path, its text, a question's words. Leaves: whole lines with their numbers, bounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..beginning import beginning
from .symbols import Landmark, landmarks

OUTLINE_LINES = 60
_CHUNK_LINES = 30


@dataclass(frozen=True)
class Section:
    """Lines `first` to `last` (from 1), under the landmark that opens them."""

    first: int
    last: int
    title: str
    text: str


def outline(path: str, text: str) -> str:
    """Definitions and headings, indented as they nest; the first lines of a file that has none."""
    marks = landmarks(path, text)
    if not marks:
        return "\n".join(beginning(line, 160) for line in text.splitlines()[:5])
    lines = [("  " * mark.depth if mark.kind == "symbol" else "") + mark.text for mark in marks[:OUTLINE_LINES]]
    more = len(marks) - len(lines)
    return "\n".join([*lines, *([f"… {more} more"] if more else [])])


def excerpt(path: str, text: str, query: Sequence[str], room: int) -> str:
    """The best-matching sections in the file's order, each under a heading with its lines; whole lines only.

    Args:
        path: decides how the text is cut into sections.
        text: the whole file.
        query: the question's words, in lower case; they are met inside of names too.
        room: characters that may be used.
    """
    found = sections(path, text)
    chosen: list[Section] = []
    for section in _by_match(found, set(query)):
        size = len(section.text) + len(section.title) + 30
        if size <= room:
            chosen.append(section)
            room -= size
        elif not chosen:
            chosen.append(_shortened(section, room))
            break
    return "\n".join(_written(section) for section in sorted(chosen, key=lambda section: section.first))


def sections(path: str, text: str) -> list[Section]:
    """The file cut at its landmarks, and every `_CHUNK_LINES` lines where these are far apart."""
    lines = text.splitlines()
    marks = {mark.line: mark for mark in landmarks(path, text)}
    starts = [1, *(line for line in marks if line > 1), len(lines) + 1]
    found = []
    title: Landmark | None = None
    for start, end in pairwise(starts):
        title = marks.get(start, title)
        for first in range(start, end, _CHUNK_LINES):
            last = min(first + _CHUNK_LINES, end) - 1
            body = "\n".join(lines[first - 1 : last]).rstrip()
            if body.strip():
                found.append(Section(first, last, title.name if title else "", body))
    return found


def _by_match(found: Sequence[Section], query: set[str]) -> list[Section]:
    # Looking for the few words in the text is ten times faster than cutting the text into words.
    texts = [f"{section.title} {section.text}".lower() for section in found]
    words = [{word for word in query if word in text} for text in texts]
    rarity = {word: math.log(1 + len(found) / sum(word in some for some in words)) for word in set().union(*words)}
    scores = [sum(rarity[word] for word in some) for some in words]
    order = sorted(range(len(found)), key=lambda place: (-scores[place], place))
    matching = [found[place] for place in order if scores[place] > 0]
    return matching or list(found[:1])


def _shortened(section: Section, room: int) -> Section:
    kept, used = [], 30 + len(section.title)
    for line in section.text.split("\n"):
        used += len(line) + 1
        if used > room:
            break
        kept.append(line)
    kept = kept or [section.text[: max(0, room - 30)]]
    return Section(section.first, section.first + len(kept) - 1, section.title, "\n".join(kept))


def _written(section: Section) -> str:
    title = f" ({section.title})" if section.title else ""
    return f"# lines {section.first}-{section.last}{title}\n{section.text}"
