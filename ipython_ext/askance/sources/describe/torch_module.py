"""torch modules, the user's own classes included: the tree of layers and the number of parameters.

Read from the instance dictionaries (`_modules`, `_parameters`, `_buffers`): a module's `__getattr__`, `forward` and
`extra_repr` never run. At most `_MOST` modules are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from ...records import Level
from .layers import Layer, settings_of, write
from .storage import storage
from .torch_ import version
from .type_names import library_type, type_name

_MOST = 250
_HASHED = 50
_TENSORS = ("Parameter", "Tensor", "Buffer")
_NOT_SETTINGS = frozenset(("training",))


def describe(obj: Any, level: Level, privacy: int) -> str:
    """`Net, 1,199,882 parameters on cpu, training`, then its layers."""
    walked = list(_walk(obj))
    settings = level != "outline" and privacy >= 2
    layers = [_layer(*place, settings=settings) for place in walked[:_MOST]]
    state = next((f" on {tensor.device}" for _, _, kept, _ in walked for tensor in _tensors(kept)), "")
    training = storage(obj).get("training")
    state += ", training" if training is True else ", evaluating" if training is False else ""
    return write(layers, state, level, complete=len(walked) <= _MOST)


def parts(obj: Any) -> list[str]:
    """The outline, and torch's counts of changes to the first parameters."""
    tensors = (tensor for _, _, kept, _ in _walk(obj) for tensor in _tensors(kept))
    return [describe(obj, "outline", 2), str([version(tensor) for tensor in islice(tensors, _HASHED)])]


def _walk(root: Any) -> Iterator[tuple[str, type, dict[str, Any], int]]:
    """Name, class, storage and depth of each module once; one more than `_MOST` if there are more."""
    seen: set[int] = set()
    waiting = [("", root, 0)]
    while waiting and len(seen) <= _MOST:
        name, module, depth = waiting.pop()
        if module is None or id(module) in seen:
            continue
        seen.add(id(module))
        kept = storage(module)
        yield name, type(module), kept, depth
        waiting += [(key, child, depth + 1) for key, child in [*_plain(kept, "_modules").items()][_MOST::-1]]


def _layer(name: str, kind: type, kept: dict[str, Any], depth: int, *, settings: bool) -> Layer:
    count = sum(tensor.numel() for tensor in _tensors(kept, "_parameters"))
    return Layer(name, type_name(kind), settings_of(kept, _NOT_SETTINGS) if settings else "", count, depth)


def _tensors(kept: dict[str, Any], *groups: str) -> Iterator[Any]:
    """Tensors of torch's own classes; lazy ones have no shape yet."""
    for group in groups or ("_parameters", "_buffers"):
        for tensor in _plain(kept, group).values():
            if tensor is not None and (library_type(type(tensor)) or ("", ""))[1] in _TENSORS:
                yield tensor


def _plain(kept: dict[str, Any], name: str) -> dict[str, Any]:
    found = kept.get(name)
    return found if type(found) is dict else {}
