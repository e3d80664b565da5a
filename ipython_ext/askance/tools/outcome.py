"""What came of a call. Made by the runner; told to the model, shown to the user, and kept in the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..records import ToolCall, ToolUse
from .base import NOTHING, Arguments, Touches


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One call that has ended, whichever way.

    Attributes:
        call: as the model made it.
        arguments: as they were read; none if they could not be.
        touches: what it read and changed.
        text: what the tool gave, or what went wrong; not gated yet. Its beginning, if it is very long.
        size: characters of all that the tool gave.
        failed: whether it went wrong.
        fingerprint: changes when the result would; "" if nobody can tell.
        seconds: how long it ran.
        cached: whether the result was known already.
        use: the same, as people see it.
    """

    call: ToolCall
    use: ToolUse
    arguments: Arguments = field(default_factory=dict)
    touches: Touches = NOTHING
    text: str = field(default="", repr=False)
    size: int = 0
    failed: bool = False
    fingerprint: str = ""
    seconds: float = 0.0
    cached: bool = False
