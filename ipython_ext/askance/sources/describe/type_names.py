"""Names of types, read without running code of theirs (a metaclass may override anything).

Enters: a type. Leaves: its name, its method resolution order, or where a known library exports it.
"""

from __future__ import annotations

import builtins
import sys
from itertools import accumulate
from types import MappingProxyType, ModuleType
from typing import Any

_module_of = type.__dict__["__module__"].__get__
_qualname_of = type.__dict__["__qualname__"].__get__
_mro_of = type.__dict__["__mro__"].__get__
_dict_of = type.__dict__["__dict__"].__get__

_ONLY_STR = {id(str)}
_NONE: MappingProxyType[str, Any] = MappingProxyType({})

_BUILTIN = {id(kind): kind.__name__ for kind in (*vars(builtins).values(), type(None)) if type(kind) is type}
"""Python's own types by identity; they live as long as the process."""

_EXPORTED: dict[int, tuple[type, tuple[str, str], str]] = {}
"""Library types met so far, by identity: where they are exported, and their public name. Each is held, so that no other
type can take its place."""

_MOST_EXPORTED = 2000


def module_of(kind: type) -> str:
    """The module a type says it is from, "" if that is not a plain string."""
    try:
        module = _module_of(kind)
    except Exception:  # noqa: BLE001  a deleted or odd __module__ is no reason to fail
        return ""
    return module if type(module) is str else ""


def exact(text: str) -> str:
    """A string as the built-in type itself: one of a subclass, which may stand in names, answers with code of its own."""
    return text if type(text) is str else str.__str__(text)


def qualname_of(kind: type) -> str:
    """The qualified name of a type, at most 100 characters of it."""
    name = exact(_qualname_of(kind))
    return name if len(name) <= 100 else name[:99] + "…"


def type_name(kind: type) -> str:
    """The name a model sees: `int`, `Customer` (of the notebook), `numpy.ndarray`, `shop.models.Customer`."""
    builtin = _BUILTIN.get(id(kind))
    if builtin is not None:
        return builtin
    known = _EXPORTED.get(id(kind)) or _exported(kind)
    if known is not None:
        return known[2]
    module = module_of(kind)
    return qualname_of(kind) if module in ("builtins", "__main__", "") else f"{module[:100]}.{qualname_of(kind)}"


def mro(kind: type) -> tuple[type, ...]:
    """The method resolution order."""
    order: tuple[type, ...] = _mro_of(kind)
    return order


def inherits(kind: type, base: type) -> bool:
    """Whether `base` is among the classes of `kind`; by identity, where `issubclass` would ask the metaclass."""
    return any(found is base for found in mro(kind))


def attributes(kind: type) -> MappingProxyType[str, Any]:
    """The class's own attributes, raw; none of a class with names that are no strings and could answer a lookup."""
    found: MappingProxyType[str, Any] = _dict_of(kind)
    return found if set(map(id, map(type, found))) == _ONLY_STR else _NONE


def library_type(kind: type) -> tuple[str, str] | None:
    """(library, name) if the imported module a type names, or its library's top, has exactly this type; saying so is not enough."""
    known = _EXPORTED.get(id(kind)) or _exported(kind)
    return None if known is None else known[1]


def _exported(kind: type) -> tuple[type, tuple[str, str], str] | None:
    module, name = module_of(kind), exact(_qualname_of(kind))
    library = module.partition(".")[0]
    if module == "__main__" or not (_has(module, name, kind) or _has(library, name, kind)):
        return None
    if len(_EXPORTED) >= _MOST_EXPORTED:
        _EXPORTED.clear()
    public = qualname_of(kind) if module == "builtins" else _public_name(kind, module, name)
    _EXPORTED[id(kind)] = known = (kind, (library, name), public)
    return known


def _has(module: str, name: str, kind: type) -> bool:
    found = sys.modules.get(module)
    return type(found) is ModuleType and vars(found).get(name) is kind


def _public_name(kind: type, module: str, name: str) -> str:
    # sklearn.linear_model._base.LinearRegression is known to everybody as sklearn.linear_model.LinearRegression.
    for place in accumulate(module.split("."), "{}.{}".format):
        if _has(place, name, kind):
            return f"{place}.{name}"
    return f"{module}.{name}"
