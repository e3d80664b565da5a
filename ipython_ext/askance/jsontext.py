"""Finds the JSON in what a model wrote.

Enters: text: a JSON value, perhaps in a fence, perhaps with words before and after. Leaves: the text of each value.
"""

from __future__ import annotations

import json
import re
from typing import NoReturn

from .errors import BadAnswer

_FENCE = re.compile(r"(`{3,}+|~{3,}+)[^\n`]*\n")
_OPENING = re.compile(r"[\[{]")
_BLANK = re.compile(r"[ \t\r\n]*")

MOST_OPENINGS = 2000
"""Brackets that are tried; each try costs a look at the text before it."""


def values(text: str) -> list[str]:
    """The JSON values of a text, each as it stands there; at least one.

    Objects and arrays are found among words; a number, a string, true, false or null has to stand alone. Where a value
    breaks off or goes wrong the search ends: a part of it is never taken for the whole.

    Args:
        text: what a model wrote.

    Raises:
        BadAnswer: there is none, or one is broken.
    """
    text = text.strip().lstrip("\ufeff")
    inner = _unfenced(text).strip()
    if inner and inner[0] not in "[{" and _is_value(inner):
        return [inner]
    found, place, looks = [], 0, 0
    while (opening := _OPENING.search(text, place)) and looks < MOST_OPENINGS:
        start, looks = opening.start(), looks + 1
        place = _end(text, start)
        if place > start + 1:
            found.append(text[start:place])
    if not found:
        raise BadAnswer("it holds no JSON")
    return found


def _unfenced(text: str) -> str:
    """What stands in a fence that is all of a text; any other text as it is."""
    opening = _FENCE.match(text)
    closing = text[len(text.rstrip("`~")) :]
    if opening is None or opening[1] not in closing or opening.end() > len(text) - len(closing):
        return text
    return text[opening.end() : len(text) - len(closing) + closing.index(opening[1])]


def _end(text: str, start: int) -> int:
    """Where the value that begins here ends; just after its bracket if that bracket is only part of a sentence.

    Raises:
        BadAnswer: it is broken.
    """
    try:
        return _DECODER.raw_decode(text, start)[1]
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text) or error.msg.startswith("Unterminated string")
        blank = _BLANK.match(text, start + 1)
        if not cut and blank is not None and error.pos <= blank.end():
            return start + 1
        raise BadAnswer("its JSON breaks off" if cut else f"its JSON is broken: {error}") from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, a thousand brackets
        raise BadAnswer(f"its JSON cannot be read: {error}") from None


def _is_value(text: str) -> bool:
    try:
        _DECODER.decode(text)
    except (ValueError, BadAnswer):  # the latter: words that begin with "NaN"
        return False
    return True


def _refuse(constant: str) -> NoReturn:
    raise BadAnswer(f"{constant} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)
