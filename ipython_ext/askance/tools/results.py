"""What a tool gave, as text for a model: bounded, whatever it is.

Enters: whatever a tool returned: a text, plain data, an object, a generator of texts. Leaves: its beginning, as text.
"""

from __future__ import annotations

import inspect
import json
import re
from typing import Any, NamedTuple

from ..beginning import beginning
from ..errors import ToolError
from ..sources.describe.dispatch import describe

MOST_CHARACTERS = 400_000
"""A longer result is cut before anything else is done with it: it is neither copied nor searched."""

MOST_PARTS = 100_000
"""Values in a result of plain data, and pieces of one that comes in pieces."""

DEEPEST = 60
MOST_DIGITS = 4000
ERROR_LINE = 500
"""Characters of what an exception says."""


_ABSOLUTE = re.compile(r"(?<![\w:/.\\])(?:/|[A-Za-z]:[\\/]|\\\\)(?:[^\s/\\:'\"<>|]+[/\\])+([^\s/\\:'\"<>|]*)")
"""An absolute path, and its last part."""


class Told(NamedTuple):
    """The beginning of a result, and how many characters the whole has; as many as there are if nobody knows."""

    text: str
    size: int


class _OtherThanDataError(Exception):
    """It is more than plain data."""


async def told(result: object, level: int) -> Told:
    """What a model is told of a result.

    Args:
        result: what the tool returned.
        level: how much may be told of an object that is neither text nor plain data.
    """
    if inspect.isawaitable(result):
        result = await result
    if isinstance(result, Told):
        return result
    if inspect.isasyncgen(result):
        return await _joined_as_they_come(result)
    if inspect.isgenerator(result):
        return joined(result)
    if isinstance(result, str):
        return cut(result)
    room = _Room()
    try:
        plain = room.trimmed(result, DEEPEST)
        text = json.dumps(plain, ensure_ascii=False, default=str)
    except (_OtherThanDataError, ValueError, RecursionError):
        return cut(describe(result, "full", level))
    return cut(f"{text} … cut here: there is more" if room.is_short else text)


def cut(text: str) -> Told:
    """The beginning of a text; never more than that is copied."""
    size = str.__len__(text)
    return Told(str.__str__(text) if size <= MOST_CHARACTERS else beginning(text, MOST_CHARACTERS), size)


def joined(pieces: Any) -> Told:
    """A generator's texts as one; not asked for more than is told."""
    text = _Text()
    try:
        for piece in pieces:
            if text.is_full(piece):
                break
    finally:
        pieces.close()
    return text.whole()


async def _joined_as_they_come(pieces: Any) -> Told:
    text = _Text()
    try:
        async for piece in pieces:
            if text.is_full(piece):
                break
    finally:
        await pieces.aclose()
    return text.whole()


class _Text:
    """Pieces of a text, as many as are told."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0

    def is_full(self, piece: object) -> bool:
        """Take a piece, and say whether it was the last one."""
        text = piece if isinstance(piece, str) else str(piece)
        self._pieces.append(text[: MOST_CHARACTERS + 1])
        self._size += len(text)
        return self._size > MOST_CHARACTERS or len(self._pieces) >= MOST_PARTS

    def whole(self) -> Told:
        """All of them."""
        return Told(cut("".join(self._pieces)).text, self._size)


class _Room:
    """Copies plain data as far as it is told.

    Attributes:
        is_short: whether something is left out.
    """

    def __init__(self) -> None:
        self.is_short = False
        self._characters = MOST_CHARACTERS
        self._parts = MOST_PARTS

    def trimmed(self, value: Any, depth: int) -> Any:
        """The value, or as much of it as there is room for.

        Raises:
            _OtherThanDataError: there is something in it that is no plain data.
        """
        self._parts -= 1
        kind = type(value)
        if kind is str:
            return self._text(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int and value.bit_length() <= 3 * MOST_DIGITS:
            return value
        if kind not in (list, tuple, dict) or depth == 0:
            raise _OtherThanDataError
        return self._mapping(value, depth) if kind is dict else self._sequence(value, depth)

    @property
    def _is_used_up(self) -> bool:
        self.is_short = self.is_short or self._parts <= 0 or self._characters <= 0
        return self.is_short

    def _text(self, value: str) -> str:
        self.is_short = self.is_short or len(value) > self._characters
        kept = value[: max(self._characters, 0)]
        self._characters -= len(kept)
        return kept

    def _sequence(self, values: Any, depth: int) -> list[Any]:
        kept = []
        for value in values:
            if self._is_used_up:
                break
            kept.append(self.trimmed(value, depth - 1))
        return kept

    def _mapping(self, values: dict[Any, Any], depth: int) -> dict[Any, Any]:
        kept = {}
        for name, value in values.items():
            if self._is_used_up:
                break
            if type(name) not in (str, int, float, bool, type(None)):
                raise _OtherThanDataError
            kept[self._text(name) if type(name) is str else name] = self.trimmed(value, depth - 1)
        return kept


def problem(error: BaseException) -> str:
    """What went wrong, in one line: without a traceback, and without the folders of any path."""
    if isinstance(error, ToolError):
        return str(error)[:MOST_CHARACTERS]
    try:
        said = str(error)[: 4 * ERROR_LINE]
    except Exception:  # noqa: BLE001  an exception of anybody's
        said = ""
    line = " ".join(said.split())
    line = beginning(_ABSOLUTE.sub(r"\1", line), ERROR_LINE)
    name = type(error).__name__
    return f"{name}: {line}" if line else name
