"""pandas groupings: what is grouped, by what. The groups are not computed."""

from __future__ import annotations

from typing import Any

from ...records import Level
from . import pandas_
from .looked import Looked
from .pandas_store import label_text
from .storage import stored
from .type_names import type_name

_KEYS = 10


def describe(obj: Any, level: Level, privacy: int) -> str:
    """The keys, then the grouped frame."""
    keys = stored(obj, "keys")
    said = keys[:_KEYS] if type(keys) is list else [keys]
    frame = pandas_.describe(stored(obj, "obj"), level, privacy)
    return f"{type_name(type(obj))} by {', '.join(map(label_text, said))} of {frame}"


def parts(obj: Any) -> list[str | bytes | Looked]:
    """Those of the grouped frame, and the keys."""
    return [describe(obj, "outline", 1), *pandas_.parts(stored(obj, "obj"))]
