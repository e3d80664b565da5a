"""What a cell would show, as text: what it prints, displays and gives, in order.

Enters: writes, displays, a value. Leaves: text, bounded.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping
from typing import Any

from IPython.core.displaypub import DisplayPublisher

MOST_CHARACTERS = 200_000
"""More is counted and not kept."""

ABOVE_TEXT = ("text/markdown", "text/latex", "text/html")
"""What is shown of a display that has no plain text."""


class Page(io.TextIOBase):
    """A stream that keeps what is written to it."""

    encoding = "utf-8"

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        """
        Args:
            most: characters that are kept.
        """
        self._most = most
        self._pieces: list[str] = []
        self._length = 0
        self._lost = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Keep what has room."""
        kept = text[: max(self._most - self._length, 0)]
        self._length += len(kept)
        self._lost += len(text) - len(kept)
        self._pieces.append(kept)
        return len(text)

    def line(self, text: str) -> None:
        """Write lines of their own."""
        begun = any(self._pieces) and not "".join(self._pieces[-1:]).endswith("\n")
        self.write(f"{chr(10) if begun else ''}{text}\n")

    def show(self, data: Mapping[str, Any]) -> None:
        """Write what a display says in plain text, or else what kinds of data it has."""
        text = next((data[kind] for kind in ("text/plain", *ABOVE_TEXT) if isinstance(data.get(kind), str)), None)
        self.line(text if text is not None else f"<{', '.join(map(str, data)) or 'nothing'}>")

    @property
    def text(self) -> str:
        """All that was kept; halves of characters, which cannot be sent on, are spelled out."""
        lost = f"\n… and {self._lost:,} more characters" if self._lost else ""
        said = "".join(self._pieces).encode("utf-8", "backslashreplace").decode("utf-8")
        return f"{said.rstrip()}{lost}"


class Publisher(DisplayPublisher):
    """What this thread displays goes onto a page; all else is the business of the publisher in whose place it stands."""

    def __init__(self, page: Page, before: DisplayPublisher) -> None:
        """
        Args:
            page: where it goes.
            before: serves other threads of the kernel, which may have messages to answer meanwhile.
        """
        super().__init__()  # type: ignore[no-untyped-call]
        self._page = page
        self._before = before
        self._thread = threading.get_ident()

    def __getattr__(self, name: str) -> Any:
        """Whatever else a kernel asks of its publisher."""
        return getattr(self._before, name)

    def publish(self, data: Mapping[str, Any], *more: Any, **named: Any) -> None:
        """A display, or what takes its place."""
        if threading.get_ident() == self._thread:
            self._page.show(data)
        else:
            self._before.publish(data, *more, **named)

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002  IPython's signature
        """What was shown stays."""
