"""What a question points at with "@".

Enters: the question's text. Leaves: the names behind the "@"s, in order, each once. The text itself is never changed.
A name that matches no candidate is just text: "@property" in a question about code stays one.
"""

from __future__ import annotations

import re

from .records import Ask, Candidate

# Not after a word character (an e-mail address) or another "@".
_MENTION = re.compile(r"(?<![\w@])@([A-Za-z_][\w./-]*(?:\[[\w-]+\])?)")

_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:[./-]\w+)*")

MOST = 200
"""Words of a question that are looked up as names."""


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


def names(ask: Ask) -> tuple[str, ...]:
    """The words of a question that may be names of things, mentions first; once there is a thing of that name, an answer
    from before it may be wrong.

    Args:
        ask: the question; one without context calls nothing by name, one with only what it mentions nothing else.
    """
    if ask.context == "none":
        return ()
    words = _NAME.findall(ask.question) if ask.context == "auto" else []
    return tuple(dict.fromkeys([*ask.mentions, *words]))[:MOST]
