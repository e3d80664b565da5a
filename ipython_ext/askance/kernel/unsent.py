"""`--dry` and `--prompt`: what would be sent, without sending it.

Enters: an ask. Leaves: its ledger as a table with its price; or the whole request as text, to use it in any chat.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from .. import prompt
from ..errors import Interrupted
from ..fences import fenced
from ..records import Ask, Ledger
from ..records.ask import EVERY_TOOL
from ..session import Session
from .printing import write
from .table import price_line, table

T = TypeVar("T")

KIND = {"askance": {"kind": "prompt"}}
"""What the metadata of a request's output says."""


def show_ledger(session: Session, ask: Ask) -> Ledger:
    """Print what would go along, what of it is replaced, how large it is and what it would cost."""
    prepared = _waited(session, session.prepared(ask))
    lines = [table(prepared.ledger, prepared.redactions), *_tools(ask), price_line(prepared.ledger, ask)]
    write("\n".join(lines))
    return prepared.ledger


def show_prompt(session: Session, ask: Ask, publish: Callable[..., Any] | None) -> str:
    """Show the whole request as it would leave.

    Args:
        session: whose sources are asked.
        ask: the question.
        publish: shows a bundle as an output of the cell; None to print the text.

    Returns:
        The request as text.
    """
    text = "\n\n".join([*_tools(ask), prompt.as_text(_waited(session, session.request(ask)).prompt)])
    if publish is None:
        write(text)
    else:
        publish(data={"text/plain": text, "text/markdown": fenced(text, "text")}, metadata=KIND)
    return text


def _tools(ask: Ask) -> list[str]:
    """A line about what the model may call for, if anything."""
    if not ask.tools:
        return []
    offered = [tool.name for tool in ask.tools]
    unasked = [name for name in (*offered, EVERY_TOOL) if name in ask.allow]
    allowed = f"; may act unasked: {', '.join(unasked)}" if unasked else ""
    return [f"tools offered: {', '.join(offered)}{allowed}"]


def _waited(session: Session, work: Coroutine[Any, Any, T]) -> T:
    try:
        return session.loop.run(work)
    except KeyboardInterrupt:
        raise Interrupted("Stopped") from None
