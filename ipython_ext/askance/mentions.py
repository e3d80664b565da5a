"""What a question points at with "@".

Enters: the question's text. Leaves: the names behind the "@"s, in order, each once. The text itself is never changed.
A name that matches no candidate is just text: "@property" in a question about code stays one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    found = dict.fromkeys([*ask.mentions, *words])
    return tuple(word for word in found if not _is_withheld(ask, word))[:MOST]


def unmet(ask: Ask, candidates: Sequence[Candidate]) -> list[str]:
    """What to say of the mentions that bring nothing along."""
    said = []
    for name in ask.mentions:
        meant = [one for one in candidates if is_meant(one, (name,))]
        if ask.privacy.forbids("", name):
            said.append(f"@{name} stays here: never says so (%config Askance.never)")
        elif not meant:
            said.append(f"@{name} names nothing")
        elif all(ask.is_muted(one.source, one.name) for one in meant):
            said.append(f"{name} is muted; type: %ctx unmute {name}")
    return said


def _is_withheld(ask: Ask, word: str) -> bool:
    """Whether a word names what is muted or never leaves: what it means is nobody's business then."""
    first = word.partition(".")[0]
    muted = (id_.partition(":")[2] for id_ in ask.mutes)
    return ask.privacy.forbids("", word, first) or any(
        name in (word, first) or name.endswith(f"/{word}") for name in muted
    )
