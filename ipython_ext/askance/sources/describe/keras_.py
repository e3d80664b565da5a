"""Keras models, layers and variables, the user's own classes included: the tree of layers and the number of parameters.

Read from the instance dictionaries; `summary`, `build` and `get_config` never run.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import prod
from typing import Any

from ...records import Level
from . import containers
from .layers import Layer, settings_of, write
from .libraries import is_from
from .storage import storage
from .type_names import inherits, type_name
from .values import short

_MOST = 150
_NOT_SETTINGS = frozenset("name built autocast supports_jit compiled steps_per_execution lora_enabled".split())


def describe(obj: Any, level: Level, privacy: int) -> str:
    """`keras.Sequential, 1,234 parameters, built`, then its layers; a variable's dtype and shape."""
    kept = storage(obj)
    if "_shape" in kept:
        return f"{type_name(type(obj))} {short(kept.get('_dtype'))[1:-1]}, shape {containers.literal(kept['_shape'])}"
    walked = list(_walk(obj))
    settings = level != "outline" and privacy >= 2
    layers = [_layer(*place, settings=settings) for place in walked[:_MOST]]
    built = kept.get("built")
    state = ", built" if built is True else ", not built" if built is False else ""
    state += ", compiled" if kept.get("compiled") is True else ""
    return write(layers, state, level, complete=len(walked) <= _MOST)


def parts(obj: Any) -> list[str]:
    """What is told at excerpt."""
    return [describe(obj, "excerpt", 2)]


def _walk(root: Any) -> Iterator[tuple[type, dict[str, Any], int]]:
    """Class, storage and depth of each layer once; one more than `_MOST` if there are more."""
    seen: set[int] = set()
    waiting = [(root, 0)]
    while waiting and len(seen) <= _MOST:
        layer, depth = waiting.pop()
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        kept = storage(layer)
        yield type(layer), kept, depth
        waiting += [(child, depth + 1) for child in _listed(kept.get("_layers"))[::-1]]


def _layer(kind: type, kept: dict[str, Any], depth: int, *, settings: bool) -> Layer:
    variables = [*_listed(kept.get("_trainable_variables")), *_listed(kept.get("_non_trainable_variables"))]
    count = sum(prod(variable.shape) for variable in variables if is_from(type(variable), "keras"))
    words = settings_of(kept, _NOT_SETTINGS) if settings else ""
    name = kept.get("name")
    return Layer(name if type(name) is str else "", type_name(kind), words, count, depth)


def _listed(value: Any) -> list[Any]:
    # Keras and TensorFlow keep lists in subclasses of list.
    return list(islice(list.__iter__(value), _MOST)) if inherits(type(value), list) else []
