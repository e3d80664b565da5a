"""The present state of all things, by source and name. Enters: the sources. Leaves: fingerprints, facts, ids.

Asked for on every lookup of the cache: nothing is gathered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from .base import Source


class Witness(Protocol):
    """Who knows the present state of what stands in ledgers under its name; see `Source`."""

    name: str

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of `name`, None if it is gone."""
        ...


class World:
    """What the sources say of single things.

    Args:
        sources: whom to ask.
        beside: whom to ask as well, of what no source offered: what tools gave.
        is_stuck: whether a source does not come back, and so is not asked.
    """

    def __init__(
        self, sources: Sequence[Source], is_stuck: Callable[[str], bool], beside: Sequence[Witness] = ()
    ) -> None:
        self._sources: dict[str, Witness] = {source.name: source for source in (*sources, *beside)}
        self._is_stuck = is_stuck

    def knows(self, source: str) -> bool:
        """Whether a source is there and answers."""
        return source in self._sources and not self._is_stuck(source)

    def fingerprint(self, source: str, name: str) -> str | None:
        """The present fingerprint of an item, None if it or its source is gone, or its source does not come back."""
        return self._sources[source].fingerprint(name) if self.knows(source) else None

    def facts(self, source: str, name: str) -> Mapping[str, int | str]:
        """A few small numbers and words about an item as it is now; none if its source has none to tell."""
        tell = getattr(self._sources[source], "facts", None) if self.knows(source) else None
        return {} if tell is None else dict(tell(name))

    def kind(self, source: str, name: str) -> str | None:
        """The present type of an item, as its facts tell it; None if it is gone, or its source does not tell."""
        tell = getattr(self._sources[source], "kind", None) if self.knows(source) else None
        found = None if tell is None else tell(name)
        return None if found is None else str(found)

    def named(self, names: Sequence[str]) -> frozenset[str]:
        """Ids of what these names mean now, and of the last error if there is one: every question may be about that."""
        if not names:
            return frozenset()
        able = ((source, getattr(source, "named", None)) for name, source in self._sources.items() if self.knows(name))
        return frozenset(f"{source.name}:{one}" for source, tell in able if tell is not None for one in tell(names))

    def leaves_out(self, source: str, name: str) -> bool:
        """Whether the owner of an item says by now, with an ignore file, that it is not to be told of."""
        tell = getattr(self._sources[source], "leaves_out", None) if self.knows(source) else None
        return tell is not None and bool(tell(name))

    def pulse(self) -> tuple[object, ...]:
        """What differs once the world outside the kernel may have changed. Cheap, but may block."""
        sources = (source for name, source in self._sources.items() if self.knows(name))
        return tuple(tell() for source in sources if (tell := getattr(source, "pulse", None)) is not None)
