"""What is open in the front end. Enters: the kernel's state. Leaves: the candidate "tabs", or none."""

from __future__ import annotations

from ..index.digest import digest
from ..records import Ask, Candidate
from .base import KernelState

MOST = 50
"""Tabs that are listed."""

_RECENT = 5


class TabsSource:
    """Offers one candidate, "tabs": the active tab, the other open ones, files lately worked on.

    Args:
        state: the kernel, or a `StaticState`.
    """

    name = "tabs"

    def __init__(self, state: KernelState) -> None:
        self._state = state

    async def collect(self, ask: Ask) -> list[Candidate]:  # noqa: ARG002  the same for every ask
        """The one candidate, or none if no front end told."""
        opened = list(self._state.open_files())[:MOST]
        if not opened:
            return []
        active, *others = opened
        lines = [f"active tab: {active}"]
        lines += [f"other open tabs: {', '.join(sorted(others))}"] if others else []
        recent = [path for path in self._state.recent_files() if path != active][:_RECENT]
        lines += [f"lately worked on: {', '.join(recent)}"] if recent else []
        text = "\n".join(lines)
        return [
            Candidate(
                source="tabs",
                name="tabs",
                render=lambda _: text,
                fingerprint=lambda: _fingerprint(opened),
                text="tab tabs opened editor",  # a file that the question names is the files source's to offer
                levels=("outline",),
            )
        ]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "tabs", None if nothing is open."""
        opened = list(self._state.open_files())[:MOST]
        return _fingerprint(opened) if name == "tabs" and opened else None


def _fingerprint(opened: list[str]) -> str:
    # Which tab is in front changes as one looks around, and makes no answer wrong; what is open says what is worked on.
    return digest(*sorted(opened))
