"""A pack: a notebook's answers as a text file that people can read, compare line by line, and keep in git.

Enters: answers. Leaves: JSON, the same bytes for the same answers, one key or one line of an answer per line.
`reading.py` is the way back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from ...records import Item
from ..given import Recorded
from .travel import travelling

FORMAT = 1

_OTHER = re.compile(r"[^\x20-\x7e]")


def written(answers: Sequence[Recorded], redact: Callable[[str], str]) -> str:
    """The text of a pack.

    Args:
        answers: in the order in which they are to stand there.
        redact: gives a text as it may leave this machine; every text passes it.
    """
    blocks = [_block(f"  {line}" for line in _answer(one, redact)) for one in answers]
    inner = "".join(f"\n{block}{',' if number < len(blocks) else ''}" for number, block in enumerate(blocks, 1))
    return f'{{\n "askance": {FORMAT},\n "answers": [{inner}\n ]\n}}\n'


def _block(lines: Iterator[str]) -> str:
    return "\n".join(lines)


def _answer(one: Recorded, redact: Callable[[str], str]) -> Iterator[str]:
    entry = travelling(one.entry)
    ledger = entry.ledger
    fields = {
        "question": redact(entry.question).split("\n"),
        "text": redact(entry.text).split("\n"),
        "portable": one.portable,
        "thread": redact(one.thread),
        "model": redact(entry.model),
        "created": datetime.fromtimestamp(entry.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ended": entry.ended,
        "usage": asdict(entry.usage),
        "request": {name: getattr(ledger, name) for name in ("budget", "tokens", "turns", "history")},
        "named": [redact(id_) for id_ in ledger.named],
        "sent": [_item(item, redact) for item in ledger.items],
    }
    yield "{"
    for number, (name, value) in enumerate(fields.items(), 1):
        comma = "," if number < len(fields) else ""
        yield from _field(name, value, comma)
    yield "}"


def _field(name: str, value: Any, comma: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f' "{name}": {_json(value)}{comma}'
        return
    yield f' "{name}": ['
    for number, one in enumerate(value, 1):
        yield f"  {_json(one)}{',' if number < len(value) else ''}"
    yield f" ]{comma}"


def _item(item: Item, redact: Callable[[str], str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": redact(item.id),
        "title": redact(item.title),
        "level": item.level,
        "status": item.status,
        "tokens": item.tokens,
        "fingerprint": item.fingerprint,
        "facts": {redact(name): redact(fact) if isinstance(fact, str) else fact for name, fact in item.facts.items()},
    }
    return {name: value for name, value in told.items() if value or name in ("id", "tokens")}


def _json(value: object) -> str:
    """JSON that shows what it holds: letters of any language as they are, what cannot be seen as an escape."""
    return _OTHER.sub(_seen, json.dumps(value, ensure_ascii=False))


def _seen(match: re.Match[str]) -> str:
    return match[0] if match[0].isprintable() else json.dumps(match[0])[1:-1]
