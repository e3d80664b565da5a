"""What the user told a running kernel about single things. Enters: `%ctx pin`, `%ctx mute`, `%ctx level`.
Leaves: one value that flows into every ask.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """They last as long as the kernel.

    Attributes:
        pins: ids of items that go along whatever their score.
        mutes: ids of items, or names of sources, that never go along.
        levels: as `Privacy.levels`; they come before what is set.
    """

    pins: frozenset[str] = frozenset()
    mutes: frozenset[str] = frozenset()
    levels: tuple[tuple[str, int], ...] = ()
