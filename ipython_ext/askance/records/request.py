"""What leaves and what arrives: the request, and the chunks of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .tools import ToolCall, ToolResult, ToolSpec


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of a request.

    Attributes:
        role: whose it is.
        content: its words; "" where there are only calls or results.
        calls: the tools that the model called for after these words.
        results: what the calls of the message before gave; the user's, and without words.
    """

    role: Literal["user", "assistant"]
    content: str
    calls: tuple[ToolCall, ...] = ()
    results: tuple[ToolResult, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A whole request, independent of any provider's format.

    Attributes:
        model: the model's name as its own server knows it, without our provider prefix.
        system: the instructions; the same for every ask, so that providers can cache them.
        messages: earlier turns, then the context with the question at its end.
        max_output: room for the answer, in tokens.
        temperature: None for the provider's default.
        schema: the JSON schema that the answer has to fit, as JSON text, for servers that can see to it; "" for none.
        tools: what the model may call.
        may_call: whether it may do so in this answer; the tools stand in the request all the same, since earlier calls do.
    """

    model: str
    system: str
    messages: tuple[Message, ...]
    max_output: int = 1024
    temperature: float | None = None
    schema: str = ""
    tools: tuple[ToolSpec, ...] = ()
    may_call: bool = True


@dataclass(frozen=True, kw_only=True)
class Redaction:
    """A stretch of text that the gate replaced.

    Attributes:
        kind: what it is: "GITHUB_TOKEN", "EMAIL", the name of a variable.
        placeholder: what stands in its place.
        where: the item it stood in, or the part of the request: "variables:df", "question", "system".
        line: the line of that text, the first being 1.
    """

    kind: str
    placeholder: str
    where: str
    line: int = 1


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
    """Tokens as the provider counted them; `cached` of the input came from its prefix cache, `written` went into it."""

    input: int = 0
    output: int = 0
    cached: int = 0
    written: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Of two requests together."""
        return Usage(
            input=self.input + other.input,
            output=self.output + other.output,
            cached=self.cached + other.cached,
            written=self.written + other.written,
        )


@dataclass(frozen=True)
class TextChunk:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True)
class UsageChunk:
    """The provider's count, so far or final: the last one holds."""

    usage: Usage


@dataclass(frozen=True)
class CallChunk:
    """A call, once all of it has come."""

    call: ToolCall


@dataclass(frozen=True)
class EndChunk:
    """The end mark. An answer without it is incomplete; after "tools" the model waits for what its calls gave."""

    reason: Literal["stop", "length", "tools"]


Chunk = TextChunk | CallChunk | UsageChunk | EndChunk
