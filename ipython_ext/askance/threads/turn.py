"""One turn of a conversation, and a name for several.

Enters: a question as it was sent, with what it told the model, and its answer. Leaves: a `Turn`; a digest for the cache.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from ..records import LEVELS, Ask, Item, Level


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a turn told the model of one item: its id, its fingerprint then, how much was said, what that took, and the
    privacy level it was told at.
    """

    id: str
    fingerprint: str
    level: Level
    tokens: int
    privacy: int = 3

    @property
    def source(self) -> str:
        """The source that offered it."""
        return self.id.partition(":")[0]

    @property
    def name(self) -> str:
        """Its name there."""
        return self.id.partition(":")[2]

    @classmethod
    def of(cls, item: Item) -> Told:
        """An item as it went along."""
        return cls(id=item.id, fingerprint=item.fingerprint, level=item.level, tokens=item.tokens, privacy=item.privacy)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One question with its answer, both with the gate's placeholders and never with what they stand for.

    Attributes:
        question: the user's words.
        answer: the model's, exactly as it gave them: a byte more or less, and its server's prefix cache is of no use.
        cell: id of the cell it was asked in, if known.
        also: ids of other cells that asked the same in this place: run again, each finds its place again.
        content: the message as it was sent, context included; "" if that is not known: then the question stands for it.
        told: what this message told of which items.
        privacy: the highest privacy level of anything in it.
        rules: `Ask.rules` of its question.
        carried: None if the turn continued what the turns before it had sent, word for word; otherwise it began anew, and
            that many turns before it went along as question and answer alone.
        model: the full name of the model that answered.
        asked: when, in seconds since the epoch.
        beside: whether it was asked in the background: others asked so may have heard it, or not.
    """

    question: str
    answer: str
    cell: str | None = None
    also: tuple[str, ...] = ()
    content: str = ""
    told: tuple[Told, ...] = ()
    privacy: int = 0
    rules: str = ""
    carried: int | None = None
    model: str = ""
    asked: float = 0.0
    beside: bool = False

    @classmethod
    def of(cls, ask: Ask, question: str, answer: str, asked: float) -> Turn:
        """The turn of an ask, without what was told along with it.

        Args:
            ask: the question, as it was asked.
            question: its words, with the gate's placeholders.
            answer: the model's, with them too.
            asked: when, in seconds since the epoch.
        """
        return cls(
            question=question,
            answer=answer,
            cell=ask.cell,
            privacy=ask.privacy.highest,
            rules=ask.rules,
            model=ask.model,
            asked=asked,
            beside=ask.background,
        )

    def of_cells_of(self, old: Turn) -> Turn:
        """The same in the place of an older turn with this question: the first cell keeps it, the others share it.

        Args:
            old: the older turn.
        """
        cells = [cell for cell in dict.fromkeys((old.cell, *old.also, self.cell)) if cell is not None]
        return replace(self, cell=next(iter(cells), None), also=tuple(cells[1:]))

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {**asdict(self), "told": [list(asdict(told).values()) for told in self.told]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Turn:
        """The inverse of `to_dict`.

        Raises:
            ValueError: it is not what `to_dict` makes.
        """
        try:
            told = tuple(Told(**dict(zip(_TOLD, row, strict=False))) for row in data["told"])
            turn = cls(**{**data, "told": told, "also": tuple(data.get("also", ()))})
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError("not a turn of a conversation") from error
        if not turn._is_sound():
            raise ValueError("not a turn of a conversation")
        return turn

    def _is_sound(self) -> bool:
        """Whether everything in it is what it should be: a file may hold anything."""
        texts = (self.question, self.answer, self.content, self.rules, self.model, self.cell or "", *self.also)
        texts += tuple(text for one in self.told for text in (one.id, one.fingerprint))
        sizes = (self.privacy, self.carried or 0, *(size for one in self.told for size in (one.tokens, one.privacy)))
        return (
            all(type(text) is str for text in texts)
            and all(type(size) is int and 0 <= size < _LARGEST for size in sizes)
            and type(self.asked) in (int, float)
            and abs(self.asked) < _LARGEST
            and all(one.level in LEVELS for one in self.told)
        )


_LARGEST = 1 << 53

_TOLD = tuple(one.name for one in fields(Told))


def digest(turns: Sequence[Turn]) -> str:
    """A short name for what was said: equal for equal words, in any kernel, whatever context went along."""
    hashed = hashlib.blake2b(digest_size=8)
    for turn in turns:
        for part in (turn.question, turn.answer):
            hashed.update(hashlib.blake2b(part.encode("utf-8", "surrogatepass"), digest_size=16).digest())
    return hashed.hexdigest()
