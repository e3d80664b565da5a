"""The project's folder. Enters: the notebook's place. Leaves: the folder around it that is a project, its path in it."""

from __future__ import annotations

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
            if (folder / marker).exists():
                return folder
    return start if start in folders else None


def path_inside(root: Path | None, file: Path | None) -> str:
    """The path of a file relative to the root (resolved), with "/"; "" if either is None or the file is elsewhere."""
    if root is None or file is None or not file.resolve().is_relative_to(root):
        return ""
    return file.resolve().relative_to(root).as_posix()
