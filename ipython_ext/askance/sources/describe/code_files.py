"""Where the code of an object stands that a description of it may show. Enters: any object. Leaves: file names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from types import FunctionType
from typing import Any

from .callables import TYPES, inner_function
from .functions import unwrapped
from .type_names import attributes, mro

_MOST = 200


def code_files(obj: object) -> list[str]:
    """The files of a function, of the methods of a class and its bases, of what a callable calls; none of other objects."""
    return list(dict.fromkeys(_files(obj)))


def _files(obj: Any) -> Iterator[str]:
    kind = type(obj)
    if kind is FunctionType:
        yield from (function.__code__.co_filename for function in (obj, unwrapped(obj)))
    elif any(kind is one for one in TYPES):
        inner = inner_function(obj)
        yield from _files(inner) if type(inner) is FunctionType else ()
    elif kind is type or any(base is type for base in mro(kind)):
        for value in islice(attributes(obj).values(), _MOST):
            function = value.__func__ if type(value) is staticmethod or type(value) is classmethod else value
            if type(function) is FunctionType:
                yield from _files(function)
