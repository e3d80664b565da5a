"""Where a module's source is. Enters: its name, the folders of `sys.path`. Leaves: a file; nothing is imported, no hook runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import NamedTuple

_MOST_FOLDERS = 200
_DEEPEST = 20


class Place(NamedTuple):
    """A module on the import path.

    Attributes:
        file: its source; "" for a folder without one, and for compiled modules.
        folders: where its submodules are; none if it is no package.
    """

    file: str
    folders: tuple[str, ...]


def place_of(module: str, path: Sequence[object]) -> Place | None:
    """Where a module is, as Python would look for it; None if it is nowhere.

    Args:
        module: its full name, with dots.
        path: folders in order; what is no text is passed over.
    """
    folders = tuple(folder or os.getcwd() for folder in path[:_MOST_FOLDERS] if type(folder) is str)  # noqa: PTH109
    names = module.split(".")
    found: Place | None = None
    for name in names if len(names) <= _DEEPEST else ():
        found = _in(folders, name) if name.isidentifier() else None
        if found is None:
            return None
        folders = found.folders
    return found


def _in(folders: Sequence[str], name: str) -> Place | None:
    shared = []
    for folder in folders:
        below = f"{folder}/{name}"
        for file, inner in (
            (f"{below}/__init__.py", (below,)),
            (f"{below}.py", ()),
            (f"{below}/__init__.pyi", (below,)),
        ):
            if _is_file(file):
                return Place(file, inner)
        if any(_is_file(f"{below}{ending}") for ending in EXTENSION_SUFFIXES):
            return Place(f"{below}.pyi" if _is_file(f"{below}.pyi") else "", ())
        if _is_folder(below):
            shared.append(below)
    return Place("", tuple(shared)) if shared else None


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False
