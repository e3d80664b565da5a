"""matplotlib figures and axes: titles, labels, and what was drawn. Nothing is rendered; artists are counted, not asked."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Any

from ...records import Level
from .storage import storage
from .table import ROOM, cut_lines, label
from .type_names import qualname_of, type_name
from .values import short

_AXES = 12
_MOST = 1000
_ARTISTS = 200
_NAMES = 10


def describe(obj: Any, level: Level, privacy: int) -> str:  # noqa: ARG001  titles and labels are schema
    """A figure's title and each of its axes; one axes' title, labels and number of lines."""
    kept, name = storage(obj), type_name(type(obj))
    if "_axstack" not in kept and "_localaxes" not in kept:
        return f"{name} {_axes(obj, level)}"
    axes = _axes_of(kept)
    title = _text(kept.get("_suptitle"))
    head = f"{name}{f' {title!r}' if title else ''}, {len(axes)} axes"
    more = [f"  +{len(axes) - _AXES} more"] if len(axes) > _AXES else []
    return cut_lines("\n".join([head, *(f"  {_axes(one, level)}" for one in axes[:_AXES]), *more]), ROOM)


def parts(obj: Any) -> list[str]:
    """All that is told."""
    return [describe(obj, "full", 1)]


def _axes_of(kept: dict[str, Any]) -> list[Any]:
    # A dictionary whose keys are the axes; hashing one is left to matplotlib.
    found: Any = storage(kept.get("_axstack")).get("_axes", kept.get("_localaxes"))
    return list(islice(found, _MOST)) if type(found) is dict or type(found) is list else []


def _axes(axes: Any, level: Level) -> str:
    kept = storage(axes)
    said = [repr(_text(kept.get("title"))) if _text(kept.get("title")) else "untitled"]
    for axis in ("x", "y", "z"):
        text = _text(storage(kept.get(f"{axis}axis")).get("label"))
        said += [f"{axis} {text!r}"] if text else []
    artists = kept.get("_children")
    drawn = artists[:_ARTISTS] if type(artists) is list else []
    said += [f"{count} {kind}" for kind, count in Counter(qualname_of(type(artist)) for artist in drawn).items()]
    if level in ("excerpt", "full"):
        names = [name for artist in drawn if (name := storage(artist).get("_label")) and type(name) is str]
        shown = [short(name, 40) for name in names if not name.startswith("_")][:_NAMES]
        said += [f"labelled {', '.join(shown)}"] if shown else []
    return ", ".join(said)


def _text(text: Any) -> str:
    found = storage(text).get("_text")
    return label(found) if type(found) is str else ""
