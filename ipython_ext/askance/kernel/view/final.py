"""The one form of an answer that stays in a notebook.

Enters: an `Answer`. Leaves: a bundle of inert Markdown and plain text, and a manifest without any contents.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any

from ...inert import inert
from ...records import Answer

DEMO_GRADE = "demo-grade model; for a better one set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY"

_MARKUP = re.compile(r"([\\`*\[\]<>!&#~$|])")


def footer(answer: Answer) -> str:
    """One line about how the answer came to be."""
    usage, timing = answer.usage, answer.timing
    items = len(answer.ledger.sent)
    parts = [answer.model]
    if timing.first_text is not None:
        parts.append(f"first token {timing.first_text:.2f} s")
    if usage.input or usage.output:
        cached = f" ({usage.cached:,} cached)" if usage.cached else ""
        parts.append(f"{usage.input:,} tokens in{cached}, {usage.output:,} out")
    parts.append(f"{items} context item{'' if items == 1 else 's'}")
    if answer.cached:
        parts.append(f"from the cache ({answer.cached})")
    if said := notice(answer):
        parts.append(said)
    if answer.model == "local":
        parts.append(DEMO_GRADE)
    return " · ".join(parts)


def notice(answer: Answer) -> str:
    """What the user must know about how it ended, "" if all is well."""
    if answer.ended == "stopped":
        return "stopped"
    said = " ".join(answer.notice.split())
    if answer.ended == "length":
        return said or "cut at the answer's size limit"
    return said if answer.complete else f"incomplete: {said}".removesuffix(": ")


def plain(answer: Answer) -> str:
    """The answer and its footer as plain text."""
    return f"{answer.text.rstrip()}\n\n{footer(answer)}".lstrip("\n")


def bundle(answer: Answer) -> tuple[dict[str, str], dict[str, Any]]:
    """Data and metadata of the output that is saved.

    Returns:
        `text/markdown` (inert) and `text/plain`; and the manifest under "askance".
    """
    small = _MARKUP.sub(r"\\\1", footer(answer))
    markdown = f"{inert(answer.text).rstrip()}\n\n*{small}*".lstrip("\n")
    return {"text/markdown": markdown, "text/plain": plain(answer)}, {"askance": manifest(answer)}


def manifest(answer: Answer) -> dict[str, Any]:
    """What the answer was made from: names, sizes and fingerprints, no contents."""
    return {
        "model": answer.model,
        "question": blake2b(answer.question.encode("utf-8", "replace"), digest_size=8).hexdigest(),
        "items": [
            {"id": item.id, "fingerprint": item.fingerprint, "level": item.level, "tokens": item.tokens}
            for item in answer.ledger.sent
        ],
        "usage": {"input": answer.usage.input, "output": answer.usage.output, "cached": answer.usage.cached},
        "cached": answer.cached,
        "complete": answer.complete,
        "ended": answer.ended,
    }
