"""The ledger as text, for `%ctx` and `--dry`.

Enters: a `Ledger`. Leaves: lines with aligned columns, and one about the price.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..differences import call
from ..providers import prices
from ..records import Ask, Item, Ledger, Redaction
from ..tools.box import SOURCE
from .view.final import money

HEADINGS = ("source", "name", "level", "tokens", "score", "status", "why")
_RIGHT = ("tokens", "score")
_WIDEST_NAME = 40
_NOT_SENT = "-"
_NOT_SENT_ROWS = 12
_PLACES = 6
"""Places of one kind that are named."""


def table(ledger: Ledger, redactions: Sequence[Redaction] | None = None) -> str:
    """What is sent and the first of what is not, in rank order, the total, what is replaced, and what reduced the context.

    Args:
        ledger: of one ask.
        redactions: what is replaced in all of its request; None for what the ledger knows, which is that of its items.
    """
    shown = ledger.shortened(_NOT_SENT_ROWS).items
    rows = [HEADINGS, *(_row(item) for item in shown)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [_aligned(row, widths) for row in rows] if ledger.items else ["No context."]
    lines += [f"… and {len(ledger.items) - len(shown)} more that rank lower"] if len(shown) < len(ledger.items) else []
    sent = len(ledger.sent)
    lines.append(f"{sent} of {len(ledger.items)} items sent, {ledger.tokens:,} of {ledger.budget:,} tokens in all.")
    if ledger.turns:
        turns = "1 earlier turn goes" if ledger.turns == 1 else f"{ledger.turns} earlier turns go"
        lines.append(f"{turns} along ({ledger.history:,} tokens).")
    found = [one for item in ledger.sent for one in item.redactions] if redactions is None else redactions
    lines.extend([redacted_line(found)] if found else [])
    if ledger.outdated:
        lines.append(f"changed since it was told: {', '.join(ledger.outdated)}")
    lines.extend(f"note: {note.source}: {note.message}" for note in ledger.notes)
    return "\n".join(lines)


def redacted_line(redactions: Sequence[Redaction]) -> str:
    """What is replaced, by kind and place; one line: "redacted: 2 EMAIL in variables:df line 3, question line 1"."""
    kinds = dict.fromkeys(one.kind for one in redactions)
    return f"redacted: {'; '.join(_redacted(kind, [one for one in redactions if one.kind == kind]) for kind in kinds)}"


def _redacted(kind: str, some: Sequence[Redaction]) -> str:
    places = list(dict.fromkeys(f"{one.where} line {one.line}" for one in some))
    more = f" and {len(places) - _PLACES} more places" if len(places) > _PLACES else ""
    return f"{len(some)} {kind} in {', '.join(places[:_PLACES])}{more}"


def price_line(ledger: Ledger, ask: Ask) -> str:
    """What the request would cost, and the longest answer it may have; one line.

    Args:
        ledger: what would go along.
        ask: what would be asked.
    """
    if prices.is_free(ask.model):
        return "nothing to pay: the model runs on this machine"
    request = prices.estimate(ask.model, ledger.tokens, 0)
    both = prices.estimate(ask.model, ledger.tokens, ask.max_output)
    if request is None or both is None:
        return f"price unknown: {ask.model} is not in the table of prices"
    return f"about {money(request)} to send, at most {money(both - request)} to answer"


def _row(item: Item) -> tuple[str, ...]:
    tokens = f"{item.tokens:,}" if item.sent else _NOT_SENT
    level = item.level if item.sent else _NOT_SENT
    return (
        item.source,
        _named(item),
        level,
        tokens,
        f"{item.score:.2f}",
        item.status,
        " ".join(item.why.split()),
    )


def _named(item: Item) -> str:
    """What a person calls it."""
    return call(item.name) if item.source == SOURCE else _short(item.title or item.name)


def _short(name: str) -> str:
    return name if len(name) <= _WIDEST_NAME else f"…{name[1 - _WIDEST_NAME :]}"


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    cells = (
        cell.rjust(width) if heading in _RIGHT else cell.ljust(width)
        for cell, width, heading in zip(row, widths, HEADINGS, strict=True)
    )
    return "  ".join(cells).rstrip()
