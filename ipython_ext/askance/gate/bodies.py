"""The body of an HTTP request as the texts that stand in it, however they are packed.

Enters: bytes as they are about to leave. Leaves: documents, and every string in each. A form is taken apart into its
fields and files, a file of JSON lines into its lines; what is neither is one document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from .placeholders import PATTERN

_FORM = re.compile(r"--[0-9a-f]{32}\r\n")
"""How a form of our HTTP libraries begins: its boundary is random, and nobody's words."""


def documents(body: bytes) -> Iterator[object]:
    """What lies side by side in a body: plain JSON, or text where it is no JSON.

    Args:
        body: a whole request's.
    """
    text = body.decode("utf-8", "replace")
    form = _FORM.match(text)
    for part in [text] if form is None else _parts(text, form[0].rstrip()):
        yield from _lines(part)


def texts(document: object) -> Iterator[tuple[str, str]]:
    """(place, text) of every string in a document."""
    waiting = [("", document)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            yield place, value
        elif isinstance(value, dict):
            for number, (key, one) in enumerate(value.items()):
                yield f"{place} key {number}".strip(), key
                waiting.append(
                    (f"{place}.{key}" if PATTERN.search(key) is None and len(key) < 40 else f"{place}[{number}]", one)
                )
        elif isinstance(value, list):
            waiting.extend((f"{place}[{number}]", one) for number, one in enumerate(value))


def _parts(text: str, boundary: str) -> Iterator[str]:
    """All that stands between the boundaries of a form: heads and contents."""
    for part in text.split(boundary):
        head, _, content = part.partition("\r\n\r\n")
        yield head.strip()
        yield content.strip()


def _lines(part: str) -> Iterator[object]:
    try:
        yield json.loads(part)
        return
    except ValueError:
        pass
    try:
        values = [json.loads(line) for line in part.split("\n") if line.strip()]
    except ValueError:
        values = []
    if values and all(isinstance(value, dict) for value in values):
        yield from values
    else:
        yield part  # whole: a secret may have several lines
