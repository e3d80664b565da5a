"""Who imports whom inside a project. Enters: each file's modules as written. Leaves: files, and distances from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .modules import Modules


class Graph:
    """The import graph; resolved when asked for. Not thread-safe: its owner holds a lock around every call.

    Args:
        imports: every file of the project -> its modules (see `imports.modules_in`); files without any too.
    """

    def __init__(self, imports: Mapping[str, Sequence[str]]) -> None:
        self._written: dict[str, Sequence[str]] = dict(imports)
        self._modules: Modules | None = None
        self._imports: dict[str, tuple[str, ...]] = {}
        self._importers: dict[str, set[str]] | None = None

    def replace(self, path: str, modules: Sequence[str]) -> None:
        """Put a file's modules in place of what was known of it; a new path is a new file."""
        if path not in self._written:
            self._written[path] = modules
            self._forget()  # what others import may be found now, or elsewhere
            return
        if self._importers is not None:
            for imported in self.imports(path):
                self._importers[imported].discard(path)
        self._written[path] = modules
        self._imports.pop(path, None)
        if self._importers is not None:
            self._count_in(path, self._importers)

    def remove(self, path: str) -> None:
        """Forget a file."""
        if self._written.pop(path, None) is not None:
            self._forget()

    def imports(self, path: str) -> tuple[str, ...]:
        """The project's files that a file imports, sorted."""
        found = self._imports.get(path)
        if found is None:
            found = self._resolved(path)
            self._imports[path] = found
        return found

    def imported_by(self, path: str) -> tuple[str, ...]:
        """The project's files that import a file, sorted."""
        if self._importers is None:
            self._importers = {}
            for importer in self._written:
                self._count_in(importer, self._importers)
        return tuple(sorted(self._importers.get(path, ())))

    def neighbours(self, paths: Iterable[str], depth: int = 2) -> dict[str, int]:
        """Files within `depth` imports of any of `paths`, in either direction: path -> distance, nearest first.

        The given files themselves are left out.
        """
        border, found = set(paths), dict[str, int]()
        seen = set(border)
        for distance in range(1, depth + 1):
            border = {near for path in border for near in (*self.imports(path), *self.imported_by(path))} - seen
            seen |= border
            found |= dict.fromkeys(sorted(border), distance)
        return found

    def _forget(self) -> None:
        self._modules = self._importers = None
        self._imports = {}

    def _count_in(self, importer: str, importers: dict[str, set[str]]) -> None:
        for imported in self.imports(importer):
            importers.setdefault(imported, set()).add(importer)

    def _resolved(self, path: str) -> tuple[str, ...]:
        if self._modules is None:
            self._modules = Modules(self._written)
        return tuple(sorted(self._modules.find(self._written.get(path, ()), path) - {path}))
