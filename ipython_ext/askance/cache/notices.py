"""Tells what goes wrong with keeping answers, once per kernel.

Enters: what does not work now. Leaves: what of it was not told before, in one line.
"""

from __future__ import annotations

from collections.abc import Mapping


class Notices:
    """Remembers what was told."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def news(self, problems: Mapping[str, str]) -> str:
        """What was not told before, in one line; "" if there is nothing.

        Args:
            problems: what does not work: its name, and a line on it.
        """
        new = {name: line for name, line in problems.items() if name not in self._told}
        self._told |= new.keys()
        return "; ".join(line.rstrip(".") for line in new.values())
