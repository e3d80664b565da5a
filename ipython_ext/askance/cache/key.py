"""Names a question for the cache.

Enters: an ask and the turns it continues. Leaves: a key, equal in every kernel for the same question asked the same way.
The state of the world is not in the key: it is what an entry is checked against (see `entry.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from ..records import Ask
from ..threads.turn import Turn, digest

FORMAT = 2
"""Raised when the meaning of a key or the shape of an entry changes: old entries are then not found."""


def question_key(ask: Ask, turns: Sequence[Turn], base_url: str = "") -> str:
    """The key of `ask`.

    Args:
        ask: the question; its id, its cell and `fresh` have no part in the key.
        turns: the history it continues.
        base_url: the server, where it is not the provider's own.
    """
    parts = [
        FORMAT,
        ask.model,
        base_url,
        ask.question.strip(),
        digest(turns),
        ask.context,
        ask.budget,
        ask.context_budget,
        ask.max_output,
        ask.privacy,
        ask.temperature,
        ask.form,
        ask.schema,
        sorted(ask.pins),
        sorted(ask.mutes),
    ]
    text = json.dumps(parts, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()
