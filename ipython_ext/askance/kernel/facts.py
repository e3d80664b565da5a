"""What only the front end knows, and what follows from it about places.

Enters: messages of the front end, the environment. Leaves: `Facts`, what saved answers saw, the notebook's path, files
under a root.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

if TYPE_CHECKING:
    from ..staleness import Saw

MOST_FILES = 200
"""Paths of each kind that are kept."""

MOST_NAME = 1000
"""Characters of a path, or of the id of a cell."""

MOST_ITEMS = 100
"""Things that one answer saw, as far as they are followed."""

MOST_FACTS = 40
"""Facts of one thing."""

_LONGEST = 4000
_LONGEST_FACT = 200
_LARGEST = 1 << 53


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
            path=path if _is_name(path) else "",
            open_files=_names(data.get("open_files")),
            active_cell=cell if _is_name(cell) else None,
            recent_files=_names(data.get("recent_files")),
            edited_files=_names(data.get("edited_files")),
        )


def watched(data: Mapping[str, Any]) -> dict[str, tuple[Saw, ...]]:
    """What answers in the notebook saw, by the answers' ids; whatever of a message has the right form."""
    from ..staleness import Saw

    found = {}
    for answer in _mappings(data.get("answers")):
        items = [item for item in _mappings(answer.get("items"))[:MOST_ITEMS] if _is_text(item.get("id"), _LONGEST)]
        saw = [
            Saw(
                id=item["id"],
                fingerprint=item["fingerprint"],
                facts=_facts(item.get("facts")),
                name_only=item.get("level") == "name",
            )
            for item in items
            if _is_text(item.get("fingerprint"))
        ]
        if _is_text(answer.get("id")):
            found[answer["id"]] = tuple(saw)
    return found


def seconds_of(milliseconds: Any) -> float | None:
    """A time as a front end tells it, None if it is none."""
    is_number = type(milliseconds) in (int, float) and 0 <= milliseconds < _LARGEST
    return milliseconds / 1000 if is_number else None


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


def _facts(data: Any) -> dict[str, int | str]:
    pairs = list(data.items())[:MOST_FACTS] if isinstance(data, dict) else []
    return {
        name: value
        for name, value in pairs
        if _is_text(name) and (_is_text(value) or (type(value) is int and abs(value) < _LARGEST))
    }


def _is_text(value: Any, longest: int = _LONGEST_FACT) -> bool:
    return isinstance(value, str) and len(value) <= longest


def _mappings(data: Any) -> list[dict[str, Any]]:
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _is_name(value: Any) -> TypeGuard[str]:
    """Whether a value may be a path or an id: one line, without signs that nobody sees."""
    return isinstance(value, str) and len(value) <= MOST_NAME and value.isprintable()


def _names(data: Any) -> tuple[str, ...]:
    return tuple(filter(_is_name, data[:MOST_FILES])) if isinstance(data, list) else ()


def _server_root(facts: Facts, notebook: Path | None) -> Path | None:
    """The folder that the front end's paths start from: what is left of the notebook's path."""
    if notebook is None or not facts.path:
        return None
    known = PurePosixPath(facts.path).parent.parts  # the file itself may have been renamed since
    parts = notebook.parent.parts
    if known and parts[-len(known) :] != known:
        return None
    return Path(*parts[: len(parts) - len(known)])
