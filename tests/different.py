"""Replies that never say the same twice: an answer that is the same as before was not asked for again."""

from __future__ import annotations

import json
from itertools import count, islice

from scripted_server import Reply


def different(number: int = 500, silent: float = 0.0) -> list[Reply]:
    """So many replies; each also fits the schema of `notebooks/answers.ipynb`.

    Args:
        number: how many.
        silent: seconds before each.
    """
    texts = (json.dumps({"column": f"answer {n}", "doubtful": True}) for n in count(1))
    return [Reply([text], silent=silent) for text in islice(texts, number)]
