"""Reads a pack, which anybody may have written: bounded, strict, and never more than text.

Enters: a file. Leaves: its answers; or one line that says what is wrong with it, and where.
"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from ...errors import ConfigError
from ...records import LEVELS, Item, Ledger, Usage
from ...tools.box import SOURCE
from ..entry import Entry
from ..given import Recorded
from .file import FORMAT
from .travel import MACHINE

MOST_BYTES = 32 * 2**20
"""A longer file is not read."""

_KEYS = "question text portable thread model created ended usage request named sent".split()
_SIZES = ("budget", "tokens", "turns", "history")
_SENT = ("sent", "lowered", "redacted", "kept")
_LARGEST = 2**53
_CONFLICT = re.compile(r"^(<{7} |\|{7} |={7}$|>{7} )", re.MULTILINE)
_NAME = re.compile(r"[0-9a-f]{16,64}")
_LONGEST_WORD = 200

HINT = "Record it anew, or take the file as it was from version control."


class _Wrong(ValueError):
    """What is wrong, in words."""


def load(path: Path) -> tuple[bytes, list[Recorded]]:
    """What a pack's file holds, and the answers in it.

    Raises:
        ConfigError: it cannot be read, or is none.
    """
    data = _bytes(path)
    return data, read(data, path.name)


def read(data: bytes, name: str) -> list[Recorded]:
    """The answers of a pack.

    Args:
        data: what the file holds.
        name: the file's, for people.

    Raises:
        ConfigError: it is none.
    """
    try:
        text = data.decode("utf-8")
        if conflict := _CONFLICT.search(text):
            line = text.count("\n", 0, conflict.start()) + 1
            raise ConfigError(f"{name}, line {line}: a merge conflict", "Keep one of its sides, and delete its marks.")
        return _answers(json.loads(text, parse_constant=_refused))
    except json.JSONDecodeError as error:
        raise ConfigError(f"{name}, line {error.lineno}: not JSON ({error.msg})", HINT) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{name} is not text in UTF-8", HINT) from None
    except _Wrong as error:
        raise ConfigError(f"{name}, {error}", HINT) from None
    except (ValueError, RecursionError, OverflowError):  # a number of thousands of digits, a thousand brackets
        raise ConfigError(f"{name} is no pack of askance", HINT) from None


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ConfigError(f"{path} is not a file", "Name another.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}", "Name another file.") from None
    if len(data) > MOST_BYTES:
        raise ConfigError(f"{path.name} is larger than {MOST_BYTES // 2**20} MB", "Make it of fewer answers.")
    return data


def _answers(data: Any) -> list[Recorded]:
    if not isinstance(data, dict) or "askance" not in data:
        raise _Wrong("the head: no pack of askance")
    if data["askance"] != FORMAT or isinstance(data["askance"], bool):
        raise _Wrong(f"the head: made by another version of askance ({str(data['askance'])[:20]})")
    try:
        _check_keys(data, ("askance", "answers"))
        rows = _list(data["answers"], "answers")
    except _Wrong as error:
        raise _Wrong(f"the head: {error}") from None
    answers = []
    for number, row in enumerate(rows, 1):
        try:
            answers.append(_answer(row))
        except (_Wrong, OverflowError) as error:
            raise _Wrong(f"answer {number}: {error}") from None
    return answers


def _answer(row: Any) -> Recorded:
    _check_keys(row, _KEYS)
    request = _numbers(row["request"], _SIZES, "request")
    entry = Entry(
        question=_lines(row["question"], "question"),
        text=_lines(row["text"], "text"),
        model=_word(row["model"], "model"),
        ledger=Ledger(
            items=tuple(map(_item, _list(row["sent"], "sent"))),
            named=tuple(_text(id_, "named") for id_ in _list(row["named"], "named")),
            **request,
        ),
        usage=Usage(**_numbers(row["usage"], [field.name for field in fields(Usage)], "usage")),
        created=_time(row["created"]),
        ended=_one_of(row["ended"], ("stop", "length"), "ended"),
    )
    portable = _text(row["portable"], "portable")
    if not _NAME.fullmatch(portable):
        raise _Wrong('"portable" is no name of a question')
    return Recorded(portable, _word(row["thread"], "thread"), entry)


def _item(row: Any) -> Item:
    _check_keys(row, ("id", "level", "status", "tokens"), ("title", "fingerprint", "facts"))
    source, colon, name = _text(row["id"], "id").partition(":")
    fingerprint = _text(row.get("fingerprint", ""), "fingerprint")
    # What a tool gave that did something has none either.
    if not (source and colon and name) or not (fingerprint or source in MACHINE or source == SOURCE):
        raise _Wrong('a line of "sent" lacks its source, its name or its fingerprint')
    return Item(
        source=source,
        name=name,
        level=_one_of(row["level"], LEVELS, "level"),  # type: ignore[arg-type]
        tokens=_number(row["tokens"], "tokens"),
        score=0.0,
        parts={},
        why="",
        fingerprint=fingerprint,
        status=_one_of(row["status"], _SENT, "status"),  # type: ignore[arg-type]
        title=_text(row.get("title", ""), "title"),
        facts=_facts(row.get("facts", {})),
    )


def _facts(value: Any) -> dict[str, int | str]:
    if not isinstance(value, dict) or not all(type(fact) in (int, str) for fact in value.values()):
        raise _Wrong('"facts" holds something else than numbers and texts')
    return value


def _check_keys(row: Any, needed: Collection[str], more: Collection[str] = ()) -> None:
    if not isinstance(row, dict):
        raise _Wrong("there is no object where one should be")
    for key in needed:
        if key not in row:
            raise _Wrong(f'"{key}" is missing')
    for key in row:
        if key not in needed and key not in more:
            raise _Wrong(f"{json.dumps(key[:40])} is unknown")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise _Wrong(f'"{name}" is no text')
    return value


def _word(value: Any, name: str) -> str:
    """A text that is shown in one line."""
    if not _text(value, name).isprintable() or not 0 < len(value) <= _LONGEST_WORD:
        raise _Wrong(f'"{name}" is no name')
    return str(value)


def _lines(value: Any, name: str) -> str:
    return "\n".join(_text(line, name) for line in _list(value, name))


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise _Wrong(f'"{name}" is no list')
    return value


def _one_of(value: Any, words: Collection[str], name: str) -> str:
    if not isinstance(value, str) or value not in words:
        raise _Wrong(f'"{name}" is none of {", ".join(words)}')
    return value


def _number(value: Any, name: str) -> int:
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise _Wrong(f'"{name}" is no whole number')
    return value


def _numbers(value: Any, names: Collection[str], name: str) -> dict[str, Any]:
    _check_keys(value, names)
    return {key: _number(value[key], name) for key in names}


def _time(value: Any) -> float:
    try:
        return datetime.strptime(_text(value, "created"), "%Y-%m-%dT%H:%M:%S%z").timestamp()
    except ValueError:
        raise _Wrong('"created" is no time in UTC') from None


def _refused(_constant: str) -> None:
    raise ValueError
