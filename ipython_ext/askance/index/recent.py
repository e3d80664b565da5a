"""What was looked at and what was changed lately. Enters: paths and texts with their times. Leaves: latest first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """A change of one file.

    Attributes:
        path: relative to the root.
        when: seconds, on the caller's clock.
        added: lines that are new, whole and in order, at most `MOST_LINES`.
        removed: lines that are gone, likewise.
        names: the definitions that these lines belong to, in the file's order.
    """

    path: str
    when: float
    added: tuple[str, ...]
    removed: tuple[str, ...]
    names: tuple[str, ...]


class RecentFiles:
    """The files last touched, at most `limit`. Thread-safe."""

    def __init__(self, limit: int = 50) -> None:
        raise NotImplementedError

    def touch(self, path: str, when: float) -> None:
        """Note that a file was opened, shown or changed at `when` (seconds)."""
        raise NotImplementedError

    def files(self) -> tuple[str, ...]:
        """Paths, latest first."""
        raise NotImplementedError


class RecentEdits:
    """The last edits, at most `limit`. Thread-safe."""

    def __init__(self, limit: int = 200) -> None:
        raise NotImplementedError

    def edited(self, path: str, before: str | None, after: str | None, when: float) -> None:
        """Note a change; texts that are equal are none.

        Args:
            path: relative to the root.
            before: the text as it was, None if the file is new.
            after: the text as it is, None if the file is gone.
            when: seconds, on the caller's clock.
        """
        raise NotImplementedError

    def edits(self) -> tuple[Edit, ...]:
        """Edits, latest first."""
        raise NotImplementedError
