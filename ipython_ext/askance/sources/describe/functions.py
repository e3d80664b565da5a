"""Functions and modules: signature, first line of the docstring, and at full level their source.

Signatures are read from code objects: `inspect.signature` would run reprs of defaults and annotations, and
`inspect.getsource` walks all of `sys.modules`.
"""

from __future__ import annotations

import inspect
import linecache
from types import BuiltinFunctionType, CodeType, FunctionType
from typing import Any

from ...records import Level
from .flat import flat
from .source_lines import lines_of
from .storage import storage
from .table import cut_lines
from .type_names import exact
from .values import hashable_part, scalar, short

SOURCE_ROOM = 10_000
_CONSTANTS = 500
_CARRIED = 50


def describe(obj: Any, level: Level, privacy: int) -> str:
    """The signature, the first line of the docstring, at full level the source; of others the name."""
    kind = type(obj)
    if kind is BuiltinFunctionType:
        return f"built-in function {obj.__name__}"
    if kind is not FunctionType:
        name = storage(obj).get("__name__")
        return f"module {name[:100]}" if type(name) is str else "module"
    function = unwrapped(obj)
    lines = [f"function {signature(function, privacy)}", *first_line(function.__doc__, privacy)]
    source = function_source(function.__code__) if level == "full" else ""
    return cut_lines("\n".join([*lines, source] if source else lines), SOURCE_ROOM)


def parts(obj: Any) -> list[str]:
    """The code, not its address: names, constants and instructions, the source where it is at hand, and what it carries."""
    if type(obj) is not FunctionType:
        return [describe(obj, "outline", 2)]
    function = unwrapped(obj)
    code = function.__code__
    return [signature(function, 2), *code_parts(code), function_source(code), *_carried(function)]


def _carried(function: FunctionType) -> list[str]:
    """Defaults, and the variables of the function around it: known values, of functions the code, of others the type."""
    values = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    for cell in function.__closure__ or ():
        try:
            values.append(cell.cell_contents)
        except ValueError:  # not yet assigned
            continue
    said: list[str] = []
    for value in values[:_CARRIED]:
        if type(value) is FunctionType:
            said += [exact(value.__qualname__)[:100], *code_parts(value.__code__)]
        else:
            found = flat([value], _CARRIED)
            said.append(hashable_part(value) if found is None else found.hex())
    return said


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
    return f"{exact(function.__name__)}({', '.join(said)})"


def function_source(code: CodeType) -> str:
    """The lines of a function as the interpreter keeps them, "" if it has none; never reads anything but Python files."""
    lines = file_lines(code.co_filename)
    return "".join(lines[code.co_firstlineno - 1 : _last_line(code)]).rstrip() if lines else ""


def code_parts(code: CodeType) -> list[str]:
    """What a function's code does, without where it stands."""
    constants: list[str] = []
    for constant in code.co_consts[:_CONSTANTS]:
        constants += code_parts(constant) if type(constant) is CodeType else [short(constant, 1000)]
    return [code.co_name, code.co_code.hex(), *code.co_names, *code.co_varnames, *constants]


def unwrapped(function: FunctionType) -> FunctionType:
    """What the user wrote, where a decorator with `functools.wraps` left it; of chains at most 10 links."""
    for _ in range(10):
        inner = storage(function).get("__wrapped__") if function.__dict__ else None
        if type(inner) is not FunctionType:
            break
        function = inner
    return function


def _parameter(name: str, default: tuple[Any] | None, privacy: int) -> str:
    if default is None:
        return name
    text = scalar(default[0], 30) if privacy >= 2 else None
    return f"{name}={text or '…'}"


def file_lines(filename: str) -> list[str]:
    """The lines of a Python file or a cell, none of other files."""
    return lines_of(filename) if filename in linecache.cache or filename.endswith(".py") else []


def _last_line(code: CodeType) -> int:
    ends = [end for _, end, _, _ in code.co_positions() if end is not None]
    inner = [_last_line(constant) for constant in code.co_consts if type(constant) is CodeType]
    return max([code.co_firstlineno, *ends, *inner])


def first_line(doc: object, privacy: int = 2) -> list[str]:
    """The first line of a docstring as a line of its own; none if there is none, or it is text that may not be told."""
    lines = doc[:2000].strip().splitlines() if type(doc) is str and privacy >= 2 else []
    return [f'  """{lines[0][:200]}"""'] if lines else []
