"""The project's folder. Enters: the notebook's place. Leaves: the folder around it that is a project, its path in it."""

from __future__ import annotations

import os
from pathlib import Path


def find_root(start: Path, home: Path) -> Path | None:
    """The project's folder: git's top level, else the nearest folder with a pyproject.toml, else `start` itself.

    Args:
        start: the notebook's folder.
        home: the user's home; it, the file system's root and everything above home are never a project.

    Returns:
        None if even `start` is such a folder.
    """
    start, home = start.resolve(), home.resolve()
    never = {home, *home.parents}
    folders = [folder for folder in (start, *start.parents) if folder not in never]
    for marker in (".git", "pyproject.toml"):
        for folder in folders:
            if os.path.exists(folder / marker):  # noqa: PTH110  Path's own raises where a folder may not be entered
                return folder
    return start if start in folders else None


def path_inside(root: Path | None, file: Path | None) -> str:
    """The path of a file relative to the root (resolved), with "/"; "" if either is None or the file is elsewhere."""
    if root is None or file is None:
        return ""
    try:
        return file.resolve().relative_to(root).as_posix()
    except (OSError, RuntimeError, ValueError):  # elsewhere; a ring of links; no path at all
        return ""
