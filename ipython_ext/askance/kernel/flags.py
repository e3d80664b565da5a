"""The flags of `%ask`, `%%ask` and `%ctx`.

Enters: the line after the magic's name. Leaves: `Flags`, with the rest of the line byte for byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from ..errors import UsageError
from .config import VIEWS


@dataclass(frozen=True, kw_only=True)
class Flags:
    """What a line asks for; None means the setting's own value.

    Attributes:
        model, thread, context, budget, privacy, fresh: as the fields of `records.Ask`.
        dry: show the ledger, send nothing.
        view: one of `VIEWS`.
        into: name of the variable that takes the answer, "" for none.
        text: what follows the flags.
    """

    model: str | None = None
    thread: str | None = None
    context: str | None = None
    budget: int | None = None
    privacy: int | None = None
    fresh: bool | None = None
    dry: bool | None = None
    view: str | None = None
    into: str = ""
    text: str = ""

    def options(self) -> dict[str, Any]:
        """The options of `Session.make_ask` that were given."""
        names = ("model", "thread", "context", "budget", "privacy", "fresh")
        given = {name: getattr(self, name) for name in names}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class Flag:
    """How a flag is written, and what it takes: nothing (bool), a number, or one of some words (any if none is said)."""

    long: str
    short: str = ""
    kind: type = str
    words: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The field of `Flags` that it sets."""
        return self.long.removeprefix("--")


FLAGS = (
    Flag("--model", "-m"),
    Flag("--thread", "-t"),
    Flag("--context", "-c", words=("auto", "none", "only")),
    Flag("--budget", "-b", int),
    Flag("--privacy", "-p", int, ("0", "1", "2", "3")),
    Flag("--fresh", kind=bool),
    Flag("--dry", kind=bool),
    Flag("--view", words=VIEWS),
)
_SPELLED = {spelling: flag for flag in FLAGS for spelling in (flag.long, flag.short) if spelling}
_WORD = re.compile(r"\s*(\S+)")
_INTO = re.compile(r"(?:^|\s)<<\s*([A-Za-z_]\w*)\s*$")


def parse(line: str) -> Flags:
    """The flags at the start of a line, `<< name` at its end, and the text between them.

    Args:
        line: what follows the magic's name; "--" ends the flags.

    Raises:
        UsageError: a flag is unknown, or its value is missing or wrong.
    """
    into = _INTO.search(line)
    flags = Flags(into=into[1] if into else "")
    line = line[: into.start()] if into else line
    while (match := _WORD.match(line)) and match[1].startswith("-"):
        word, line = match[1], line[match.end() :]
        if word == "--":
            break
        name, equals, value = word.partition("=")
        flag = _SPELLED.get(name)
        if flag is None:
            raise _unknown(name)
        if flag.kind is not bool and not equals:
            value, line = _value(flag, line)
        given: dict[str, Any] = {flag.field: _converted(flag, value, has_value=bool(equals))}
        flags = replace(flags, **given)
    return replace(flags, text=line.lstrip(" \t"))


def _value(flag: Flag, line: str) -> tuple[str, str]:
    match = _WORD.match(line)
    if match is None:
        raise _wrong(flag, "nothing")
    return match[1], line[match.end() :]


def _converted(flag: Flag, value: str, *, has_value: bool) -> str | int | bool:
    if flag.kind is bool:
        if has_value:
            raise UsageError(f"{flag.long} takes no value", f"Type: %%ask {flag.long}")
        return True
    if not value or (flag.words and value not in flag.words):
        raise _wrong(flag, value or "nothing")
    try:
        return int(value) if flag.kind is int else value
    except ValueError:
        raise _wrong(flag, value) from None


def _wrong(flag: Flag, value: str) -> UsageError:
    takes = ", ".join(flag.words) or ("a whole number" if flag.kind is int else "a name")
    return UsageError(f"{flag.long} takes {takes}; it got {value}", "Type %ask? for all flags.")


def _unknown(name: str) -> UsageError:
    near = get_close_matches(name, _SPELLED, n=1)
    hint = (
        f"Did you mean {near[0]}?" if near else "Type %ask? for all flags, or -- before a question that begins with -."
    )
    return UsageError(f"%ask has no flag {name}", hint)
