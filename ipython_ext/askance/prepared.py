"""All that was decided about one ask, ready to be sent.

Enters: the history, the ledger and the request that came of them. Leaves: what is replaced in it, and the turn it becomes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from .gate.placeholders import PATTERN
from .records import GatedPrompt, Ledger, Redaction
from .threads.history import History
from .threads.turn import Told, Turn

_PARTS = {"user": "the message", "assistant": "an earlier answer", "system": "the instructions"}
"""Parts of a request, for the user's eyes."""


@dataclass(frozen=True)
class Prepared:
    """What goes along with one question.

    Attributes:
        history: what of the conversation goes along.
        ledger: the context, and why.
        request: all of it, as it may leave.
    """

    history: History
    ledger: Ledger
    request: GatedPrompt

    @cached_property
    def redactions(self) -> tuple[Redaction, ...]:
        """All that is replaced in the request: in its items, in the question, and in what was said before."""
        rest = (replace(one, where=_PARTS.get(one.where, one.where)) for one in self.request.redactions)
        own = (*(one for item in self.ledger.sent for one in item.redactions), *rest)
        known = {one.placeholder for one in own}
        earlier = (
            Redaction(kind=found[1], placeholder=found[0], where="an earlier turn", line=number)
            for message in self.request.prompt.messages[:-1]
            for number, line in enumerate(message.content.splitlines(), 1)
            for found in PATTERN.finditer(line)
            if found[0] in self.request.originals and found[0] not in known
        )
        return tuple(dict.fromkeys((*own, *earlier)))

    def told_in(self, turn: Turn) -> Turn:
        """The turn it became, with what was told along with the question: what the next one goes on from."""
        told = tuple(Told.of(item) for item in self.ledger.sent if item.status != "kept")
        content = self.request.prompt.messages[-1].content
        return replace(turn, content=content, told=told, carried=self.history.carried)
