"""What came back, and what a running ask tells on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .ledger import Ledger
from .request import Redaction, Usage
from .tools import ToolUse


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When things happened, in seconds after the ask began; None if they did not.

    Attributes:
        gathered: the ledger was ready.
        first_text: the first piece of the answer arrived.
        total: the answer ended.
    """

    gathered: float | None = None
    first_text: float | None = None
    total: float = 0.0


_CODE_BLOCK = re.compile(r"^ {0,3}(`{3,}+|~{3,}+)[ \t]*+([^\n`]*)\n(.*?)(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.M | re.S)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back.

    Attributes:
        question: the user's words.
        text: the answer, as Markdown, with what the gate's placeholders stand for.
        shown: the same as it may be written into a notebook: secrets stay replaced.
        model: the full model name that gave it.
        thread: the conversation it belongs to.
        ledger: what went along with the question.
        usage: tokens as the provider counted them.
        timing: when things happened.
        cached: the cache tier it came from, None if the model was asked.
        complete: whether the answer reached its end mark.
        ended: "stop" or "length" as the provider said, "stopped" by the user, "error" for a fault on the way.
        notice: one line for the user about how it ended, "" if there is nothing to say.
        id: the id of its ask.
        cost: its price in US dollars, None if the model's price is not known; 0.0 from the cache.
        value: the validated object, if it was asked for as JSON.
        redactions: what was replaced in the request; none if it was not sent.
        tools: the calls that the model made, in their order; none if it was known already.
    """

    question: str
    text: str
    model: str
    thread: str = "main"
    ledger: Ledger = field(default_factory=Ledger)
    usage: Usage = field(default_factory=Usage)
    timing: Timing = field(default_factory=Timing)
    cached: str | None = None
    complete: bool = True
    ended: Literal["stop", "length", "stopped", "error"] = "stop"
    notice: str = ""
    id: str = ""
    cost: float | None = None
    value: Any = None
    shown: str = ""
    redactions: tuple[Redaction, ...] = ()
    tools: tuple[ToolUse, ...] = ()

    def __post_init__(self) -> None:
        """Without secrets, both texts are one."""
        if not self.shown:
            object.__setattr__(self, "shown", self.text)

    @property
    def blocks(self) -> Sequence[tuple[str, str]]:
        """The fenced code blocks, as (language, code)."""
        return _blocks(self.text)

    @property
    def code(self) -> str:
        """All Python code of the answer (blocks marked python, or not marked at all), joined by blank lines."""
        return _code(self.text)

    @property
    def shown_code(self) -> str:
        """The same as it may be written into a notebook."""
        return _code(self.shown)

    def _repr_ask_(self, level: str) -> str:
        """An answer in a variable, as a later question may see it."""
        most = {"name": 0, "outline": 200, "excerpt": 800}.get(level, 4000)
        return f"an answer to: {self.question.strip()[:200]}\n{self.text[:most]}".rstrip()

    def __repr__(self) -> str:
        """Short: an answer is often the last expression of a cell."""
        state = f"cached: {self.cached}" if self.cached else self.ended
        return f"<Answer from {self.model}, {len(self.text)} characters, {state}>"


def _blocks(text: str) -> list[tuple[str, str]]:
    return [(match[2].strip(), match[3]) for match in _CODE_BLOCK.finditer(text)]


def _code(text: str) -> str:
    python = ("", "python", "py", "python3", "ipython")
    return "\n".join(code for language, code in _blocks(text) if language.lower() in python)


@dataclass(frozen=True)
class LedgerReady:
    """Event: the context is decided; shown before the model says anything, and again when tools have added to it."""

    ledger: Ledger


@dataclass(frozen=True)
class TextDelta:
    """Event: more of the answer, already cut at a good place."""

    text: str


@dataclass(frozen=True)
class ToolEvent:
    """Event: a tool was called, or something became of a call; the same id again replaces what was told of it."""

    use: ToolUse


Event = LedgerReady | TextDelta | ToolEvent
"""What a running ask tells whoever shows it, in order; the Answer itself comes back at the end."""

Emit = Callable[[Event], None]
"""Is told what happens to an ask."""


def nobody(_event: Event) -> None:
    """Watches no events."""
