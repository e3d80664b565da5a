"""What a question points at with "@".

Enters: the question's text. Leaves: the names behind the "@"s, in order, each once. The text itself is never changed.
A name that matches no candidate is just text: "@property" in a question about code stays one.
"""

from __future__ import annotations

import re

from .records import Candidate

# Not after a word character (an e-mail address) or another "@".
_MENTION = re.compile(r"(?<![\w@])@([A-Za-z_][\w./-]*(?:\[[\w-]+\])?)")


def parse(question: str) -> tuple[str, ...]:
    """The names mentioned, without "@" and without a sentence's closing punctuation."""
    return tuple(dict.fromkeys(match[1].rstrip(".-/") for match in _MENTION.finditer(question)))


def meaning(path: str, mentions: tuple[str, ...]) -> tuple[str, ...]:
    """The mentions that mean this path, whole or by its end."""
    return tuple(mention for mention in mentions if path == mention or path.endswith("/" + mention))


def is_meant(candidate: Candidate, mentions: tuple[str, ...]) -> bool:
    """Whether a mention names this candidate: by name, alias, id, or the last part of its path."""
    if not mentions:
        return False
    names = {candidate.name, candidate.id, candidate.name.rsplit("/", 1)[-1], *candidate.aliases}
    return not names.isdisjoint(mentions)
