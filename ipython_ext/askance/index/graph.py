"""Who imports whom inside a project. Enters: each file's modules as written. Leaves: files, and distances from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


class Graph:
    """The import graph; resolved when asked for. Not thread-safe: its owner holds a lock around every call.

    Args:
        imports: every file of the project -> its modules (see `imports.modules_in`); files without any too.
    """

    def __init__(self, imports: Mapping[str, Sequence[str]]) -> None:
        raise NotImplementedError

    def replace(self, path: str, modules: Sequence[str]) -> None:
        """Put a file's modules in place of what was known of it; a new path is a new file."""
        raise NotImplementedError

    def remove(self, path: str) -> None:
        """Forget a file."""
        raise NotImplementedError

    def imports(self, path: str) -> tuple[str, ...]:
        """The project's files that a file imports, sorted."""
        raise NotImplementedError

    def imported_by(self, path: str) -> tuple[str, ...]:
        """The project's files that import a file, sorted."""
        raise NotImplementedError

    def neighbours(self, paths: Iterable[str], depth: int = 2) -> dict[str, int]:
        """Files within `depth` imports of any of `paths`, in either direction: path -> distance, nearest first.

        The given files themselves are left out.
        """
        raise NotImplementedError
