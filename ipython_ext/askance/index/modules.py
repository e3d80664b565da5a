"""Which files of a project a module means. Enters: the files. Leaves: for a module as written, the files it names.

Python: any folder of the tree that is no package may stand on the import path (src layouts, scripts beside each other,
several distributions in one repository), the one nearest to the importing file first. JavaScript and TypeScript:
relative paths, with or without suffix, and index files.
"""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterable, Sequence

_PYTHON = ("py", "pyx", "pyi")
_SCRIPT = ("ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "vue", "svelte")
_RANK = {suffix: rank for rank, suffix in enumerate((*_PYTHON, *_SCRIPT))}
"""Suffixes of files that can be imported; of several files for one module the earlier suffix wins."""


class Modules:
    """The modules of a project, by place: "pkg/sub" stands for pkg/sub.py or pkg/sub/__init__.py.

    Args:
        paths: all files, relative to the root.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = set(paths)
        self._python: dict[str, str] = {}
        self._script: dict[str, str] = {}
        packages = set()
        for path in sorted(self._paths, key=lambda path: (_RANK.get(path.rpartition(".")[2], 0), path)):
            place, _, suffix = path.rpartition(".")
            folder, _, name = place.rpartition("/")
            if suffix in _PYTHON:
                self._python.setdefault(place, path)
                if name == "__init__":
                    self._python.setdefault(folder, path)
                    packages.add(folder)
            elif suffix in _SCRIPT:
                self._script.setdefault(place.removesuffix(".d"), path)
                if name == "index":
                    self._script.setdefault(folder, path)
        self._known: dict[str, dict[str, Sequence[str]]] = {}  # files of one folder import much alike
        self._roots = _roots(self._python, packages - {""})

    def find(self, modules: Iterable[str], importer: str) -> set[str]:
        """The files that a file's modules name; modules that are no part of the project name none.

        Args:
            modules: as `imports.modules_in` gives them.
            importer: the path of the importing file.
        """
        folder = importer.rpartition("/")[0]
        if importer.rpartition(".")[2] in _SCRIPT:
            return {file for module in modules for file in self._script_files(module, folder)}
        known = self._known.setdefault(folder, {})
        found: set[str] = set()
        for module in modules:
            files = known.get(module)
            if files is None:
                files = self._relative(module, folder) if module.startswith(".") else self._absolute(module, folder)
                known[module] = files
            if files:
                found.update(files)
        return found

    def _absolute(self, module: str, folder: str) -> Sequence[str]:
        source, _, names = module.partition(":")
        top = source.partition(".")[0]
        roots = self._roots.get(top)
        if not roots:
            return ()
        if top in sys.stdlib_module_names:  # shadowed by a folder above the importing file alone
            roots = [root for root in roots if not root or f"{folder}/".startswith(f"{root}/")]
        inner = source.replace(".", "/")
        for root in roots if len(roots) < 2 else _nearest(roots, folder):
            files = self._members(f"{root}/{inner}" if root else inner, names)
            if files:
                return files
        return ()

    def _relative(self, module: str, folder: str) -> Sequence[str]:
        source, _, names = module.partition(":")
        rest = source.lstrip(".")
        at = folder
        for _ in range(len(source) - len(rest) - 1):
            if not at:
                return ()
            at = at.rpartition("/")[0]
        inner = rest.replace(".", "/")
        return self._members(f"{at}/{inner}" if at and inner else at or inner, names)

    def _members(self, place: str, names: str) -> Sequence[str]:
        own = self._python.get(place)
        if not names:
            return (own,) if own else ()
        found = [self._python.get(f"{place}/{name}" if place else name, own) for name in names.split(",")]
        return [path for path in found if path]

    def _script_files(self, module: str, folder: str) -> Sequence[str]:
        if not module.startswith("."):
            return ()
        place = posixpath.normpath(posixpath.join(folder, module))
        if place in self._paths:
            return (place,)
        place = "" if place == "." else place
        # TypeScript imports "./a.js" where the file is a.ts.
        found = self._script.get(place) or self._script.get(posixpath.splitext(place)[0])
        return (found,) if found else ()


def _roots(places: Iterable[str], packages: set[str]) -> dict[str, list[str]]:
    """First name of an import -> the folders that it may be looked up in: those that are no packages themselves."""
    roots: dict[str, list[str]] = {}
    seen = {""}
    for place in places:
        at = place
        while at not in seen:
            seen.add(at)
            folder, _, name = at.rpartition("/")
            if folder not in packages:
                roots.setdefault(name, []).append(folder)
            at = folder
    return roots


def _nearest(roots: Iterable[str], folder: str) -> list[str]:
    """Roots by how much of the path they share with the importing file's folder, then shorter ones first."""
    return sorted(roots, key=lambda root: (-len(posixpath.commonprefix([f"{root}/", f"{folder}/"])), len(root), root))
