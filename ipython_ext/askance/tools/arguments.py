"""Reads the arguments of a call.

Enters: JSON text as a model wrote it. Leaves: arguments that fit the tool's schema; or one line for the model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NoReturn

from ..beginning import beginning
from ..errors import BadAnswer, ToolError, UsageError
from ..schema import Schema, schema_of
from .base import Arguments, Tool

MOST_CHARACTERS = 200_000
"""Of all arguments of one call, as JSON text."""

LINE = 200
"""Characters of the arguments that people are shown."""

_HALVES = re.compile("[\ud800-\udfff]")
_SUGGESTED = 3


def read(text: str, tool: Tool, shown: Callable[[str], str]) -> Arguments:
    """The arguments of a call.

    Args:
        text: as it came.
        tool: which is called.
        shown: puts back what the gate's placeholders stand for, but for secrets.

    Raises:
        ToolError: they are no JSON, no object, too long, or do not fit the tool's schema.
    """
    if len(text) > MOST_CHARACTERS:
        raise ToolError(f"The arguments have {len(text):,} characters", f"At most {MOST_CHARACTERS:,} are read.")
    try:
        found = json.loads(text.strip() or "{}", parse_constant=_no_json)
    except (ValueError, RecursionError) as error:
        raise ToolError(f"The arguments are no JSON: {_line(error)}", "Call again with one JSON object.") from None
    if not isinstance(found, dict):
        raise ToolError("The arguments are no JSON object", 'They look like {"name": "value"}.')
    arguments: dict[str, Any] = _mapped(found, lambda one: shown(_HALVES.sub("\ufffd", one)))
    try:
        schema = _schema(_canonical(tool.schema))
        schema.exact(json.dumps(arguments, ensure_ascii=False))
    except BadAnswer as error:
        raise ToolError(f"The arguments do not fit: {_line(error)}", f"Its schema: {_short(tool.schema)}") from None
    except (UsageError, TypeError, ValueError) as error:
        raise ToolError(f"The tool's own schema is none: {_line(error)}") from None
    return arguments


def prepare(tools: Iterable[str]) -> None:
    """Read the schemas of tools before they are called, as the first takes a while. Blocking.

    Args:
        tools: their schemas, as canonical JSON text.
    """
    for text in tools:
        try:
            _schema(text).exact("{}")
        except (BadAnswer, UsageError, ValueError):
            continue  # its call will say it


def unknown(name: str, known: Iterable[str]) -> str:
    """What the model is told that calls a tool which is not there."""
    names = list(known)
    near = get_close_matches(name.lower(), names, _SUGGESTED, 0.5)
    hint = f"Did you mean: {', '.join(near)}?" if near else f"There are: {', '.join(names)}." if names else ""
    return f"There is no tool {name[:80]!r}. {hint}".rstrip()


def one_line(text: str, shown: Callable[[str], str]) -> str:
    """Arguments as people are shown them: in one line, shortened, without secrets.

    Args:
        text: as they came.
        shown: a text without secrets.
    """
    line = " ".join(shown(beginning(_HALVES.sub("\ufffd", text), 4 * LINE)).split())
    return line if len(line) <= LINE else f"{beginning(line, LINE)}…"


@lru_cache(maxsize=256)
def _schema(text: str) -> Schema:
    return schema_of(json.loads(text))


def _canonical(schema: Mapping[str, Any]) -> str:
    return json.dumps(dict(schema), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """A JSON value with its texts changed; names stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(one, change) for one in value]
    if isinstance(value, dict):
        return {_HALVES.sub("\ufffd", name): _mapped(one, change) for name, one in value.items()}
    return value


def _short(schema: Mapping[str, Any]) -> str:
    text = _canonical(schema)
    return text if len(text) <= 3 * LINE else f"{text[: 3 * LINE]}…"


def _line(said: object) -> str:
    return " ".join(str(said).split())[:LINE].rstrip(".")


def _no_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
