"""The calls of an answer as people read them: a line each; and folded with their results, as a notebook keeps them.

Enters: `ToolUse`s; what a model and a tool wrote is in them. Leaves: text; and HTML of ours, one line a call, in which
nothing of theirs is anything but text: every sign that could be more is written by its number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from ...records import ToolUse
from ...tools.calling import SHOWN
from ..printing import visible

MOST_SAVED = 1000
"""Characters of arguments and of a result that a notebook keeps."""

MOST_GIVEN = 120
"""Characters of the arguments in a line."""

MOST_SAID = 300
"""Characters of what went wrong."""

SHORTEST = 0.9995
"""Times below are told in milliseconds."""

OPEN = ("asking", "waiting", "running")
"""States of a call that has not ended."""

_MORE_THAN_TEXT = re.compile(r"[^\w ,.;=()+-]|_")


def spelled(name: str, arguments: str) -> str:
    """A call in one line, as Python would have it: `read_file(path="utils.py")`.

    Args:
        name: of the tool.
        arguments: JSON, or whatever the model wrote in its place.
    """
    try:
        given = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        given = None
    if isinstance(given, dict):
        pairs = (f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in given.items())
        arguments = ", ".join(pairs)
    return f"{_short(visible(name), MOST_GIVEN)}({_short(visible(' '.join(arguments.split())), MOST_GIVEN)})"


def line(use: ToolUse) -> str:
    """What was called, and what came of it: `→ read_file(path="utils.py") · 12 ms · 1,204 characters`."""
    return " · ".join([f"→ {spelled(use.name, use.arguments)}", *_came(use)])


class Lines:
    """Gives the line of each call once: when all is known of it, or else when something comes after it."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._held: dict[str, ToolUse] = {}

    def news(self, use: ToolUse) -> list[str]:
        """The lines that are due now that something has become of a call."""
        self._held[use.id] = use
        return [] if use.state in OPEN or not use.text else self.rest([use])

    def rest(self, uses: Iterable[ToolUse] = ()) -> list[str]:
        """The lines of calls that have ended and were not told: of these, or of all that are known."""
        ended = [use for use in (uses or self._held.values()) if use.state not in OPEN and use.id not in self._told]
        self._told |= {use.id for use in ended}
        return [line(use) for use in ended]


def folded(uses: Iterable[ToolUse]) -> str:
    """All calls as Markdown that is harmless to save, their results folded; "" if there are none."""
    return "\n\n".join(_details(use) for use in uses)


def _details(use: ToolUse) -> str:
    given = spelled(use.name, use.arguments)
    told = ", ".join(_came(use))
    parts = [use.arguments] if len(use.arguments) > MOST_GIVEN else []
    inside = "".join(f"<pre>{as_text(_short(part, MOST_SAVED))}</pre>" for part in (*parts, use.text) if part.strip())
    return f"<details><summary><code>{as_text(given)}</code> {as_text(told)}</summary>{inside}</details>"


def as_text(text: str) -> str:
    """A text as HTML, on one line, that is nothing but text for every program that reads Markdown or HTML."""
    return _MORE_THAN_TEXT.sub(lambda sign: f"&#{ord(sign[0])};", visible(text.strip("\n")))


def _came(use: ToolUse) -> Iterator[str]:
    """What came of it, in words."""
    if use.state in ("failed", "refused"):
        said = _short(visible(" ".join(use.text.split())), MOST_SAID)
        yield said if said.startswith(use.state) else f"{use.state}: {said}" if said else use.state
        return
    if use.state != "done":
        yield use.state
        return
    yield "known already" if use.cached else duration(use.seconds)
    if use.text:
        many = "more than " if len(use.text) >= SHOWN else ""
        yield f"{many}{len(use.text):,} character{'' if len(use.text) == 1 else 's'}"


def duration(seconds: float) -> str:
    """A time as one reads it: "12 ms", "1.2 s"."""
    return f"{1000 * seconds:.0f} ms" if seconds < SHORTEST else f"{seconds:.1f} s"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
