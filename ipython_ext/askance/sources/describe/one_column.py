"""One column of a pandas frame, told as a series is. Enters: what the frame stores. Leaves: its describer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ...records import Level
from .looked import Looked

PANDAS = f"{__package__}.pandas_"
"""Loaded with the first frame."""


@dataclass(frozen=True)
class Column:
    """A column that was found in a frame.

    Attributes:
        kind: the frame's type in words.
        stored: the column, as a series stores it (`pandas_store.Stored`).
    """

    __module__ = "builtins"  # where it is from is nothing to tell

    kind: str
    stored: Any


TYPES: tuple[type, ...] = (Column,)


def describe(obj: Column, level: Level, privacy: int) -> str:
    """As a series of that frame."""
    told: str = import_module(PANDAS).describe_stored(obj.stored, f"column of {obj.kind}", level, privacy)
    return told


def parts(obj: Column) -> Iterable[str | bytes | Looked]:
    """Those of such a series."""
    found: Iterable[str | bytes | Looked] = import_module(PANDAS).parts_stored(obj.stored)
    return found
