"""What of a conversation goes along with its next question.

Enters: the turns before it. Leaves: a `History`, either the one the last turn was sent with and that turn after it, byte
for byte, so that the provider's prefix cache knows it; or one begun anew, of questions and answers without their context.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..records import Message
from ..tokens import MARKS, estimate
from .turn import Told, Turn


@dataclass(frozen=True, kw_only=True)
class History:
    """The turns that go along.

    Attributes:
        turns: oldest first.
        bare: how many of the first of them go along as question and answer alone.
        present: the present fingerprint of what the others told, by id; None for what is gone.
    """

    turns: tuple[Turn, ...] = ()
    bare: int = 0
    present: Mapping[str, str | None] = field(default_factory=dict)

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """As they are sent."""
        return tuple(
            message
            for place, turn in enumerate(self.turns)
            for message in (
                Message(role="user", content=(turn.content if place >= self.bare else "") or turn.question),
                Message(role="assistant", content=turn.answer),
            )
            if message.content
        )

    @cached_property
    def tokens(self) -> int:
        """Estimated tokens of the messages, with their marks."""
        return sum(estimate(message.content) + MARKS for message in self.messages)

    @cached_property
    def told(self) -> dict[str, Told]:
        """What the model knows of each item, by id: what it was told last."""
        return {told.id: told for turn in self.turns[self.bare :] for told in turn.told}

    @property
    def changed(self) -> frozenset[str]:
        """Ids of what the model was told and what is no longer so."""
        return frozenset(one.id for one in self.told.values() if self.present.get(one.id) != one.fingerprint)

    @property
    def carried(self) -> int | None:
        """What the next turn keeps as its `Turn.carried`."""
        return len(self.turns) if self.bare == len(self.turns) else None


def recent(turns: Sequence[Turn], room: int) -> tuple[Turn, ...]:
    """The last turns whose words fit into the room, oldest first.

    Args:
        turns: oldest first.
        room: tokens.
    """
    kept: list[Turn] = []
    for turn in reversed(turns):
        room -= estimate(turn.question) + estimate(turn.answer) + 2 * MARKS
        if room < 0:
            break
        kept.insert(0, turn)
    return tuple(kept)


def continued(turns: Sequence[Turn]) -> History | None:
    """The history that goes on where the last turn left it; None if what was sent is not known any more.

    Args:
        turns: those that may go along, oldest first.
    """
    begun = next((place for place in reversed(range(len(turns))) if turns[place].carried is not None), None)
    if begun is None or (bare := turns[begun].carried or 0) > begun:
        return None
    return History(turns=tuple(turns[begun - bare :]), bare=bare)


def anew(turns: Sequence[Turn], room: int) -> History:
    """A history of words alone.

    Args:
        turns: oldest first.
        room: tokens they may take; older turns are left out first.
    """
    kept = recent(turns, room)
    return History(turns=kept, bare=len(kept))
