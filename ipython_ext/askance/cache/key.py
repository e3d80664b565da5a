"""Names a question for the cache.

Enters: an ask and the turns it continues. Leaves: keys, equal in every kernel for the same question asked the same way.
The state of the world is not in them: it is what an entry is checked against (see `entry.py`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..mentions import names
from ..records import Ask
from ..threads.turn import Turn, digest

FORMAT = 3
"""Raised when the meaning of a key or the shape of an entry changes: old entries are then not found."""

_PLACEHOLDER = re.compile(r"<([A-Z][A-Z0-9_]*)_\d+>")


@dataclass(frozen=True)
class Question:
    """A question as the cache knows it.

    Attributes:
        words: what was asked; it stays in this kernel.
        model: the full name of the model that is asked.
        key: names it among the answers of one user or team.
        portable: names it in a notebook: by its words and its place in the conversation, whatever the model, its server
            and the sizes that go with it. For answers that travel with the notebook.
        names: its words that may be names of things.
        parts: what the key is made of, by names that people read; a model's own defaults are none of their business.
    """

    words: str
    model: str
    key: str
    portable: str
    names: tuple[str, ...]
    parts: Mapping[str, object]

    @classmethod
    def of(cls, ask: Ask, turns: Sequence[Turn], every: Sequence[Turn], base_url: str = "") -> Question:
        """Name a question.

        Args:
            ask: the question; its id, its cell and `fresh` have no part in the keys.
            turns: the history that has room in its request.
            every: all turns before it in its conversation.
            base_url: the server, where it is not the provider's own.
        """
        words = ask.question.strip()
        own = {
            "context": ask.context,
            "form": ask.form,
            "schema": ask.schema,
            "pins": sorted(ask.pins),
            "mutes": sorted(ask.mutes),
            **({"tools": [[tool.name, tool.description, tool.schema] for tool in ask.tools]} if ask.tools else {}),
        }
        parts = {
            "model": ask.model,
            "server": base_url,
            "conversation": digest(turns),
            "privacy": ask.privacy.text,
            "temperature": ask.temperature,
            "budget": (ask.budget, ask.context_budget, ask.max_output),
            **own,
        }
        key = _hash([FORMAT, words, *parts.values()])
        portable = _hash([FORMAT, words, digest([_unnumbered(turn) for turn in every]), *own.values()])
        return cls(words, ask.model, key, portable, names(ask), parts)

    def alike(self, ask: Ask) -> str:
        """The same text for all questions that may be asked in one request: all but their words is the same."""
        return _hash([ask.thread, ask.rules, *self.parts.values()])


def _unnumbered(turn: Turn) -> Turn:
    """The gate counts its placeholders as it meets secrets, and meets fewer where no context is gathered."""
    question, answer = (_PLACEHOLDER.sub(r"<\1>", text) for text in (turn.question, turn.answer))
    return (
        turn if (question, answer) == (turn.question, turn.answer) else replace(turn, question=question, answer=answer)
    )


def _hash(parts: list[object]) -> str:
    return hashlib.blake2b(json.dumps(parts, ensure_ascii=True).encode(), digest_size=20).hexdigest()
