"""What is derived from the index's rows and kept until someone writes.

Enters: a store. Leaves: paths, imports, the import graph, history, counts of words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from .graph import Graph
from .store import Store
from .vocabulary import holders

T = TypeVar("T")


class Views:
    """Not thread-safe: its owner holds a lock around every call."""

    def __init__(self) -> None:
        self._cache: dict[str, tuple[object, Any]] = {}
        self._graph: tuple[Mapping[str, tuple[str, ...]], Graph] | None = None

    def paths(self, store: Store) -> Mapping[str, None]:
        """The files that are text, sorted by depth and name."""
        return self._kept(store, "paths", _paths)

    def imports(self, store: Store) -> Mapping[str, tuple[str, ...]]:
        """Path -> modules as they are written."""
        return self._kept(store, "imports", _imports)

    def history(self, store: Store) -> Mapping[str, tuple[int, int]]:
        """Path -> its commits, and the place of the last one."""
        return self._kept(store, "history", _history)

    def holders(self, store: Store, words: Iterable[str]) -> dict[str, int]:
        """Word -> how many files hold it. Of one question after another the commonest words, the slowest, are the same."""
        known = self._kept(store, "holders", _nothing)
        wanted = list(words)
        unknown = [word for word in wanted if word not in known]
        known.update(dict.fromkeys(unknown, 0) | holders(store, unknown))
        return {word: known[word] for word in wanted if known[word]}

    def graph(self, store: Store) -> Graph:
        """The import graph, told of what changed since the last time."""
        now = self.imports(store)
        known, graph = self._graph or (now, Graph(now))
        for path in known.keys() - now.keys():
            graph.remove(path)
        for path, modules in now.items() if known is not now else ():
            if known.get(path) != modules:
                graph.replace(path, modules)
        self._graph = (now, graph)
        return graph

    def _kept(self, store: Store, name: str, make: Callable[[Store], T]) -> T:
        version = (store, *store.version())
        if name not in self._cache or self._cache[name][0] != version:
            self._cache[name] = (version, make(store))
        found: T = self._cache[name][1]
        return found


def _nothing(store: Store) -> dict[str, int]:
    del store
    return {}


def _paths(store: Store) -> dict[str, None]:
    found = [path for (path,) in store.rows("SELECT path FROM files WHERE problem = ''")]
    return dict.fromkeys(sorted(found, key=lambda path: (path.count("/"), path)))


def _imports(store: Store) -> dict[str, tuple[str, ...]]:
    found = store.rows("SELECT path, modules FROM files WHERE problem = ''")
    return {path: tuple(modules.split("\n")) if modules else () for path, modules in found}


def _history(store: Store) -> dict[str, tuple[int, int]]:
    return {path: (commits, place) for path, commits, place in store.rows("SELECT path, commits, place FROM history")}
