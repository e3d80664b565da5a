"""How much a model may call for while it answers one question.

Enters: what the user set. Leaves: what is left, and a line for the user once something is used up.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ToolLimits:
    """The bounds of one ask.

    Attributes:
        rounds: answers of the model that may call for tools.
        calls: calls in all of them.
        call_seconds: time that one call may run; waiting for others, or for the user, does not count.
        seconds: time that all rounds of calls may take together; waiting for the user does not count.
        tokens: what all results together may take of the request; None for what its budget has left.
    """

    rounds: int = 8
    calls: int = 32
    call_seconds: float = 30.0
    seconds: float = 120.0
    tokens: int | None = None
