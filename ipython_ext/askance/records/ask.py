"""What goes into an ask: the question, and what the sources offer for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

from .privacy import Privacy
from .tools import ToolSpec

Level = Literal["name", "outline", "excerpt", "full"]
LEVELS: tuple[Level, ...] = ("name", "outline", "excerpt", "full")
"""How much of a thing is said, least first."""

Status = Literal["sent", "lowered", "kept", "cut", "muted", "redacted"]
"""What became of an item: whole, at a lower level, sent by an earlier turn and unchanged since (it leaves again as part
of the conversation), left out for room, left out by the user, sent with redactions."""

ContextMode = Literal["auto", "none", "only"]
"""Which context goes along: what the ranker picks, nothing, or only what the question mentions."""

EVERY_TOOL = "all"
"""Stands for every name in `Ask.allow`."""

Form = Literal["text", "code", "json"]
"""What the answer is to be: Markdown, one block of code, or one JSON value."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One question and how it is to be asked.

    Attributes:
        question: the user's words, byte for byte; never formatted.
        model: the full model name, "provider:model" ("local" alone is one too).
        thread: the conversation it belongs to.
        mentions: names the question points at with "@", without the "@" ("df", "utils.py", "cell[12]", "git", "err").
        context: which context goes along.
        budget: room for the whole request, its conversation included, in tokens.
        context_budget: what the context of this question may take of that, in tokens; the rest is for the conversation.
        max_output: room for the answer, in tokens.
        privacy: how much of each thing may leave.
        temperature: the sampling temperature, None for the provider's default.
        fresh: ask the model even if the cache knows the answer.
        replay: give a kept answer of any age, and fail if there is none; the model is not asked.
        background: asked beside others, and not meant to hear what they are answered.
        form: what the answer is to be.
        schema: the JSON schema that a JSON answer has to fit, as canonical JSON text; "" for none.
        id: names this ask for whoever follows it; no part of what is asked.
        cell: id of the cell that asks, if the front end told it.
        pins: ids of items that go along whatever their score.
        mutes: ids of items, or names of sources, that never go along.
        tools: what the model may call to look things up.
        allow: names of tools that change something and may do so unasked; "all" for every one.
    """

    question: str
    model: str
    thread: str = "main"
    mentions: tuple[str, ...] = ()
    context: ContextMode = "auto"
    budget: int = 16000
    context_budget: int = 7200
    max_output: int = 1024
    privacy: Privacy = field(default_factory=Privacy)
    temperature: float | None = None
    fresh: bool = False
    replay: bool = False
    background: bool = False
    form: Form = "text"
    schema: str = ""
    id: str = ""
    cell: str | None = None
    pins: frozenset[str] = frozenset()
    mutes: frozenset[str] = frozenset()
    tools: tuple[ToolSpec, ...] = ()
    allow: frozenset[str] = frozenset()

    def is_muted(self, source: str, name: str) -> bool:
        """Whether the user muted a thing, or its source."""
        return bool(self.mutes) and not self.mutes.isdisjoint((source, f"{source}:{name}"))

    def allows(self, tool: str) -> bool:
        """Whether a tool that changes something may do so unasked."""
        return tool in self.allow or EVERY_TOOL in self.allow

    def withholds(self, source: str, name: str) -> bool:
        """Whether nothing may be told of a thing, not even its name, and by no other thing."""
        return self.is_muted(source, name) or self.privacy.forbids(source, name)

    @property
    def rules(self) -> str:
        """The same text for the same levels, mutes and things that never leave; "" for none. Tells no name."""
        parts = (self.privacy.rules, *sorted(self.mutes))
        return blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest() if any(parts) else ""


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
        fingerprint: gives what changes exactly when what a model would be told changes; stable across kernels. Called
            only for what is sent.
        text: words to match the question against.
        signals: what the source knows that helps ranking, each 0 to 1 and higher is better
            ("recency", "similarity", "open", "near"); those that no weight knows are left out.
        defines: ids of the candidates it made (a cell: its variables); it is worth what they are worth.
        levels: the levels it can be rendered at, least first.
        longer: give excerpts longer than that of the level, shortest first, for what is too large to be sent in full.
        aliases: other names a mention may use ("err", "git", "cell[3]").
        title: what a person calls it now, where the name is an id ("cell[3]"); "" if the name will do.
        privacy: the privacy level it is rendered at, where that is not what `Privacy.of` says of its source and name.
    """

    source: str
    name: str
    # They hold the user's objects, which nobody's log or debugger is to print.
    render: Callable[[Level], str] = field(repr=False)
    fingerprint: Callable[[], str] = field(repr=False)
    text: str = ""
    signals: Mapping[str, float] = field(default_factory=dict)
    defines: tuple[str, ...] = ()
    levels: tuple[Level, ...] = LEVELS
    longer: tuple[Callable[[], str], ...] = field(default=(), repr=False)
    aliases: tuple[str, ...] = ()
    title: str = ""
    privacy: int | None = None

    @property
    def id(self) -> str:
        """Its name in the ledger, unique over all sources."""
        return f"{self.source}:{self.name}"
