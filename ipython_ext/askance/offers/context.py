"""The context of a question, for programs that ask their own model: what would go along with it here.

Enters: a session, a question. Leaves: a text that is gated as a request is. No model is asked, and nothing said before in
the notebook goes along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..providers.registry import parse
from ..records import Ask, Item, Ledger
from ..threads.history import History

if TYPE_CHECKING:
    from ..session import Session

MOST_BUDGET = 60_000
"""Tokens that a caller may have."""

LISTED = 60
"""Things that are listed."""


async def context(session: Session, question: str, budget: int | None) -> str:
    """What goes along with a question: what it is and why, and then the very text of the request.

    Args:
        session: whose context.
        question: any; "@name" in it calls a thing by its name.
        budget: room for the whole request, in tokens; None for the session's own.

    Raises:
        AskanceError: there is no question, it does not fit, or the gate failed.
    """
    ask, ledger = await _decided(session, question, budget)
    request = session.engine.request(ask, ledger, History(), parse(ask.model)[1])
    return f"{_listed(ledger, ledger.sent)}\n\n{request.prompt.messages[-1].content}"


async def listed(session: Session, question: str) -> str:
    """What might go along with a question, by name and without any of its text.

    Raises:
        AskanceError: see `context`.
    """
    _, ledger = await _decided(session, question, None)
    return _listed(ledger, [item for item in ledger.items if item.status != "muted"])


async def _decided(session: Session, question: str, budget: int | None) -> tuple[Ask, Ledger]:
    budget = min(budget, MOST_BUDGET) if isinstance(budget, int) else budget
    ask = session.make_ask(question, budget=budget, tools=False)
    return ask, await session.engine.ledger(ask, History())


def _listed(ledger: Ledger, items: list[Item] | tuple[Item, ...]) -> str:
    """The items in rank order, a line each. What the user muted is not even named, nor what became of a mention."""
    lines = [_line(item) for item in items[:LISTED]]
    lines += [f"… and {len(items) - LISTED} more that rank lower"] if len(items) > LISTED else []
    lines.append(f"{len(ledger.sent)} items, {ledger.tokens:,} of {ledger.budget:,} tokens with the question.")
    lines += [f"note: {note.source}: {note.message}" for note in ledger.notes if note.source != "mentions"]
    return "\n".join(lines)


def _line(item: Item) -> str:
    told = f"{item.level}, {item.tokens:,} tokens" if item.sent else "left out"
    return f"{item.source}:{item.title or item.name} ({told}): {' '.join(item.why.split())}"
