"""What the tools have in common that only read: their flags, schemas, and results of bounded size.

Enters: a long text. Leaves: a part of it, with a line that says how to get the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ..beginning import beginning

ROOM = 8000
"""Characters of a result."""

_LINE_ROOM = 2000
_SUGGESTED = 5
_LEFT_OUT = "(a line of base64 is left out)"
_BASE64 = re.compile(r"""[+\-\s]{0,40}["']?[A-Za-z0-9+/]{60,80}={0,2}(?:\\n)?["']?,?\s*""")
_BASE64_END = re.compile(r"""[+\-\s]{0,40}["']?[A-Za-z0-9+/]{1,80}={0,2}(?:\\n)?["']?,?\s*""")
"""A line of nothing else, as keys are written in several lines; and the last one of them."""


class Reading:
    """A tool that changes nothing, and needs neither the kernel's thread nor a front end."""

    acts = False
    in_kernel = False
    needs_hands = False


def takes(*required: str, **properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of a tool's arguments.

    Args:
        required: names of those that every call has.
        properties: the schema of each.
    """
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def text(description: str, most: int = 300) -> Mapping[str, Any]:
    """The schema of a text of at most so many characters."""
    return {"type": "string", "description": description, "maxLength": most}


def number(description: str, most: int = 10_000_000) -> Mapping[str, Any]:
    """The schema of a whole number from 1 on."""
    return {"type": "integer", "description": description, "minimum": 1, "maximum": most}


def page(told: str, start: int = 1, end: int | None = None, room: int = ROOM) -> tuple[str, int, int]:
    """Whole lines of a text, as many as fit.

    Args:
        told: the text.
        start: the first line, from 1.
        end: the last one; None for as many as fit.
        room: characters there are for them.

    Returns:
        The lines, the number of the last of them, and how many there are in all.
    """
    lines = told.splitlines()
    kept: list[str] = []
    for line in without_blocks(lines)[start - 1 : end]:
        short = beginning(line, _LINE_ROOM)
        short += f" … ({len(line) - len(short):,} more characters)" if len(short) < len(line) else ""
        room -= len(short) + 1
        if room < 0:
            break
        kept.append(short)
    return "\n".join(kept), start - 1 + len(kept), len(lines)


def without_blocks(lines: Sequence[str]) -> list[str]:
    """The lines, without those of a key that takes several: the gate knows one by its first line, which may not be told."""
    found: list[str] = []
    is_block = False
    for line in lines:
        is_block = _is_block(line) or (is_block and _BASE64_END.fullmatch(line) is not None)
        found.append(_LEFT_OUT if is_block else line)
    return found


def _is_block(line: str) -> bool:
    kinds = (str.isupper, str.islower, str.isdigit)
    return _BASE64.fullmatch(line) is not None and all(any(map(kind, line)) for kind in kinds)


def paged(told: str, start: int = 1) -> str:
    """A page of a result, and how to get the next one: by the argument `start`."""
    shown, last, every = page(told, start)
    return f"{shown}\n… {every - last:,} more lines: call again with start={last + 1}" if last < every else shown


def near(name: str, known: Iterable[str]) -> str:
    """What was meant, perhaps: "Did you mean: a, b?"; or else what there is; "" if there is nothing."""
    every = list(known)
    lower = {one.lower(): one for one in every}
    meant = [lower[found] for found in get_close_matches(name.lower(), lower, _SUGGESTED, 0.5)]
    tail = name.rpartition("/")[2].lower()
    meant += [one for one in every if tail and one.rpartition("/")[2].lower() == tail and one not in meant]
    if meant:
        return f"Did you mean: {', '.join(meant[:_SUGGESTED])}?"
    more = len(every) - 2 * _SUGGESTED
    return (
        f"There are: {', '.join(every[: 2 * _SUGGESTED])}{f', and {more} more' if more > 0 else ''}." if every else ""
    )
