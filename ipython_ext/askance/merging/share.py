"""What one of several questions gets of the request that asked them all.

Enters: the request, and what came for one of its questions. Leaves: a `Reception`, as if it had been asked alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..prepared import Prepared
from ..reception import Reception
from ..records import Note, Usage


@dataclass(frozen=True)
class Share:
    """One question's part.

    Attributes:
        prepared: the request that asked them all; its ledger says so.
        reception: what came for this question.
    """

    prepared: Prepared
    reception: Reception


def noted(prepared: Prepared, others: int) -> Prepared:
    """The request, with a word in its ledger on how many questions it asked besides."""
    besides = f"{others} other question{'' if others == 1 else 's'}"
    note = Note(source="request", message=f"asked in one request with {besides}, for all of which this is the context")
    return replace(prepared, ledger=replace(prepared.ledger, notes=(*prepared.ledger.notes, note)))


def divided(usage: Usage, lengths: Sequence[int]) -> list[Usage]:
    """What a request took, divided among its questions: what went in equally, what came out by length.

    Args:
        usage: of the whole request.
        lengths: of the answers, in characters.
    """
    count, whole = len(lengths), sum(lengths) or 1
    outputs = [usage.output * length // whole for length in lengths]
    outputs[0] += usage.output - sum(outputs)
    return [
        Usage(
            input=_part(usage.input, count, place),
            output=outputs[place],
            cached=_part(usage.cached, count, place),
            written=_part(usage.written, count, place),
        )
        for place in range(count)
    ]


def _part(number: int, count: int, place: int) -> int:
    return number // count + (place < number % count)
