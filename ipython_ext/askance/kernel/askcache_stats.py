"""What `%askcache` tells in numbers, and why questions were not answered from the cache.

Enters: the session. Leaves: tables and lines of text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..cache.why import span

if TYPE_CHECKING:
    from ..cache.entry import Entry
    from ..cache.tiers import Cache
    from ..recall import Recall
    from .host import Host

WIDTH = 60
"""Characters of a question or an answer that are shown in one line."""

NAMES = {"pack": "packs"}
"""What people call a tier, where that is not its name."""


def stats(host: Host, _arguments: Sequence[str]) -> str:
    """Hits and sizes by tier, the hit rate, what was saved, the last miss, and what does not work."""
    recall = host.session().recall
    lines = (
        _counted(recall.cache, host.shown)
        if recall.cache is not None
        else ["No answers are kept. %askcache on keeps them."]
    )
    return "\n".join([*lines, *_recorded(recall), *recall.problems.values()])


def why(host: Host, _arguments: Sequence[str]) -> str:
    """The last misses, the latest first."""
    cache = host.session().recall.cache
    if cache is None:
        return "No answers are kept, so every question goes to the model. %askcache on keeps them."
    if cache.misses:
        # Before what is told of it is cut: of half a secret nobody can tell what it is.
        return "\n".join(replace(miss, question=host.shown(miss.question)).told() for miss in reversed(cache.misses))
    return "Every answer so far came from the cache." if cache.tallies.hits else "Nothing was asked yet."


def _counted(cache: Cache, shown: Callable[[str], str]) -> list[str]:
    from .view.final import money

    told = cache.stats()
    counts = {tier.name: span(ttl) for tier, ttl in cache.shelves}
    rows = [("tier", "hits", "answers", "size", "count for")]
    for name, held in told["tiers"].items():
        hits, answers = f"{told['hits'][name]:,}", f"{held['entries']:,}"
        rows.append((NAMES.get(name, name), hits, answers, _size(held["bytes"]), counts.get(name, "ever")))
    found = cache.tallies.hits.total()
    lookups = found + told["misses"]
    lines = [aligned(rows, "<>>><")]
    lines.append(
        f"{found} of {lookups} lookups answered ({100 * told['rate']:.0f} %)"
        if lookups
        else "Nothing was looked up yet."
    )
    if found:
        lines.append(f"saved: {told['saved']['tokens']:,} tokens, {money(told['saved']['dollars'])}")
    if cache.last_miss is not None:
        lines.append(f"last miss: {line(shown(cache.last_miss.question))!r}: {cache.last_miss.why}")
    return lines


def _recorded(recall: Recall) -> list[str]:
    recording = recall.recording
    return [f"recording to {recording.path}"] if recording is not None and not recording.problem else []


def aligned(rows: Sequence[Sequence[str]], sides: str) -> str:
    """Rows as columns.

    Args:
        rows: the first is the heading.
        sides: for each column "<" or ">", where its cells stand.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = [[f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)] for row in rows]
    return "\n".join("  ".join(row).rstrip() for row in cells)


def age(entry: Entry) -> str:
    """How long ago the model gave it."""
    return span(max(time.time() - entry.created, 0.0))


def line(text: str) -> str:
    """The first line that says something, as far as there is room."""
    found = next((one.strip() for one in text.splitlines() if one.strip()), "")
    found = "".join(letter if letter.isprintable() else " " for letter in found)
    return found if len(found) <= WIDTH else f"{found[: WIDTH - 1]}…"


def _size(count: float) -> str:
    for unit in ("B", "kB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} MB"
