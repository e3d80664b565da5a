"""What is open in the front end. Enters: the kernel's state. Leaves: the candidate "tabs", or none."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..index.digest import digest
from ..records import Ask, Candidate
from .asked import is_asked_for
from .base import KernelState, everything

MOST = 50
"""Tabs that are listed."""

_RECENT = 5
_SPOKEN = re.compile(r"\b(?:tabs?|editors?|open|opened)\b", re.IGNORECASE)


class TabsSource:
    """Offers one candidate, "tabs": the active tab, the other open ones, files lately worked on.

    Args:
        state: the kernel, or a `StaticState`.
        allows: whether a file may be told of.
    """

    name = "tabs"

    def __init__(self, state: KernelState, allows: Callable[[str], bool] = everything) -> None:
        self._state = state
        self._allows = allows

    async def collect(self, ask: Ask) -> list[Candidate]:
        """The one candidate; none if no front end told, or nobody asked."""
        if not is_asked_for(ask, self.name, frozenset(("tabs",)), _SPOKEN):
            return []
        text = self._text(lambda path: not ask.withholds("files", path))
        if not text:
            return []
        present = digest(self._text())
        return [
            Candidate(
                source="tabs",
                name="tabs",
                render=lambda _: text,
                fingerprint=lambda: present,
                text="tab tabs opened editor",  # a file that the question names is the files source's to offer
                levels=("outline",),
                privacy=ask.privacy.of("tabs", "tabs"),
            )
        ]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "tabs", None if nothing is open."""
        text = self._text() if name == "tabs" else ""
        return digest(text) if text else None

    def _text(self, told: Callable[[str], bool] = everything) -> str:
        """What is open; of files that are left out not even the name."""
        opened = [path for path in list(self._state.open_files())[:MOST] if self._allows(path) and told(path)]
        if not opened:
            return ""
        first = next(iter(self._state.open_files()))
        active = [path for path in opened if path == first]
        others = sorted(path for path in opened if path != first)
        lines = [f"active tab: {path}" for path in active]
        lines += [f"other open tabs: {', '.join(others)}"] if others else []
        files = [path for path in self._state.recent_files() if path != first]
        recent = [path for path in files[:MOST] if self._allows(path) and told(path)][:_RECENT]
        lines += [f"lately worked on: {', '.join(recent)}"] if recent else []
        return "\n".join(lines)
