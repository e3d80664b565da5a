"""Functions, classes and modules: signature, first line of the docstring, and at full level their source.

Signatures are read from code objects: `inspect.signature` would run reprs of defaults and annotations, and
`inspect.getsource` walks all of `sys.modules`.
"""

from __future__ import annotations

import inspect
import linecache
import re
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from ...records import Level
from .table import cut_lines
from .type_names import attributes, qualname_of, type_name
from .values import scalar, short

_SOURCE_ROOM = 10_000
_MEMBERS = 40


def describe(obj: Any, level: Level, privacy: int) -> str:
    """One line per thing at outline; members of classes at excerpt; the source at full."""
    if type(obj) is ModuleType:
        return f"module {short(vars(obj).get('__name__'))[1:-1]}"
    if type(obj) is BuiltinFunctionType:
        return f"built-in function {obj.__name__}"
    is_function = type(obj) is FunctionType
    head = f"{type_name(type(obj))} {signature(obj, privacy)}" if is_function else _class_head(obj)
    lines = [head, *_first_line(obj.__doc__ if is_function else attributes(obj).get("__doc__"))]
    if level == "full":
        source = function_source(obj.__code__) if is_function else _class_source(obj)
        lines = [*lines, source] if source else lines
    if not is_function and len(lines) < 3 and level in ("excerpt", "full"):
        lines += [f"  {member}" for member in _members(obj, privacy)]
    return cut_lines("\n".join(lines), _SOURCE_ROOM)


def parts(obj: Any) -> list[str]:
    """The code, not its address: names, constants and instructions, and the source where it is at hand."""
    if type(obj) is FunctionType:
        return [signature(obj, 2), *_code_parts(obj.__code__), function_source(obj.__code__)]
    if type(obj) in (ModuleType, BuiltinFunctionType):
        return [describe(obj, "outline", 2)]
    methods = [part for f in _functions(obj) for part in _code_parts(f.__code__)]
    return [describe(obj, "excerpt", 2), *methods]


def signature(function: FunctionType, privacy: int = 2) -> str:
    """`name(a, b=3, *rest, key=…)`; defaults that are not small values are not shown."""
    code = function.__code__
    names, plain = code.co_varnames, code.co_argcount
    defaults = function.__defaults__ or ()
    firsts = [*([None] * (plain - len(defaults))), *((value,) for value in defaults)]
    said = [_parameter(name, default, privacy) for name, default in zip(names[:plain], firsts, strict=False)]
    keywords = function.__kwdefaults__ or {}
    place = plain + code.co_kwonlyargcount
    if code.co_flags & inspect.CO_VARARGS:
        said.append("*" + names[place])
        place += 1
    elif code.co_kwonlyargcount:
        said.append("*")
    said += [
        _parameter(name, (keywords[name],) if name in keywords else None, privacy)
        for name in names[plain : plain + code.co_kwonlyargcount]
    ]
    if code.co_flags & inspect.CO_VARKEYWORDS:
        said.append("**" + names[place])
    return f"{function.__name__}({', '.join(said)})"


def function_source(code: CodeType) -> str:
    """The lines of a function as the interpreter keeps them, "" if it has none; never reads anything but Python files."""
    lines = _file_lines(code.co_filename)
    return "".join(lines[code.co_firstlineno - 1 : _last_line(code)]).rstrip()


def _parameter(name: str, default: tuple[Any] | None, privacy: int) -> str:
    if default is None:
        return name
    text = scalar(default[0], 30) if privacy >= 2 else None
    return f"{name}={text or '…'}"


def _file_lines(filename: str) -> list[str]:
    if filename in linecache.cache or filename.endswith(".py"):
        return linecache.getlines(filename)
    return []


def _last_line(code: CodeType) -> int:
    ends = [end for _, end, _, _ in code.co_positions() if end is not None]
    inner = [_last_line(constant) for constant in code.co_consts if type(constant) is CodeType]
    return max([code.co_firstlineno, *ends, *inner])


def _first_line(doc: object) -> list[str]:
    lines = doc[:2000].strip().splitlines() if type(doc) is str else []
    return [f'  """{lines[0][:200]}"""'] if lines else []


def _class_head(kind: type) -> str:
    bases = [type_name(base) for base in kind.__mro__[1:] if base is not object]
    return f"class {qualname_of(kind)}" + (f"({bases[0]})" if bases else "")


def _members(kind: type, privacy: int) -> list[str]:
    said = []
    for name, value in list(attributes(kind).items())[:200]:
        if type(value) is FunctionType and (name == "__init__" or not name.startswith("_")):
            said.append(signature(value, privacy))
        elif not name.startswith("_"):
            said.append(f"{name}: {type_name(type(value))}")
    notes = attributes(kind).get("__annotations__")
    said += [f"{name}: annotated" for name in (notes if type(notes) is dict else {}) if type(name) is str]
    return said[:_MEMBERS]


def _functions(kind: type) -> list[FunctionType]:
    return [value for value in list(attributes(kind).values())[:200] if type(value) is FunctionType]


def _class_source(kind: type) -> str:
    for function in _functions(kind)[:5]:
        lines = _file_lines(function.__code__.co_filename)
        opening = re.compile(rf"\s*class\s+{re.escape(kind.__name__)}\b")
        for number in range(min(function.__code__.co_firstlineno, len(lines)) - 1, -1, -1):
            if opening.match(lines[number]):
                return "".join(inspect.getblock(lines[number : number + 400])).rstrip()
    return ""


def _code_parts(code: CodeType) -> list[str]:
    constants: list[str] = []
    for constant in code.co_consts:
        constants += _code_parts(constant) if type(constant) is CodeType else [short(constant, 1000)]
    return [code.co_name, code.co_code.hex(), *code.co_names, *code.co_varnames, *constants]
