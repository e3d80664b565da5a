"""Reads rows from a model's words while they come.

Enters: pieces of text. Leaves: (id, answer) of each whole row, as soon as its object is closed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

LONGEST = 1_000_000
"""Characters of one row's answer; more is none."""

_NEXT = re.compile(r'\n[\s,\[]*\{(?=\s*"id")')


class Lines:
    """One answer's rows. What is not a row (a fence, a comma between them, words) is passed over."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, text: str) -> Iterator[tuple[str, Any]]:
        """More of the answer.

        Yields:
            each row that is whole now: its id, and its answer as plain JSON values.
        """
        self._rest += text
        if "}" in text or "\n" in text:
            yield from self._rows()
        if len(self._rest) > LONGEST:
            self._rest = ""

    def _rows(self) -> Iterator[tuple[str, Any]]:
        place = 0
        while (start := self._rest.find("{", place)) >= 0:
            try:
                value, end = _DECODER.raw_decode(self._rest, start)
            except (ValueError, RecursionError):
                following = _NEXT.search(self._rest, start)
                if following is None:  # it may be whole when more has come
                    self._rest = self._rest[start:]
                    return
                place = following.end() - 1  # it is broken: the next row begins a line of its own
                continue
            place = end
            if isinstance(value, dict) and isinstance(value.get("id"), str) and "answer" in value:
                yield value["id"].strip(), value["answer"]
        self._rest = self._rest[place:] if place else self._rest


def objects(text: str) -> Iterator[tuple[str, Any]]:
    """All rows of a whole text."""
    return Lines().feed(f"{text}\n")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_constant=_refuse)
