"""What only the front end knows, and what follows from it about places.

Enters: a message of the front end, the environment. Leaves: `Facts`, the notebook's path, files under a root.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

MOST_FILES = 200
"""Paths of each kind that are kept."""


class Facts(NamedTuple):
    """As the front end told: paths relative to the server's root; "" and () if it did not.

    Attributes:
        path: the notebook's.
        open_files: of the open tabs, the active one first.
        active_cell: id of the cell that is being edited.
        recent_files: of documents that were in front, the latest first.
        edited_files: of documents that were edited in the browser, the latest first.
    """

    path: str = ""
    open_files: tuple[str, ...] = ()
    active_cell: str | None = None
    recent_files: tuple[str, ...] = ()
    edited_files: tuple[str, ...] = ()

    @classmethod
    def from_message(cls, data: Mapping[str, Any]) -> Facts:
        """Whatever of a message has the right type."""
        path, cell = data.get("path"), data.get("active_cell")
        return cls(
            path=path if isinstance(path, str) else "",
            open_files=_texts(data.get("open_files")),
            active_cell=cell if isinstance(cell, str) else None,
            recent_files=_texts(data.get("recent_files")),
            edited_files=_texts(data.get("edited_files")),
        )


def notebook_path(environ: Mapping[str, str]) -> Path | None:
    """The notebook's path as it was when the kernel started, None outside a notebook."""
    name = environ.get("JPY_SESSION_NAME", "")
    path = Path(name)
    return path if path.is_absolute() and path.suffix == ".ipynb" else None


def inside(files: Iterable[str], facts: Facts, notebook: Path | None, root: Path) -> tuple[str, ...]:
    """Paths of the front end relative to `root`, each once; those outside it are left out.

    Args:
        files: paths relative to the server's root.
        facts: what else the front end told.
        notebook: the notebook's absolute path, which shows where the server's root is.
        root: the project's folder.
    """
    server = _server_root(facts, notebook) or root
    found = []
    for name in files:
        path = server / PurePosixPath(name)
        if ".." not in path.parts and path.is_relative_to(root):
            found.append(path.relative_to(root).as_posix())
    return tuple(dict.fromkeys(found))


def _texts(data: Any) -> tuple[str, ...]:
    return tuple(one for one in data[:MOST_FILES] if isinstance(one, str)) if isinstance(data, list) else ()


def _server_root(facts: Facts, notebook: Path | None) -> Path | None:
    """The folder that the front end's paths start from: what is left of the notebook's path."""
    if notebook is None or not facts.path:
        return None
    known = PurePosixPath(facts.path).parent.parts  # the file itself may have been renamed since
    parts = notebook.parent.parts
    if known and parts[-len(known) :] != known:
        return None
    return Path(*parts[: len(parts) - len(known)])
