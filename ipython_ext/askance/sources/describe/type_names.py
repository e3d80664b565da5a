"""Names of types, read without running code of theirs (a metaclass may override anything).

Enters: a type. Leaves: its name, its method resolution order, or where a known library exports it.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_module_of = type.__dict__["__module__"].__get__
_qualname_of = type.__dict__["__qualname__"].__get__
_mro_of = type.__dict__["__mro__"].__get__
_dict_of = type.__dict__["__dict__"].__get__


def module_of(kind: type) -> str:
    """The module a type says it is from, "" if that is not a plain string."""
    try:
        module = _module_of(kind)
    except Exception:  # noqa: BLE001  a deleted or odd __module__ is no reason to fail
        return ""
    return module if type(module) is str else ""


def qualname_of(kind: type) -> str:
    """The qualified name of a type, at most 100 characters of it."""
    name = str(_qualname_of(kind))
    return name if len(name) <= 100 else name[:99] + "…"


def type_name(kind: type) -> str:
    """The name a model sees: `int`, `Customer` (of the notebook), `numpy.ndarray`, `shop.models.Customer`."""
    module = module_of(kind)
    if module in ("builtins", "__main__", ""):
        return qualname_of(kind)
    known = library_type(kind)
    return ".".join(known) if known else f"{module[:100]}.{qualname_of(kind)}"


def mro(kind: type) -> tuple[type, ...]:
    """The method resolution order."""
    return tuple(_mro_of(kind))


def attributes(kind: type) -> dict[str, Any]:
    """The class's own attributes, raw."""
    return dict(_dict_of(kind))


def library_type(kind: type) -> tuple[str, str] | None:
    """(library, name) if an imported library exports exactly this type at its top; a class that only says so does not pass."""
    library, name = module_of(kind).partition(".")[0], _qualname_of(kind)
    module = sys.modules.get(library)
    if type(module) is ModuleType and type(name) is str and vars(module).get(name) is kind:
        return library, name
    return None
