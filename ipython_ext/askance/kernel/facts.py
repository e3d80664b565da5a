"""What only the front end knows, and what follows from it about places.

Enters: a message of the front end, the environment. Leaves: `Facts`, the notebook's path, open files under a root.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

MOST_FILES = 200
"""Open tabs that are kept."""


class Facts(NamedTuple):
    """As the front end told: paths relative to the server's root, the active tab first; "" and () if it did not."""

    path: str = ""
    open_files: tuple[str, ...] = ()
    active_cell: str | None = None

    @classmethod
    def from_message(cls, data: Mapping[str, Any]) -> Facts:
        """Whatever of a message has the right type."""
        path, files, cell = data.get("path"), data.get("open_files"), data.get("active_cell")
        return cls(
            path=path if isinstance(path, str) else "",
            open_files=tuple(f for f in files[:MOST_FILES] if isinstance(f, str)) if isinstance(files, list) else (),
            active_cell=cell if isinstance(cell, str) else None,
        )


def notebook_path(environ: Mapping[str, str]) -> Path | None:
    """The notebook's path as it was when the kernel started, None outside a notebook."""
    name = environ.get("JPY_SESSION_NAME", "")
    path = Path(name)
    return path if path.is_absolute() and path.suffix == ".ipynb" else None


def open_files(facts: Facts, notebook: Path | None, root: Path) -> tuple[str, ...]:
    """The open tabs relative to `root`; those outside it are left out.

    Args:
        facts: what the front end told.
        notebook: the notebook's absolute path, which shows where the server's root is.
        root: the project's folder.
    """
    server = _server_root(facts, notebook) or root
    inside = []
    for name in facts.open_files:
        path = server / PurePosixPath(name)
        if ".." not in path.parts and path.is_relative_to(root):
            inside.append(path.relative_to(root).as_posix())
    return tuple(inside)


def _server_root(facts: Facts, notebook: Path | None) -> Path | None:
    """The folder that the front end's paths start from: what is left of the notebook's path."""
    if notebook is None or not facts.path:
        return None
    known = PurePosixPath(facts.path).parent.parts  # the file itself may have been renamed since
    parts = notebook.parent.parts
    if known and parts[-len(known) :] != known:
        return None
    return Path(*parts[: len(parts) - len(known)])
