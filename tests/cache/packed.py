"""Answers to put into packs."""

from __future__ import annotations

from askance.cache.entry import Entry
from askance.cache.given import Recorded
from askance.records import Item, Ledger, Usage

PORTABLE = "0123456789abcdef"


def item(id_="variables:df", fingerprint="f1", **fields):
    """A line of a ledger."""
    source, _, name = id_.partition(":")
    known = {"level": "outline", "tokens": 12, "score": 0.5, "parts": {"mention": 1.0}, "why": "", "status": "sent"}
    return Item(source=source, name=name, fingerprint=fingerprint, **(known | fields))


def recorded(text="It is 42.", *items, portable=PORTABLE, question="why?", created=1_700_000_000.0, **fields):
    """An answer as it travels."""
    usage = Usage(input=100, output=5)
    entry = Entry(
        question=question,
        text=text,
        model="openai:gpt-x",
        ledger=Ledger(items=items, budget=4000, tokens=120),
        usage=usage,
        created=created,
        **fields,
    )
    return Recorded(portable, "main", entry)


def as_is(text):
    """A gate that lets everything through."""
    return text
