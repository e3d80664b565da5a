"""What an object of an imported module says of itself, read past whatever its class overrides.

Enters: a name with dots, the imported modules. Leaves: `Docs` of functions, classes and modules, compiled ones too; nothing
of objects of other types, whose code could answer.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any

from ...sources.describe import callables, functions
from ...sources.describe.code_files import code_files
from ...sources.describe.storage import storage
from ...sources.describe.type_names import (
    attributes,
    exact,
    inherits,
    library_type,
    module_of,
    mro,
    qualname_of,
    type_name,
)
from ...sources.describe.values import scalar
from .page import Docs
from .written import signature_of

NOTHING = object()
"""There is no such thing among what is imported."""

_COMPILED = (
    BuiltinFunctionType, MethodDescriptorType, WrapperDescriptorType, ClassMethodDescriptorType, MethodWrapperType,
)  # fmt: skip
_DATA = (GetSetDescriptorType, MemberDescriptorType)
_BINDERS = (staticmethod, classmethod)
_LONGEST = 400
_text_signature_of = type.__dict__["__text_signature__"].__get__


def found(dotted: str, modules: Mapping[str, object]) -> tuple[object, bool]:
    """The object of a name, and whether nothing more can be known: the longest imported module, then what is in it.

    Args:
        dotted: parts with dots between them.
        modules: the imported modules by name (`sys.modules`).
    """
    names = dotted.split(".")
    count = next((some for some in range(len(names), 0, -1) if ".".join(names[:some]) in modules), 0)
    if not count:
        return NOTHING, False
    obj: object = modules[".".join(names[:count])]
    for name in names[count:]:
        inner = _member(obj, name)
        if inner is NOTHING:
            return NOTHING, inherits(type(obj), type)  # a module may have parts that are not imported
        obj = inner
    return obj, scalar(obj) is not None


def docs(obj: Any) -> Docs | None:
    """What is told of an object; None where nothing can be read without asking it."""
    kind = type(obj)
    if inherits(kind, ModuleType):
        return _of_module(obj)
    if inherits(kind, type):
        return _of_class(obj)
    if kind is property or kind is cached_property:
        inner = obj.fget if isinstance(obj, property) else storage(obj).get("func")
        told = docs(inner) if type(inner) is FunctionType else None
        return None if told is None else told._replace(kind="property", signature="", bare="")
    if any(kind is one for one in _BINDERS):
        inner = obj.__func__
        return docs(inner) if type(inner) is FunctionType else None
    if library_type(kind) == ("numpy", "ufunc"):
        return Docs("function", doc=_text(obj.__doc__))
    if any(kind is one for one in _COMPILED):
        return _of_compiled(obj)
    if any(kind is one for one in _DATA):
        return Docs("attribute", doc=_text(obj.__doc__))
    function = _function(obj)
    return None if function is None else _of_function(function)


def members(obj: Any) -> list[str]:
    """The public names in a module or a class."""
    if inherits(type(obj), ModuleType):
        names: Iterator[Any] = iter(list(storage(obj)))
    elif inherits(type(obj), type):
        names = (name for base in mro(obj) for name in attributes(base))
    else:
        return []
    return sorted({name for name in names if type(name) is str and not name.startswith("_")})


def files(obj: Any) -> tuple[str, ...]:
    """Where the code of an object is, and what its class says of that."""
    found_files = list(code_files(_function(obj) or obj))
    if inherits(type(obj), ModuleType):
        found_files.append(_text(storage(obj).get("__file__")))
    return tuple(dict.fromkeys(filter(None, found_files)))


def home(obj: Any, modules: Mapping[str, object]) -> str:
    """The file of the module that a class says it is from; "" for other objects, and if nobody knows."""
    module = modules.get(module_of(obj)) if inherits(type(obj), type) else None
    return _text(storage(module).get("__file__")) if inherits(type(module), ModuleType) else ""


def _member(obj: Any, name: str) -> object:
    if inherits(type(obj), ModuleType):
        return storage(obj).get(name, NOTHING)
    if inherits(type(obj), type):
        return next((attributes(base)[name] for base in mro(obj) if name in attributes(base)), NOTHING)
    return NOTHING


def _function(obj: Any) -> FunctionType | None:
    """The function behind a function, a bound or cached one; what a wrapper says that it wraps."""
    kind = type(obj)
    inner = callables.inner_function(obj) if any(kind is one for one in callables.TYPES) else obj
    if type(inner) is not FunctionType:
        inner = storage(inner).get("__wrapped__")
    return functions.unwrapped(inner) if type(inner) is FunctionType else None


def _of_module(obj: object) -> Docs:
    inside = [
        name
        for name, value in storage(obj).items()
        if not name.startswith("_") and (docs_kind(value) or inherits(type(value), type))
    ]
    return Docs("module", doc=_text(storage(obj).get("__doc__")), members=sorted(inside))


def docs_kind(value: object) -> bool:
    """Whether an object is a function, compiled or not."""
    return type(value) is BuiltinFunctionType or _function(value) is not None


def _of_class(obj: Any) -> Docs:
    makes = next((one for base in mro(obj) if type(one := attributes(base).get("__init__")) is FunctionType), None)
    name = qualname_of(obj).rpartition(".")[2]
    told = None if makes is None else _of_function(makes)
    signature = told.signature.replace("__init__", name, 1) if told else f"{name}{_text(_text_signature_of(obj))}"
    bare = told.bare.replace("__init__", name, 1) if told else ""
    return Docs("class", signature, bare, _text(attributes(obj).get("__doc__")), members(obj))


def _of_function(function: FunctionType) -> Docs:
    bare = functions.signature(function, 1)
    written = _written(function) or functions.signature(function)
    return Docs("function", written, bare, _text(function.__doc__))


def _written(function: FunctionType) -> str:
    """The signature as it stands in the source, "" if that is not at hand."""
    code = function.__code__
    lines = functions.file_lines(code.co_filename)[code.co_firstlineno - 1 :][:_LONGEST]
    try:
        tree = ast.parse(textwrap.dedent("".join(inspect.getblock(lines)))) if lines else None
    except Exception:  # noqa: BLE001  the file may be another by now, and anything
        return ""
    node = tree.body[0] if tree is not None and tree.body else None
    is_it = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == code.co_name
    return signature_of(node) if is_it and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ""


def _of_compiled(obj: Any) -> Docs:
    name = _text(obj.__name__)
    return Docs("built-in", f"{name}{_text(obj.__text_signature__)}", name, _text(obj.__doc__))


def _text(value: object) -> str:
    return exact(value) if type(value) is str else ""


__all__ = ["NOTHING", "docs", "files", "found", "home", "members", "type_name"]
