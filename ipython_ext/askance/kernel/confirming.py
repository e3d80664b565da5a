"""Asks the user whether a call may be made: by buttons, or where input is typed.

Enters: a call. Leaves: whether it is allowed; where nobody can be asked, what to type instead.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import partial

from ..errors import ToolError
from ..records import ToolUse
from .permissions import Permissions
from .printing import visible, write
from .work import Work

Confirm = Callable[[ToolUse], Awaitable[bool]]
"""Asks about one call; raises `ToolError` where nobody can be asked."""

QUESTION = "Run this? [y/N] "
YES = ("y", "yes")


def by_buttons(permissions: Permissions, ask_id: str) -> Confirm:
    """Ask where a front end shows buttons.

    Args:
        permissions: is told of the click.
        ask_id: the ask that the calls belong to.
    """

    async def confirm(use: ToolUse) -> bool:
        return await permissions.asked(ask_id, use.id)

    return confirm


def by_input(post: Callable[[Work[bool]], None]) -> Confirm:
    """Ask where a cell asks for input.

    Args:
        post: gives work to the thread on which cells run.
    """

    async def confirm(use: ToolUse) -> bool:
        work = Work(partial(_typed, use))
        post(work)
        return await work.done()

    return confirm


def by_nobody(words: str) -> Confirm:
    """Ask nobody.

    Args:
        words: with "{}" for the name of the tool: why not, and what to type.
    """

    async def confirm(use: ToolUse) -> bool:
        raise ToolError(words.replace("{}", use.name))

    return confirm


def _typed(use: ToolUse) -> bool:
    write(f"\n{use.name} wants to do this:\n\n{_indented(whole(use.arguments))}\n")
    try:
        return input(QUESTION).strip().lower() in YES
    except EOFError:
        return False


def whole(arguments: str) -> str:
    """All arguments of a call, as one reads them: a lone text as it is, several by their names.

    Args:
        arguments: JSON, or whatever the model wrote in its place.
    """
    try:
        given = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return visible(arguments)
    if not isinstance(given, dict):
        return visible(arguments)
    said = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    if len(said) == 1:
        return visible(next(iter(said.values())))
    return visible("\n".join(f"{name}: {value}" for name, value in said.items()))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))
