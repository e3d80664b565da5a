"""Whether a question asks for what changes all the time, and is background to no other question.

Enters: an ask. Leaves: yes or no. An answer that was told of uncommitted files no longer holds after any edit of any file:
so these are offered only to a question that speaks of them.
"""

from __future__ import annotations

import re

from ..records import Ask


def is_asked_for(ask: Ask, source: str, names: frozenset[str], words: re.Pattern[str]) -> bool:
    """Whether the question speaks of something, or the user named or pinned it.

    Args:
        ask: the question.
        source: the source's name.
        names: what mentions may call it.
        words: what a question about it says.
    """
    pinned = any(pin.partition(":")[0] == source for pin in ask.pins)
    return pinned or not names.isdisjoint(ask.mentions) or words.search(ask.question) is not None
