"""Blocks of code: their contents stay, byte for byte.

Enters: a block as it was written, and what the parser knows of it. Leaves: the block as every program reads it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..fences import fenced

LANGUAGE = re.compile(r"[\w+#.-]{1,32}", re.A)

# Programs draw these instead of showing them, and load what they name.
_DRAWN = re.compile(r"mermaid", re.I)


class Block(NamedTuple):
    """A block of code.

    Attributes:
        source: as it was written, with its lines' ends.
        content: what stands in it.
        info: what stands behind its opening fence.
        mark: its fence; "" where it is indented instead.
        nested: what it stands in, the innermost last.
    """

    source: str
    content: str
    info: str
    mark: str
    nested: tuple[str, ...]


def language(info: str) -> str:
    """The name of a language and nothing else: programs copy what stands there into attributes."""
    found = LANGUAGE.search(info.strip()[:100])
    name = found[0].lstrip(".=") if found else ""
    return "text" if _DRAWN.match(name) else name


def as_written(block: Block) -> str:
    """The block with its language alone behind its fence."""
    info = block.info.strip()
    if not block.mark or info == language(info):
        return block.source
    first, line_end, rest = block.source.partition("\n")
    start = first.index(block.mark) + len(block.mark)
    return f"{first[:start]}{language(info)}{line_end}{rest}"


def undisputed(block: Block) -> str:
    """The block in a fence that begins and ends for every program at the same lines: between blank lines, longer than
    what is in it; in a list at the depth of its text, else at the margin; the blank lines are the caller's.
    """
    longest = max(map(len, re.findall(r"`+", block.content)), default=0)
    fence = "`" * max(3, longest + 1)
    indent = _depth(block) * " "
    lines = [f"{fence}{language(block.info)}", *block.content.removesuffix("\n").split("\n"), fence]
    if not block.content:
        del lines[1]
    text = "\n".join(f"{indent}{line}" if line else line for line in lines)
    return f"{text}\n" if block.source.endswith("\n") else text


def _depth(block: Block) -> int:
    """How far its fence stands from the margin; 0 where it stands beside a mark of the list or in a quote."""
    lead = len(block.source) - len(block.source.lstrip(" "))
    in_lists = block.nested and set(block.nested) == {"list_item"}
    return lead if in_lists and block.mark and block.source.startswith(block.mark, lead) else 0


def whole(markdown: str) -> str:
    """All of a text as one block."""
    return fenced(markdown, "text")
