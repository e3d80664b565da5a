"""`%ctx mute`, `pin`, `level`: what the user tells this kernel about single things.

Enters: the words after the verb. Leaves: other `Wishes` of the session, and a line on what holds now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import UsageError
from .ctx_things import called, meant

if TYPE_CHECKING:
    from ..records import Privacy
    from .host import Host


def mute(host: Host, names: Sequence[str]) -> str:
    """Leave things, or all of a source, out of every question."""
    if not names:
        return mutes(host, names)
    ids, wishes = {meant(host, name) for name in names}, host.session().wishes
    host.session().wishes = replace(wishes, mutes=wishes.mutes | ids, pins=wishes.pins - ids)
    return mutes(host, ())


def unmute(host: Host, names: Sequence[str]) -> str:
    """Let things go along again."""
    wishes = host.session().wishes
    host.session().wishes = replace(wishes, mutes=wishes.mutes - _of(host, names, wishes.mutes, "muted", "mutes"))
    return mutes(host, ())


def mutes(host: Host, _names: Sequence[str]) -> str:
    """What is muted."""
    muted = called(host, host.session().wishes.mutes)
    return f"muted: {', '.join(muted)}" if muted else "Nothing is muted."


def pin(host: Host, names: Sequence[str]) -> str:
    """Have things go along with every question."""
    if names:
        ids, wishes = {meant(host, name) for name in names}, host.session().wishes
        if sources := [id_ for id_ in ids if ":" not in id_]:
            raise UsageError(f"{sources[0]} is a source of many things", "Pin some of them: %ctx pin df")
        host.session().wishes = replace(wishes, pins=wishes.pins | ids, mutes=wishes.mutes - ids)
    pinned = called(host, host.session().wishes.pins)
    return f"pinned: {', '.join(pinned)}" if pinned else "Nothing is pinned."


def unpin(host: Host, names: Sequence[str]) -> str:
    """Let things go along only where they help again."""
    wishes = host.session().wishes
    host.session().wishes = replace(wishes, pins=wishes.pins - _of(host, names, wishes.pins, "pinned", "pin"))
    return pin(host, ())


def level(host: Host, words: Sequence[str]) -> str | None:
    """Show or set how much of a thing may leave."""
    if not words:
        return _levels(host)
    name, *values = words
    if values and values[0] not in ("0", "1", "2", "3", "default"):
        return None  # a question that begins with that word
    key = name if any(character in name for character in "*?") or name.endswith("/") else meant(host, name)
    if values:
        wishes = host.session().wishes
        others = tuple(one for one in wishes.levels if one[0] != key)
        new = () if values[0] == "default" else ((key, int(values[0])),)
        host.session().wishes = replace(wishes, levels=tuple(sorted((*others, *new))))
    return _line(key, _privacy(host))


def _of(host: Host, names: Sequence[str], known: frozenset[str], state: str, verb: str) -> set[str]:
    """The ids that these names mean among those known; they may be of things that are gone by now."""
    found = set()
    for name in names:
        fitting = {id_ for id_ in known if name.removeprefix("@") in (id_, *called(host, [id_]))}
        fitting = fitting or {meant(host, name)} & known
        if not fitting:
            raise UsageError(f"{name} is not {state}", f"Type: %ctx {verb}")
        found |= fitting
    return found


def _privacy(host: Host) -> Privacy:
    return host.session().make_ask("?").privacy


def _levels(host: Host) -> str:
    """The levels of the sources, and all that was set."""
    from ..prompt import ORDER

    privacy = _privacy(host)
    keys = [*ORDER, *(key for key, _ in (*privacy.levels, *privacy.demanded) if key not in ORDER)]
    lines = [_line(key, privacy) for key in dict.fromkeys(keys)]
    return "\n".join([*lines, *([f"never: {', '.join(privacy.never)}"] if privacy.never else [])])


def _line(key: str, privacy: Privacy) -> str:
    from ..index.text import is_data
    from ..records.privacy import LEVEL_NAMES, STATISTICS

    source, colon, name = key.partition(":")
    known = dict(privacy.demanded) | dict(privacy.levels)
    if not colon and key in known and not _is_source(key):
        least = known[key] if privacy.most is None else min(known[key], privacy.most)
        return f"{key}: {least} {LEVEL_NAMES[least]}"
    found = privacy.of(source, name, STATISTICS if source == "files" and is_data(name) else None)
    return f"{name or source}: {found} {LEVEL_NAMES[found]}"


def _is_source(key: str) -> bool:
    from ..prompt import ORDER

    return key in ORDER
