"""One way to write models made of layers, whatever library they come from.

Enters: layers, already read out and bounded. Leaves: text of at most `ROOM` characters.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from ...records import Level
from ...secret_names import looks_secret
from .table import ROOM, cut_lines, label
from .values import scalar

_CHILDREN = 20
_SETTINGS = 6
_SINGLE = frozenset(map(id, (bool, int, float, str)))
_LINES = {"outline": 0, "excerpt": 40, "full": 150}


class Layer(NamedTuple):
    """A layer of a model.

    Attributes:
        name: as its parent calls it.
        kind: its class.
        settings: its small values, in words.
        parameters: the number of its own, without its children's.
        depth: 0 for the model itself.
    """

    name: str
    kind: str
    settings: str
    parameters: int
    depth: int


def write(layers: Sequence[Layer], state: str, level: Level, *, complete: bool) -> str:
    """The model's line, its direct children, and from excerpt on the tree.

    Args:
        layers: the model first, then its descendants, parents before children.
        state: more words for the first line.
        level: how much of the tree.
        complete: whether `layers` are all there are.
    """
    count = sum(layer.parameters for layer in layers)
    least, more = ("", "") if complete else ("at least ", f" in the first {len(layers)} layers")
    settings = f"({layers[0].settings})" if layers[0].settings else ""
    lines = [f"{layers[0].kind}{settings}, {least}{count:,} parameters{more}{state}"]
    children = [layer for layer in layers if layer.depth == 1]
    tree = layers[1 : 1 + _LINES[level]]
    if tree:
        lines += ["  " * layer.depth + _words(layer) for layer in tree]
        left = len(layers) - 1 - len(tree)
        lines += [f"  +{least}{left:,} more"] if left else []
    elif children:
        said = ", ".join(f"{label(layer.name)} {layer.kind.rpartition('.')[2]}" for layer in children[:_CHILDREN])
        left = len(children) - _CHILDREN
        lines.append(f"layers: {said}" + (f", +{least}{left:,} more" if left > 0 else ""))
    return cut_lines("\n".join(lines), ROOM)


def settings_of(kept: Mapping[str, Any], hidden: Collection[str]) -> str:
    """A layer's first public small values: `in_channels=1, kernel_size=(3, 3)`."""
    said = (
        f"{name}={text}"
        for name, value in kept.items()
        if name not in hidden and not name.startswith("_") and (text := _small(value)) and not looks_secret(name)
    )
    return ", ".join(islice(said, _SETTINGS))


def _small(value: Any) -> str | None:
    if type(value) is tuple:
        return repr(value) if len(value) <= 3 and all(type(size) is int for size in value) else None
    return scalar(value, 30) if id(type(value)) in _SINGLE else None


def _words(layer: Layer) -> str:
    counted = f", {layer.parameters:,} parameters" if layer.parameters else ""
    return f"{label(layer.name)}: {layer.kind.rpartition('.')[2]}({layer.settings}){counted}"
