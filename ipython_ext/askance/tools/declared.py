"""A function as a tool: its schema comes from its signature and its docstring.

Enters: a typed function, and what its author says of it. Leaves: a tool; or one line on why it can be none.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from types import FunctionType, MethodType
from typing import Any, get_args, get_origin, get_type_hints

from ..errors import BadAnswer, ToolError, UsageError
from ..index.digest import digest
from ..records import Ask
from ..schema import arguments_of
from ..sources.describe.dispatch import fingerprint as fingerprint_of
from . import docstring
from .base import ALL, Arguments, Hands, Touches
from .graph import normal
from .results import joined

Resources = str | Iterable[str] | Callable[..., str | Iterable[str]]
"""Names of resources, or a function that gives them for some of the tool's arguments, by their names."""

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What all providers take for a name."""

MOST_DESCRIPTION = 4000


@dataclass(frozen=True, kw_only=True, eq=False)
class Declaration:
    """What its author says of a function.

    Attributes:
        name: of the tool; None for the function's.
        reads, writes: what a call touches.
        confirm: whether the user is asked each time; None if it changes something.
        in_kernel: whether it runs where cells run.
        cached: whether a result holds while what it reads is the same.
        fingerprint: gives, for some of the arguments, what changes when the result would.
    """

    name: str | None = None
    reads: Resources = ()
    writes: Resources = ()
    confirm: bool | None = None
    in_kernel: bool = False
    cached: bool = False
    fingerprint: Callable[..., object] | None = None


@dataclass(kw_only=True, eq=False)
class DeclaredTool:
    """A function as a tool; see `Tool` for what is not said here.

    Attributes:
        function: as its author wrote it.
        declaration: what the author says of it.
        signature: its own.
        convert: makes objects of JSON values.
        look: gives the present fingerprint of a resource, by its source and name; None if nobody can tell.
    """

    name: str
    description: str
    schema: Mapping[str, Any]
    function: Callable[..., Any]
    declaration: Declaration
    signature: inspect.Signature
    convert: Callable[[Mapping[str, Any]], Any] = field(repr=False)
    look: Callable[[str, str], str | None] = field(default=lambda _source, _name: None, repr=False)
    acts: bool = False
    in_kernel: bool = False
    needs_hands: bool = False

    def looking(self, look: Callable[[str, str], str | None]) -> DeclaredTool:
        """The same tool, in a session that can tell whether what it reads has changed."""
        return replace(self, look=look)

    def touches(self, arguments: Arguments) -> Touches:
        """As its author says."""
        given = self._bound(arguments).arguments
        return Touches(
            reads=_resources(self.declaration.reads, given), writes=_resources(self.declaration.writes, given)
        )

    def fingerprint(self, arguments: Arguments) -> str | None:
        """Of the function, of what its author names, and of all that it reads."""
        own = self.declaration
        if own.writes or not (own.cached or own.fingerprint):
            return None
        given = self._bound(arguments).arguments
        parts = [fingerprint_of(getattr(self.function, "__func__", self.function))]
        if own.fingerprint is not None:
            said = _called(own.fingerprint, given)
            if said is None:
                return None
            parts.append(str(said))
        for resource in sorted(_resources(own.reads, given)) if own.cached else ():
            source, _, name = normal(resource).partition(":")
            found = None if name.endswith((ALL, "/")) else self.look(source, name)
            if found is None:
                return None
            parts.append(found)
        return digest(*parts)

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> Any:  # noqa: ARG002
        """Call the function, with objects of the types that it names."""
        bound = self._bound(arguments)
        result = self.function(*bound.args, **bound.kwargs)
        return joined(result) if inspect.isgenerator(result) else result

    def _bound(self, arguments: Arguments) -> inspect.BoundArguments:
        try:
            given = self.convert(arguments)
        except BadAnswer as error:
            raise ToolError(f"The arguments do not fit: {error}") from None
        bound = self.signature.bind_partial()
        bound.arguments = {name: given[name] for name in self.signature.parameters if name in given}
        bound.apply_defaults()
        return bound


def tool_of(function: Callable[..., Any], declaration: Declaration) -> DeclaredTool:
    """The tool that a function makes.

    Raises:
        UsageError: it can be none; one line says why.
    """
    name = _name(function, declaration)
    if declaration.in_kernel and (inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)):
        raise UsageError(f"{name} is async and in_kernel, where nothing can be awaited", "Leave one of them out.")
    signature = inspect.signature(function)
    hints = _hints(function, name, signature)
    types = {one.name: (hints[one.name], one.default is one.empty) for one in signature.parameters.values()}
    found, convert = arguments_of(types)
    said = docstring.read(inspect.getdoc(function))
    schema = _plain(found)
    schema.setdefault("properties", {})
    for one in signature.parameters.values():
        about = _about(hints[one.name]) or said.arguments.get(one.name, "")
        schema["properties"][one.name] = _described(schema["properties"][one.name], about, one.default)
    return DeclaredTool(
        name=name,
        description=(said.text or f"{name.replace('_', ' ')}.")[:MOST_DESCRIPTION],
        schema={**schema, "type": "object", "additionalProperties": False},
        function=function,
        declaration=declaration,
        signature=signature,
        convert=convert,
        acts=bool(declaration.writes) if declaration.confirm is None else declaration.confirm,
        in_kernel=declaration.in_kernel,
    )


def _name(function: Callable[..., Any], declaration: Declaration) -> str:
    if not isinstance(function, FunctionType | MethodType):
        what = "A class" if isinstance(function, type) else f"A {type(function).__name__}"
        raise UsageError(f"{what} is no tool", "askance.tool takes a function whose arguments have types.")
    name = declaration.name or function.__name__
    if name == "<lambda>":
        raise UsageError("A lambda has no name that a model could call", 'Type: askance.tool(name="...")(lambda: ...)')
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a tool", "It has letters, digits, _ and -, at most 64 of them.")
    return name


def _hints(function: Callable[..., Any], name: str, signature: inspect.Signature) -> dict[str, Any]:
    """The type of each argument.

    Raises:
        UsageError: one has none, or cannot be given by its name.
    """
    try:
        hints = get_type_hints(function, include_extras=True)
    except Exception as error:  # noqa: BLE001  an annotation is anybody's code
        raise UsageError(f"A type of {name} is not known: {error}") from None
    for place, one in enumerate(signature.parameters.values()):
        if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD):
            raise UsageError(f"{name} takes {one}, and a model has to be told of each argument", "Name them all.")
        if one.name not in hints and place == 0 and one.name in ("self", "cls"):
            raise UsageError(f"{name} is a method and lacks its object", f"Type: askance.tool(the_object.{name})")
        if one.name not in hints:
            raise UsageError(f"{name} does not say of what type {one.name} is", f"Write: {one.name}: str")
    return hints


def _plain(schema: Any) -> Any:
    """A schema without the titles that repeat its names."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            kept[key] = {name: _plain(one) for name, one in value.items()}
        elif key in ("default", "enum", "const", "examples"):
            kept[key] = value
        elif key != "title":
            kept[key] = _plain(value)
    return kept


def _about(hint: Any) -> str:
    """What `Annotated[int, "how many"]` says of an argument."""
    if get_origin(hint) is None or not hasattr(hint, "__metadata__"):
        return ""
    said = (getattr(one, "documentation", one) for one in get_args(hint)[1:])
    return next((one for one in said if isinstance(one, str)), "")


def _described(schema: dict[str, Any], about: str, default: Any) -> dict[str, Any]:
    more: dict[str, Any] = {"description": about} if about else {}
    value = default.value if isinstance(default, Enum) else default
    if type(value) in (str, int, float, bool, list, dict) and len(json.dumps(value, default=str)) <= MOST_DESCRIPTION:
        more["default"] = value
    return {**schema, **more}


def _resources(of: Resources, given: Mapping[str, Any]) -> frozenset[str]:
    named = _called(of, given) if callable(of) else of
    if isinstance(named, str):
        return frozenset((named,))
    return frozenset(str(one) for one in named)


def _called(function: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """Call what the author gave, with those of the arguments that it takes."""
    taken: Sequence[inspect.Parameter] = tuple(inspect.signature(function).parameters.values())
    if any(one.kind is one.VAR_KEYWORD for one in taken):
        return function(**given)
    return function(
        *(given[one.name] for one in taken if one.kind is one.POSITIONAL_ONLY),
        **{one.name: given[one.name] for one in taken if one.kind is not one.POSITIONAL_ONLY and one.name in given},
    )
