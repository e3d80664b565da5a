"""The values that pass along the path of one ask. All frozen; none knows a front end or an SDK.

    Ask -> Candidate* -> Item* in a Ledger -> Prompt -> GatedPrompt -> Chunk* -> Answer

"model" always means the language model. Times are in seconds, sizes in tokens unless named otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["name", "outline", "excerpt", "full"]
LEVELS: tuple[Level, ...] = ("name", "outline", "excerpt", "full")
"""How much of a thing is said, least first."""

Status = Literal["sent", "lowered", "cut", "muted", "redacted"]
"""What became of an item: whole, at a lower level, left out for room, left out by the user, sent with redactions."""

ContextMode = Literal["auto", "none", "only"]
"""Which context goes along: what the ranker picks, nothing, or only what the question mentions."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One question and how it is to be asked.

    Attributes:
        question: the user's words, byte for byte; never formatted.
        model: the full model name, "provider:model" ("local" alone is one too).
        thread: the conversation it belongs to.
        mentions: names the question points at with "@", without the "@" ("df", "utils.py", "cell[12]", "git", "err").
        context: which context goes along.
        budget: room for the whole request, in tokens.
        max_output: room for the answer, in tokens.
        privacy: how much of a value may leave: 0 names, 1 schema, 2 statistics, 3 samples.
        temperature: the sampling temperature, None for the provider's default.
        fresh: ask the model even if the cache knows the answer.
        cell: id of the cell that asks, if the front end told it.
        pins: ids of items that go along whatever their score.
        mutes: ids of items, or names of sources, that never go along.
    """

    question: str
    model: str
    thread: str = "main"
    mentions: tuple[str, ...] = ()
    context: ContextMode = "auto"
    budget: int = 8000
    max_output: int = 1024
    privacy: int = 2
    temperature: float | None = None
    fresh: bool = False
    cell: str | None = None
    pins: frozenset[str] = frozenset()
    mutes: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell that ran: its id (or a stand-in), its execution count, its source text, and whether it failed."""

    id: str
    number: int
    source: str
    failed: bool = False


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A thing a source offers as context, before anything is decided about it.

    Attributes:
        source: name of the source that offers it.
        name: its name within the source: a variable's name, a file's path relative to the root.
        render: gives its text at a level. Called seldom: only for what has a chance to be sent.
        fingerprint: changes exactly when what a model would be told changes; stable across kernels.
        text: words to match the question against.
        signals: what the source knows that helps ranking, each 0 to 1 and higher is better
            ("recency", "similarity", "open", "near"); unknown ones are left out.
        levels: the levels it can be rendered at, least first.
        aliases: other names a mention may use ("err", "git", "cell[3]").
        title: what a person calls it now, where the name is an id ("cell[3]"); "" if the name will do.
    """

    source: str
    name: str
    render: Callable[[Level], str]
    fingerprint: str
    text: str = ""
    signals: Mapping[str, float] = field(default_factory=dict)
    levels: tuple[Level, ...] = LEVELS
    aliases: tuple[str, ...] = ()
    title: str = ""

    @property
    def id(self) -> str:
        """Its name in the ledger, unique over all sources."""
        return f"{self.source}:{self.name}"


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of the ledger: a candidate, what was decided about it, and why.

    Attributes:
        level: the level it is rendered at; "name" for what was left out.
        tokens: what it takes of the budget, 0 if it was not sent.
        score: the sum of the parts.
        parts: the score, split by reason ("mention", "similarity", "recency", ...).
        why: the two or three parts that mattered, in words.
        text: exactly what is sent, "" if it is not.
        title: what a person calls it now, where the name is an id; "" if the name will do.
    """

    source: str
    name: str
    level: Level
    tokens: int
    score: float
    parts: Mapping[str, float]
    why: str
    fingerprint: str
    status: Status
    text: str = ""
    title: str = ""

    @property
    def id(self) -> str:
        """Its name in the ledger, unique over all sources."""
        return f"{self.source}:{self.name}"

    @property
    def sent(self) -> bool:
        """Whether any of it leaves the machine."""
        return self.status in ("sent", "lowered", "redacted")

    def to_dict(self) -> dict[str, Any]:
        """Everything but the text, as plain JSON values."""
        return {
            "id": self.id,
            "source": self.source,
            "name": self.name,
            "title": self.title,
            "level": self.level,
            "tokens": self.tokens,
            "score": round(self.score, 4),
            "parts": {part: round(value, 4) for part, value in self.parts.items()},
            "why": self.why,
            "fingerprint": self.fingerprint,
            "status": self.status,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Item:
        """The inverse of `to_dict`; the text is gone."""
        fields = ("source", "name", "level", "tokens", "score", "parts", "why", "fingerprint", "status")
        return cls(**{name: data[name] for name in fields}, title=data.get("title", ""))


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something that reduced the context, said in words: a source that was late, a file that could not be read."""

    source: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """All context of one ask, in rank order: what is sent, what is not, and why.

    Attributes:
        items: best first, those left out included.
        budget: room for the whole request, in tokens.
        tokens: estimated size of the whole request (instructions, history, context, question), in tokens.
        notes: what reduced the context.
        seconds: time each source took.
    """

    items: tuple[Item, ...] = ()
    budget: int = 0
    tokens: int = 0
    notes: tuple[Note, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def sent(self) -> tuple[Item, ...]:
        """The items that leave the machine, best first."""
        return tuple(item for item in self.items if item.sent)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the items' texts, as plain JSON values."""
        return {
            "items": [item.to_dict() for item in self.items],
            "budget": self.budget,
            "tokens": self.tokens,
            "notes": [{"source": note.source, "message": note.message} for note in self.notes],
            "seconds": {name: round(value, 4) for name, value in self.seconds.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Ledger:
        """The inverse of `to_dict`; the items' texts are gone."""
        return cls(
            items=tuple(Item.from_dict(item) for item in data["items"]),
            budget=data["budget"],
            tokens=data["tokens"],
            notes=tuple(Note(**note) for note in data["notes"]),
            seconds=data["seconds"],
        )


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of a request."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A whole request, independent of any provider's format.

    Attributes:
        model: the model's name as its own server knows it, without our provider prefix.
        system: the instructions; the same for every ask, so that providers can cache them.
        messages: earlier turns, then the context with the question at its end.
        max_output: room for the answer, in tokens.
        temperature: None for the provider's default.
    """

    model: str
    system: str
    messages: tuple[Message, ...]
    max_output: int = 1024
    temperature: float | None = None


@dataclass(frozen=True, kw_only=True)
class Redaction:
    """A stretch of the request that the gate replaced: its kind, its placeholder, and the item it stood in."""

    kind: str
    placeholder: str
    where: str


@dataclass(frozen=True, kw_only=True)
class GatedPrompt:
    """A prompt that passed the gate: the only thing a provider takes. Made in `gate.py` and nowhere else.

    Attributes:
        prompt: the request, with placeholders for what was redacted.
        redactions: what was replaced, in order of appearance.
        originals: placeholder -> what it stands for; never leaves the process, and is put back into the answer.
    """

    prompt: Prompt
    redactions: tuple[Redaction, ...] = ()
    originals: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Tokens as the provider counted them; `cached` of the input came from its prefix cache."""

    input: int = 0
    output: int = 0
    cached: int = 0


@dataclass(frozen=True)
class TextChunk:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True)
class UsageChunk:
    """The provider's count, so far or final: the last one holds."""

    usage: Usage


@dataclass(frozen=True)
class EndChunk:
    """The end mark. An answer without it is incomplete."""

    reason: Literal["stop", "length"]


Chunk = TextChunk | UsageChunk | EndChunk


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


_CODE_BLOCK = re.compile(r"^ {0,3}(`{3,}|~{3,})[ \t]*([^\n`]*)\n(.*?)(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.M | re.S)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back.

    Attributes:
        question: the user's words.
        text: the answer, as Markdown.
        model: the full model name that gave it.
        thread: the conversation it belongs to.
        ledger: what went along with the question.
        usage: tokens as the provider counted them.
        timing: when things happened.
        cached: the cache tier it came from, None if the model was asked.
        complete: whether the answer reached its end mark.
        ended: "stop" or "length" as the provider said, "stopped" by the user, "error" for a fault on the way.
        notice: one line for the user about how it ended, "" if there is nothing to say.
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

    @property
    def blocks(self) -> Sequence[tuple[str, str]]:
        """The fenced code blocks, as (language, code)."""
        return [(match[2].strip(), match[3]) for match in _CODE_BLOCK.finditer(self.text)]

    @property
    def code(self) -> str:
        """All Python code of the answer (blocks marked python, or not marked at all), joined by blank lines."""
        python = ("", "python", "py", "python3", "ipython")
        return "\n".join(code for language, code in self.blocks if language.lower() in python)

    def __repr__(self) -> str:
        """Short: an answer is often the last expression of a cell."""
        state = f"cached: {self.cached}" if self.cached else self.ended
        return f"<Answer from {self.model}, {len(self.text)} characters, {state}>"


@dataclass(frozen=True)
class LedgerReady:
    """Event: the context is decided; shown before the model says anything."""

    ledger: Ledger


@dataclass(frozen=True)
class TextDelta:
    """Event: more of the answer, already cut at a good place."""

    text: str


Event = LedgerReady | TextDelta
"""What a running ask tells whoever shows it, in order; the Answer itself comes back at the end."""
