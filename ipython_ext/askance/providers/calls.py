"""The calls of an answer, put together from the pieces that they come in; and those of an earlier one, fit to go back.

Enters: pieces, as a server sends them. Leaves: each call, whole, as soon as nothing more can belong to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from ..errors import BrokenStream
from ..records import CallChunk, Chunk, EndChunk, Prompt, ToolCall

LONGEST = 2_000_000
"""Characters of arguments beyond which no model calls for anything."""

_ID = re.compile(r"[!-~]{1,256}")
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST_NAME = 64


@dataclass(eq=False)
class Coming:
    """A call of which more may come.

    Attributes:
        id: the server's name for it; "" while it has given none.
        name: of the tool, as far as it has come.
        kept: what the server wants back with it.
        over: whether the server said that this was all.
        out: whether it was given out.
    """

    id: str = ""
    name: str = ""
    kept: dict[str, Any] = field(default_factory=dict)
    over: bool = False
    out: bool = False
    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    _depth: int = 0
    _begun: bool = False
    _quoted: bool = False
    _escaped: bool = False

    @property
    def arguments(self) -> str:
        """Its arguments, as far as they have come."""
        self._pieces = ["".join(self._pieces)] if self._pieces else []
        return "".join(self._pieces)

    @property
    def whole(self) -> bool:
        """Whether its arguments are an object that has come to its end."""
        return self._begun and self._depth <= 0

    def named(self, name: str) -> None:
        """More of its name, or all of it once more."""
        if name != self.name and not self._pieces:
            self.name += name
        self.name = self.name or name

    def add(self, piece: str) -> None:
        """More of its arguments, or all of them once more; nothing that follows makes another of a call that was given out.

        Raises:
            BrokenStream: they have no end.
        """
        if not piece or self.out or (self.whole and (not piece.strip() or piece.strip() == self.arguments.strip())):
            return
        if self.whole and self.arguments.strip() == "{}":  # some servers begin with it, whatever follows
            self._pieces, self._length, self._begun = [], 0, False
        self._pieces.append(piece)
        self._length += len(piece)
        if self._length > LONGEST:
            raise BrokenStream("the model called for a tool with arguments without an end", "Run the cell again.")
        for character in piece:
            self._look(character)

    def _look(self, character: str) -> None:
        if self._quoted:
            if self._escaped or character == "\\":
                self._escaped = not self._escaped
            else:
                self._quoted = character != '"'
        elif character == '"':
            self._quoted = True
        elif character in "{[":
            self._begun, self._depth = True, self._depth + 1
        elif character in "}]":
            self._depth -= 1

    def chunk(self) -> CallChunk:
        """It as it is told."""
        self.out = True
        kept = json.dumps(self.kept) if self.kept else ""
        arguments = mended(self.arguments) if self.arguments.strip() else "{}"
        return CallChunk(ToolCall(id=self.id, name=mended(self.name), arguments=arguments, kept=kept))


class Calls:
    """The calls of one answer, in the order in which they began; so they are given out as well.

    Attributes:
        told: whether any was given out.
    """

    def __init__(self) -> None:
        self.told = False
        self._coming: list[Coming] = []
        self._next = 0

    def begin(self, id_: str = "", name: str = "") -> Coming:
        """One more call."""
        self._coming.append(Coming(id=id_, name=name))
        return self._coming[-1]

    def ready(self, *, finished: bool = False) -> Iterator[CallChunk]:
        """Those of which all has come: their arguments have ended, and so did they, or the next one has begun.

        Args:
            finished: whether the server said that no more calls follow.
        """
        while self._next < len(self._coming):
            first, followed = self._coming[self._next], finished or self._next + 1 < len(self._coming)
            if not ((first.whole and (first.over or followed)) or (first.over and followed)):
                return
            yield from self._out(first)

    def rest(self, *, cut: bool = False) -> Iterator[CallChunk]:
        """All others, at the answer's end.

        Args:
            cut: whether the answer ended for its length: what is not whole then is half a call.
        """
        while self._next < len(self._coming):
            first = self._coming[self._next]
            yield from self._out(first, drop=cut and not first.whole)

    def _out(self, call: Coming, *, drop: bool = False) -> Iterator[CallChunk]:
        self._next += 1
        if call.name and not drop:  # what calls for nothing is no call
            self.told = True
            yield call.chunk()
        call.out = True


class Settled:
    """What of an answer's chunks the rest of us meets: each call with an id of its own, and only where there are tools.

    Args:
        prompt: what was asked.
    """

    def __init__(self, prompt: Prompt) -> None:
        self._offered = bool(prompt.tools)
        self._taken = {call.id for message in prompt.messages for call in message.calls}

    def __call__(self, chunk: Chunk) -> Chunk | None:
        """The chunk, or what stands in its place; None for a call that nobody offered."""
        if isinstance(chunk, EndChunk):
            return EndChunk("stop") if chunk.reason == "tools" and not self._offered else chunk
        if not isinstance(chunk, CallChunk):
            return chunk
        if not self._offered:
            return None
        id_, number = chunk.call.id, len(self._taken)
        while id_ in self._taken or not _ID.fullmatch(id_):
            number += 1
            id_ = f"call_{number}"
        self._taken.add(id_)
        return chunk if id_ == chunk.call.id else CallChunk(replace(chunk.call, id=id_))


def mended(text: str) -> str:
    """Text that can be encoded: servers split characters, and pieces of them come together here."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def arguments_of(said: object) -> str:
    """Arguments, or a piece of them, as a server sends them: text, or an object.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(said, dict):
        return json.dumps(said)
    if said and not isinstance(said, str):
        raise TypeError
    return str(said or "")


def told_name(call: ToolCall) -> str:
    """A call's name as every server takes it back: models call for names that no tool may have."""
    return _NO_NAME.sub("_", call.name)[:_LONGEST_NAME] or "_"


def told_object(call: ToolCall) -> dict[str, Any]:
    """A call's arguments as an object: servers read them again, and refuse what is none."""
    try:
        found = json.loads(call.arguments, parse_constant=_refused)
        found = json.loads(mended(json.dumps(found, ensure_ascii=False)))
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {"not_json": call.arguments}


def told_text(call: ToolCall) -> str:
    """The same as text; exactly as it came, if it is an object."""
    found = told_object(call)
    return json.dumps(found) if found == {"not_json": call.arguments} else call.arguments


def told_kept(call: ToolCall) -> dict[str, Any]:
    """What the server wants back with a call."""
    found = json.loads(call.kept or "{}")
    return found if isinstance(found, dict) else {}


def _refused(_name: str) -> NoReturn:
    raise ValueError
