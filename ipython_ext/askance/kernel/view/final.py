"""The one form of an answer that stays in a notebook.

Enters: an `Answer`. Leaves: a bundle of inert Markdown and plain text, and a manifest without any contents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import blake2b
from math import floor, log10
from typing import Any

from ... import __version__
from ...inert import inert
from ...providers import prices
from ...records import Answer, Item, ToolUse
from ...tools.box import SOURCE
from .calls import folded, line

Bundle = tuple[Mapping[str, str], Mapping[str, Any]]
"""Data by MIME type, and metadata, as IPython takes them."""

DEMO_GRADE = "demo-grade model; for a better one set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY"

AGAIN = "Run the cell to ask again."

LEAST_DOLLARS = 0.0001
"""Smaller sums are not told apart."""

LEAST_SECONDS = 0.05
"""An answer that came faster has no pace worth telling."""

# Programs take a backslash for a part of the address before it; JupyterLab takes two before a bracket for a formula.
_ENTITIES = {"\\": "&#92;", "`": "&#96;", "<": "&lt;"}
_MARKUP = re.compile(r"([\\`*\[\]<>!&#~$|])")


def footer(answer: Answer) -> str:
    """One line about how the answer came to be."""
    parts = [answer.model, *_pace(answer), *_tokens(answer), *_price(answer), _items(answer)]
    if answer.tools:
        parts.append(f"{len(answer.tools)} tool{'' if len(answer.tools) == 1 else 's'}")
    if answer.redactions:
        parts.append(f"{len(answer.redactions)} redacted")
    if answer.cached:
        parts.append("from recorded answers" if answer.cached == "pack" else f"from the cache ({answer.cached})")
    if said := notice(answer):
        parts.append(said)
    if answer.model == "local":
        parts.append(DEMO_GRADE)
    return " · ".join(parts)


def money(dollars: float) -> str:
    """A sum in US dollars, to two digits that say something: "$0.0031", "$1.20"."""
    if dollars < LEAST_DOLLARS:
        return "$0" if dollars <= 0 else f"less than ${LEAST_DOLLARS}"
    digits = max(2, 1 - floor(log10(dollars)))
    whole, _, part = f"{dollars:,.{digits}f}".partition(".")
    return f"${whole}.{part.rstrip('0').ljust(2, '0')}"


def _pace(answer: Answer) -> Iterator[str]:
    first, total = answer.timing.first_text, answer.timing.total
    if first is None:
        return
    yield f"first token {first:.2f} s"
    if not answer.cached and answer.usage.output and total - first >= LEAST_SECONDS:
        yield f"{answer.usage.output / (total - first):,.0f} tokens/s"


def _tokens(answer: Answer) -> Iterator[str]:
    usage = answer.usage
    if usage.input or usage.output:
        cached = f" ({usage.cached:,} cached)" if usage.cached else ""
        yield f"{usage.input:,} tokens in{cached}, {usage.output:,} out"


def _price(answer: Answer) -> Iterator[str]:
    price = prices.cost(answer.model, answer.usage) if answer.cached else answer.cost
    if price:
        yield f"{money(price)} saved" if answer.cached else money(price)


def _items(answer: Answer) -> str:
    sent = answer.ledger.sent
    kept = sum(item.status == "kept" for item in sent)
    told = f" ({kept} told before)" if kept else ""
    return f"{len(sent)} context item{'' if len(sent) == 1 else 's'}{told}"


def notice(answer: Answer) -> str:
    """What the user must know about how it ended, "" if all is well."""
    if answer.ended == "stopped":
        return "stopped"
    said = " ".join(answer.notice.split())
    if answer.ended == "length":
        return said or "cut at the answer's size limit"
    return said if answer.complete else f"incomplete: {said}".removesuffix(": ")


def plain(answer: Answer) -> str:
    """The calls, the answer and its footer as plain text."""
    calls = "\n".join(map(line, answer.tools))
    return _apart(calls, answer.shown.rstrip(), footer(answer))


def bundle(answer: Answer, when: datetime | None = None) -> Bundle:
    """Data and metadata of the output that is saved.

    Args:
        answer: whole or partial.
        when: the time that is noted, None for now.

    Returns:
        `text/markdown` (inert) and `text/plain`; and the manifest under "askance".
    """
    # Ours come first: nothing that the model wrote can be open before them.
    markdown = _apart(folded(answer.tools), inert(answer.shown).rstrip(), small(footer(answer)))
    noted = manifest(answer, when or datetime.now(UTC))
    return {"text/markdown": markdown, "text/plain": plain(answer)}, {"askance": noted}


def with_stale(shown: Bundle, words: str) -> Bundle:
    """A bundle with a last line that says the answer no longer holds.

    Args:
        shown: as `bundle` gave it.
        words: what has changed since: "df +2 columns, utils.py edited".
    """
    data, metadata = shown
    line = f"stale: {' '.join(words.split())}. {AGAIN}"
    told = {
        "text/markdown": f"{data['text/markdown']}\n\n{small(line)}",
        "text/plain": f"{data['text/plain']}\n{line}",
    }
    return told, {"askance": {**metadata["askance"], "stale": words}}


def manifest(answer: Answer, when: datetime) -> dict[str, Any]:
    """What the answer was made from: names, sizes and fingerprints, no contents.

    Args:
        answer: whole or partial.
        when: the time that is noted.
    """
    usage, timing = answer.usage, answer.timing
    return {
        "version": __version__,
        "id": answer.id,
        "model": answer.model,
        "thread": answer.thread,
        "time": when.isoformat(timespec="seconds"),
        "question": blake2b(answer.question.encode("utf-8", "replace"), digest_size=8).hexdigest(),
        "items": [_line(item) for item in answer.ledger.sent if item.fingerprint or item.source != SOURCE],
        "usage": asdict(usage),
        "cost": None if answer.cost is None else round(answer.cost, 8),
        "timing": {"first_text": _rounded(timing.first_text), "total": _rounded(timing.total)},
        "cached": answer.cached,
        "complete": answer.complete,
        "ended": answer.ended,
        "notice": notice(answer),
        **({"tools": [_called(use) for use in answer.tools]} if answer.tools else {}),
    }


def _line(item: Item) -> dict[str, Any]:
    told = {"id": item.id, "fingerprint": item.fingerprint, "level": item.level, "tokens": item.tokens}
    return {**told, "status": item.status, "facts": dict(item.facts)}


def _called(use: ToolUse) -> dict[str, Any]:
    return {"name": use.name, "seconds": _rounded(use.seconds), "state": use.state}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _apart(*parts: str) -> str:
    return "\n\n".join(filter(None, parts)).lstrip("\n")


def small(line: str) -> str:
    """A line of Markdown in italics, whatever stands in it."""
    return f"*{_MARKUP.sub(_escaped, line)}*"


def _escaped(sign: re.Match[str]) -> str:
    return _ENTITIES.get(sign[0], f"\\{sign[0]}")
