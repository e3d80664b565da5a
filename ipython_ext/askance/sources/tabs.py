"""What is open in the front end. Enters: the kernel's state. Leaves: the candidate "tabs", or none."""

from __future__ import annotations

import re

from ..index.digest import digest
from ..records import Ask, Candidate
from .asked import is_asked_for
from .base import KernelState

MOST = 50
"""Tabs that are listed."""

_RECENT = 5
_SPOKEN = re.compile(r"\b(?:tabs?|editors?|open|opened)\b", re.IGNORECASE)


class TabsSource:
    """Offers one candidate, "tabs": the active tab, the other open ones, files lately worked on.

    Args:
        state: the kernel, or a `StaticState`.
    """

    name = "tabs"

    def __init__(self, state: KernelState) -> None:
        self._state = state

    async def collect(self, ask: Ask) -> list[Candidate]:
        """The one candidate; none if no front end told, or nobody asked."""
        text = self._text() if is_asked_for(ask, self.name, frozenset(("tabs",)), _SPOKEN) else ""
        if not text:
            return []
        return [
            Candidate(
                source="tabs",
                name="tabs",
                render=lambda _: text,
                fingerprint=lambda: digest(text),
                text="tab tabs opened editor",  # a file that the question names is the files source's to offer
                levels=("outline",),
            )
        ]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "tabs", None if nothing is open."""
        text = self._text() if name == "tabs" else ""
        return digest(text) if text else None

    def _text(self) -> str:
        opened = list(self._state.open_files())[:MOST]
        if not opened:
            return ""
        active, *others = opened
        lines = [f"active tab: {active}"]
        lines += [f"other open tabs: {', '.join(sorted(others))}"] if others else []
        recent = [path for path in self._state.recent_files() if path != active][:_RECENT]
        lines += [f"lately worked on: {', '.join(recent)}"] if recent else []
        return "\n".join(lines)
