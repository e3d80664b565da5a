"""Puts text into a code fence that it cannot end.

Enters: any text. Leaves: one Markdown code block.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"`+")


def fenced(text: str, language: str = "") -> str:
    """`text` as a code block; its fence is longer than any run of backticks in it.

    Args:
        text: what stands in it, as it is.
        language: a word after the opening fence.
    """
    longest = max((len(run) for run in _RUN.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
