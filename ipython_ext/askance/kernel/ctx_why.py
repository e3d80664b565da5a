"""`%ctx why X`: all that was decided about one thing for the last question.

Enters: a name. Leaves: lines: what became of it, the parts of its score, how much might be told, and whether it is still so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..tools.box import SOURCE
from .ctx_things import item_of, meant

if TYPE_CHECKING:
    from ..records import Item
    from .host import Host


def why(host: Host, names: Sequence[str]) -> str:
    """The whole account of one thing."""
    latest = host.runner.latest
    if latest is None or latest.ledger is None:
        raise UsageError("Nothing was asked yet", "Type: %ctx why is revenue negative?")
    id_ = meant(host, names[0])
    item = item_of(host, id_)
    if item is None:
        return f"{id_} was not considered for the last question."
    return "\n".join([*_decided(item), *_score(item), *_told(item), *_wished(host, item), f"now: {_now(host, item)}"])


def _decided(item: Item) -> list[str]:
    tokens = f", {item.level}, {item.tokens:,} tokens" if item.sent else ""
    return [f"{item.id}{f' ({item.title})' if item.title else ''}: {item.status}{tokens}", f"why: {item.why}"]


def _score(item: Item) -> list[str]:
    from ..rank import WORDS

    parts = sorted(item.parts.items(), key=lambda part: -abs(part[1]))
    said = [f"  {value:+.2f}  {name}{f': {WORDS[name]}' if name in WORDS else ''}" for name, value in parts]
    return [f"score: {item.score:.2f}", *said]


def _told(item: Item) -> list[str]:
    from ..records.privacy import LEVEL_NAMES

    counts = Counter(one.kind for one in item.redactions)
    redacted = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing"
    return [f"privacy: {item.privacy} {LEVEL_NAMES[item.privacy]}", f"redacted: {redacted}"]


def _wished(host: Host, item: Item) -> list[str]:
    wishes = host.session().wishes
    words = ["pinned"] if item.id in wishes.pins else []
    words += ["muted"] if not wishes.mutes.isdisjoint((item.id, item.source)) else []
    return [f"from now on: {', '.join(words)}"] if words else []


def _now(host: Host, item: Item) -> str:
    if item.source == SOURCE and not item.fingerprint:
        return "nobody can tell, so it is not kept"
    present = host.session().engine.fingerprint(item.source, item.name)
    if present is None:
        return "gone, or left out"
    if not item.fingerprint:
        return "there"
    return "as it was told" if present == item.fingerprint else "changed since"
