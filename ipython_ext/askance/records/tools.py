"""What a model may call, what it called, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class ToolSpec:
    """A tool as a model is told of it.

    Attributes:
        name: letters, digits, "_" and "-", at most 64 of them, as all providers want it.
        description: what it does and when to use it.
        schema: the JSON schema of its arguments, an object, as canonical JSON text.
    """

    name: str
    description: str
    schema: str = '{"properties":{},"type":"object"}'


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """A call as a model made it.

    Attributes:
        id: the provider's name for this call; its result goes back under it.
        name: of the tool, whether there is one of that name or not.
        arguments: JSON text, exactly as it came: it may be no JSON at all.
        kept: what its server wants back along with it, as JSON text for the provider alone; "" for nothing.
    """

    id: str
    name: str
    arguments: str
    kept: str = ""


@dataclass(frozen=True, kw_only=True)
class ToolResult:
    """What goes back to the model: the call's id, a text, and whether the call failed."""

    id: str
    text: str
    failed: bool = False


UseState = Literal["asking", "waiting", "running", "done", "failed", "refused", "stopped"]
"""The user is asked; waits for other calls; runs; gave a result; failed; was not allowed; was stopped."""


@dataclass(frozen=True, kw_only=True)
class ToolUse:
    """One call as people see it, at one moment; texts without secrets.

    Attributes:
        id: names the call within its ask.
        name: of the tool.
        arguments: its arguments in one line, as JSON; while the user is asked all of them, else what has room.
        state: what has become of it so far.
        seconds: how long it ran so far, the time that it waited left out.
        text: its result, or what went wrong.
        cached: whether the result was known already.
        round: which answer of the model called for it, the first being 1.
    """

    id: str
    name: str
    arguments: str
    state: UseState
    seconds: float = 0.0
    text: str = ""
    cached: bool = False
    round: int = 1
