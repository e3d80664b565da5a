"""The flags of `%ask`, `%%ask`, the presets and `%ctx`.

Enters: the line after the magic's name. Leaves: `Flags`, with the rest of the line byte for byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from math import inf
from typing import Any

from ..errors import UsageError
from .config import VIEWS


@dataclass(frozen=True, kw_only=True)
class Flags:
    """What a line asks for; None means the setting's own value.

    Attributes:
        model, thread, context, budget, privacy, fresh, replay, max_output, temperature: as the fields of `records.Ask`.
        dry: show the ledger, send nothing.
        prompt: show the whole request as text, send nothing.
        code: the answer is code, and goes into the next cell.
        json: the answer is an object: name of a variable that holds its schema, or a file's path.
        bg: go on at once; the answer comes when it comes.
        wait: wait for all that were asked so.
        view: one of `VIEWS`.
        tools: the model may look things up: with all tools (True), or with those of these names.
        no_tools: it may not.
        allow: names of tools that may act without being confirmed each time; "all" for all.
        map: the column whose values are each asked about: a variable, `df.text` or `df["text"]`.
        batch: its rows that one request takes at most.
        batch_api: by the provider's own batches.
        into: name of the variable that takes the answer, "" for none.
        text: what follows the flags.
    """

    model: str | None = None
    thread: str | None = None
    context: str | None = None
    budget: int | None = None
    privacy: int | None = None
    fresh: bool | None = None
    replay: bool | None = None
    max_output: int | None = None
    temperature: float | None = None
    dry: bool | None = None
    prompt: bool | None = None
    code: bool | None = None
    json: str | None = None
    bg: bool | None = None
    wait: bool | None = None
    view: str | None = None
    tools: bool | tuple[str, ...] | None = None
    no_tools: bool | None = None
    allow: tuple[str, ...] | None = None
    map: str | None = None
    batch: int | None = None
    batch_api: bool | None = None
    into: str = ""
    text: str = ""

    def options(self) -> dict[str, Any]:
        """The options of `Session.make_ask` that were given."""
        names = ("model", "thread", "context", "budget", "privacy", "fresh", "replay", "max_output", "temperature")
        given = {name: getattr(self, name) for name in names} | {"form": "code" if self.code else None}
        # who allows something to be done wants it to be possible
        tools = False if self.no_tools else self.tools or (True if self.allow else None)
        given |= {"tools": tools, "allow": self.allow}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class Flag:
    """How a flag is written, and what it takes: nothing (bool), a number, names with commas (tuple), or one of some words
    (any if none is said). One that may stand alone takes its value after "=". What a value looks like is a pattern.
    """

    long: str
    short: str = ""
    kind: type = str
    words: tuple[str, ...] = ()
    alone: bool = False
    value: re.Pattern[str] = re.compile(r"\s*(\S+)")

    @property
    def field(self) -> str:
        """The field of `Flags` that it sets."""
        return self.long.removeprefix("--").replace("-", "_")


# Keys in quotes may hold blanks.
_COLUMN = re.compile(r"""\s*((?:[^\s\["']|\[\s*(?:"[^"]*"|'[^']*')?|["'])+)""")

FLAGS = (
    Flag("--model", "-m"),
    Flag("--thread", "-t"),
    Flag("--context", "-c", words=("auto", "none", "only")),
    Flag("--budget", "-b", int),
    Flag("--privacy", "-p", int, ("0", "1", "2", "3")),
    Flag("--fresh", kind=bool),
    Flag("--replay", kind=bool),
    Flag("--max-output", kind=int),
    Flag("--temperature", kind=float),
    Flag("--dry", kind=bool),
    Flag("--prompt", kind=bool),
    Flag("--code", kind=bool),
    Flag("--json"),
    Flag("--bg", kind=bool),
    Flag("--wait", kind=bool),
    Flag("--view", words=VIEWS),
    Flag("--tools", kind=tuple, alone=True),
    Flag("--no-tools", kind=bool),
    Flag("--allow", kind=tuple),
    Flag("--map", value=_COLUMN),
    Flag("--batch", kind=int),
    Flag("--batch-api", kind=bool),
)
APART = (
    ("fresh", "replay", "--fresh asks the model, --replay never does."),
    ("bg", "code", "Type %ask --code when the answer is there: it takes the last one's."),
    ("code", "json", "An answer is one or the other."),
    ("dry", "prompt", "--prompt shows the request, --dry what it is made of."),
    ("bg", "dry", "Nothing is sent that one could wait for."),
    ("bg", "prompt", "Nothing is sent that one could wait for."),
    ("tools", "no_tools", "The model may look things up, or it may not."),
    ("map", "bg", "It shows how far it is; an interrupt keeps what had come."),
    ("map", "code", "It gives one answer for each value."),
    ("map", "prompt", "--dry says what it would take."),
    ("map", "tools", "Of a column, the values alone go along."),
    ("allow", "no_tools", "What may be done without being asked needs a tool that does it."),
)
"""Flags that do not go together, and a word on it."""

_SPELLED = {spelling: flag for flag in FLAGS for spelling in (flag.long, flag.short) if spelling}
_WORD = re.compile(r"\s*(\S+)")
_INTO = re.compile(r"(?:^|\s)<<\s*([A-Za-z_]\w*)\s*$")


def parse(line: str) -> Flags:
    """The flags at the start of a line, `<< name` at its end, and the text between them.

    Args:
        line: what follows the magic's name; "--" ends the flags.

    Raises:
        UsageError: a flag is unknown, its value is missing or wrong, or two do not go together.
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
        if not equals and not (flag.kind is bool or flag.alone):
            value, line = _value(flag, line)
        given: dict[str, Any] = {flag.field: _converted(flag, value, has_value=bool(equals))}
        flags = replace(flags, **given)
    return _consistent(replace(flags, text=line.lstrip(" \t")))


def _consistent(flags: Flags) -> Flags:
    for one, other, hint in APART:
        if getattr(flags, one) and getattr(flags, other):
            raise UsageError(f"--{one} and --{other.replace('_', '-')} do not go together", hint)
    if flags.wait and flags != Flags(wait=True):
        raise UsageError("--wait goes alone", "Type: %ask --wait")
    if flags.map is None and (flags.batch is not None or flags.batch_api):
        raise UsageError("--batch and --batch-api go with --map", 'Type: %ask --map df["text"] is it good? << answers')
    return flags


def _value(flag: Flag, line: str) -> tuple[str, str]:
    match = flag.value.match(line)
    if match is None:
        raise _wrong(flag, "nothing")
    return match[1], line[match.end() :]


def _converted(flag: Flag, value: str, *, has_value: bool) -> str | float | bool | tuple[str, ...]:
    if flag.kind is bool:
        if has_value:
            raise UsageError(f"{flag.long} takes no value", f"Type: %%ask {flag.long}")
        return True
    if flag.alone and not has_value:
        return True
    if flag.kind is tuple:
        return _names(flag, value)
    if not value or (flag.words and value not in flag.words):
        raise _wrong(flag, value or "nothing")
    try:
        converted: str | float = flag.kind(value)
    except ValueError:
        raise _wrong(flag, value) from None
    if flag.kind is not str and not 0 <= float(converted) < inf:
        raise _wrong(flag, value)
    return converted


def _names(flag: Flag, value: str) -> tuple[str, ...]:
    names = tuple(name for name in value.split(",") if name)
    if not names:
        raise _wrong(flag, "nothing")
    return names


def _wrong(flag: Flag, value: str) -> UsageError:
    takes = ", ".join(flag.words) or {
        int: "a whole number",
        float: "a number",
        tuple: "names, with commas and no spaces",
    }.get(flag.kind, "a name")
    return UsageError(f"{flag.long} takes {takes}; it got {value}", "Type %ask? for all flags.")


def _unknown(name: str) -> UsageError:
    near = get_close_matches(name, _SPELLED, n=1)
    hint = (
        f"Did you mean {near[0]}?" if near else "Type %ask? for all flags, or -- before a question that begins with -."
    )
    return UsageError(f"%ask has no flag {name}", hint)
