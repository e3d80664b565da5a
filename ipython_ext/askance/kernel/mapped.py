"""`%ask --map COLUMN`: one prompt over a column of the user's.

Enters: flags, the user's variables. Leaves: answers in the shape of the column, in a variable or as the cell's value. The
column is looked up and never run: names, attributes and keys in quotes alone.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import UsageError
from .printing import write

if TYPE_CHECKING:
    from ..session import Session
    from .flags import Flags

HINT = 'It takes a variable, or a column of one: --map df.text or --map df["text"]'


def mapped(session: Session, question: str, flags: Flags, shape: object, variables: Mapping[str, object]) -> Any:
    """Ask about each value of a column.

    Args:
        session: which is asked.
        question: what is asked about each.
        flags: `map` names the column; `dry` sends nothing.
        shape: what each answer has to be, as `ask(json=...)` takes it; None for text.
        variables: the user's.

    Returns:
        As `ask.map`.

    Raises:
        AskanceError: one line.
    """
    from ..mapping.entry import map_column

    assert flags.map is not None  # noqa: S101  the caller looked
    name, values = column(flags.map, variables)
    options = {key: value for key, value in flags.options().items() if key != "form"}
    if session.make_ask(question, **options).withholds("variables", name):
        raise UsageError(f"{name} is muted, or never leaves", "See: %ctx mutes and %config Askance.never")
    own: dict[str, Any] = {"batch": flags.batch, "batch_api": flags.batch_api, "schema": shape}
    made = map_column(session, question, values, dry=bool(flags.dry), **options, **own)
    if not flags.dry:
        _say_errors(made)
    return made


def column(spelled: str, variables: Mapping[str, object]) -> tuple[str, object]:
    """The variable that an expression begins with, and the object it leads to.

    Args:
        spelled: `name`, `name.attribute`, `name["key"]`, and on from there.
        variables: the user's.

    Raises:
        UsageError: it is something else, or there is no such thing.
    """
    try:
        node: ast.expr = ast.parse(spelled, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        _refuse(spelled)
    steps: list[ast.Attribute | ast.Subscript] = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        steps.append(node)
        node = node.value
    if not isinstance(node, ast.Name):
        _refuse(spelled)
    if node.id not in variables:
        near = get_close_matches(node.id, variables, n=1)
        raise UsageError(f"There is no variable {node.id!r}", f"Did you mean {near[0]}?" if near else HINT)
    found = variables[node.id]
    for step in reversed(steps):
        found = _followed(found, step, spelled)
    return node.id, found


def _followed(thing: Any, step: ast.Attribute | ast.Subscript, spelled: str) -> object:
    if isinstance(step, ast.Attribute):
        key: str = step.attr
    elif isinstance(step.slice, ast.Constant) and isinstance(step.slice.value, str):
        key = step.slice.value
    else:
        _refuse(spelled)
    try:
        return getattr(thing, key) if isinstance(step, ast.Attribute) else thing[key]
    except Exception as error:
        raise UsageError(f"{spelled} leads nowhere: {type(error).__name__} at {key!r}", HINT) from None


def _refuse(spelled: str) -> NoReturn:
    raise UsageError(f"--map got {spelled}", HINT)


def _say_errors(made: Any) -> None:
    """How many rows have no answer, where that is known now."""
    errors = getattr(made, "errors", None)
    if errors is None:
        attrs = getattr(made, "attrs", None)
        errors = attrs.get("askance", {}).get("errors") if isinstance(attrs, dict) else None
    if isinstance(errors, dict) and errors:
        where, why = next(iter(errors.items()))
        write(f"{len(errors):,} row{'' if len(errors) == 1 else 's'} without an answer; the first, {where}: {why}")
