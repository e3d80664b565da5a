"""Makes `typing.TypedDict`s of Python 3.11 into those that pydantic takes. Enters, leaves: an annotation."""

from __future__ import annotations

import sys
from functools import reduce
from operator import or_
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)


def known_to_pydantic(annotation: Any) -> Any:
    """The same type; before Python 3.12 pydantic wants the TypedDict of typing_extensions."""
    if sys.version_info >= (3, 12):
        return annotation
    if is_typeddict(annotation) and type(annotation).__module__ == "typing":
        return _copied(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is None or origin is Literal or not arguments:
        return annotation
    if origin is Annotated:
        kind = known_to_pydantic(arguments[0])
        return annotation if kind is arguments[0] else Annotated[(kind, *arguments[1:])]
    known = tuple(map(known_to_pydantic, arguments))
    if all(new is old for new, old in zip(known, arguments, strict=True)):
        return annotation
    return reduce(or_, known) if origin in (Union, UnionType) else origin[known]


def _copied(kind: Any) -> Any:
    from typing_extensions import TypedDict

    fields = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        plain = get_args(hint)[0] if get_origin(hint) in (Required, NotRequired) else hint
        wrapper: Any = Required if name in kind.__required_keys__ else NotRequired
        fields[name] = wrapper[known_to_pydantic(plain)]
    copied: Any = TypedDict(kind.__name__, fields)  # type: ignore[misc]
    copied.__doc__ = kind.__doc__
    return copied
