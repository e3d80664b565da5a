"""The one door to validation: what a JSON answer has to look like, and whether it does.

Enters: a pydantic model, a dataclass, a TypedDict or another type, a JSON schema as a dict, or the path of one.
Leaves: a `Schema`. pydantic and jsonschema are imported when they are first needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, NotRequired, Required, cast

from .errors import BadAnswer, UsageError
from .jsontext import values
from .typed_dicts import known_to_pydantic

LONGEST = 200
"""Characters of a problem that are told."""

_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType, partial)
_MARKS = ("__dataclass_fields__", "__pydantic_core_schema__", "__required_keys__")

_Check = Callable[[str], Any]


@dataclass(frozen=True)
class Schema:
    """What a JSON answer has to look like.

    Attributes:
        text: the JSON schema as canonical JSON text: sorted keys, the same in every kernel.
    """

    text: str
    _check: _Check = field(repr=False, compare=False)

    def validate(self, answer: str) -> Any:
        """The object of an answer; a fence around its JSON and words before or after it are allowed.

        Args:
            answer: what a model wrote.

        Raises:
            BadAnswer: one line: where, and what is wrong there.
        """
        fitting, problem = [], BadAnswer("it holds no JSON")
        for text in sorted(values(answer), key=len):
            try:
                fitting.append(self._check(text))
            except BadAnswer as error:  # of several, that of the longest is told: the others may be asides
                problem = error
        if len(fitting) > 1:
            raise BadAnswer(f"it holds {len(fitting)} JSON values that fit, where one was asked for")
        if not fitting:
            raise problem
        return fitting[0]

    def exact(self, text: str) -> Any:
        """The object that a JSON text is, all of it.

        Raises:
            BadAnswer: one line: where, and what is wrong there.
        """
        return self._check(text)


def schema_of(thing: object) -> Schema:
    """The schema that a thing stands for.

    Args:
        thing: a pydantic model, dataclass, TypedDict or another type that pydantic knows; a JSON schema as a dict; the
            path of a file that holds one.

    Raises:
        UsageError: it is none of these.
    """
    if isinstance(thing, (str, Path)):
        thing = _read(Path(thing).expanduser())
    return _of_dict(thing) if isinstance(thing, Mapping) else _of_type(thing)


def is_schema(thing: object) -> bool:
    """Whether a variable looks like a schema, for completion; never touches an object of an unknown type."""
    if issubclass(type(thing), type):  # a class is told without asking it
        bases = type.__getattribute__(cast("type", thing), "__mro__")
        return any(not type.__getattribute__(base, "__dict__").keys().isdisjoint(_MARKS) for base in bases)
    return type(thing) is dict and not thing.keys().isdisjoint(("type", "properties", "$ref", "anyOf", "enum"))


def _read(path: Path) -> Any:
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "Name a variable, or a .json file.") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no JSON: {_line(error)}") from None
    if not isinstance(found, Mapping):
        raise UsageError(f"{path} holds no JSON schema", "It has to hold an object.")
    return found


def _of_dict(thing: Mapping[str, Any]) -> Schema:
    from jsonschema import Draft202012Validator, SchemaError, exceptions
    from jsonschema.validators import validator_for
    from referencing import Registry

    try:
        text = _canonical(thing)
        plain = json.loads(text)
        kind = validator_for(plain, default=Draft202012Validator)
        kind.check_schema(plain)
    except SchemaError as error:
        raise UsageError(f"This is no JSON schema: {_place(error.absolute_path, error.message)}") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"This is no JSON schema: {_line(error)}") from None
    validator = kind(plain, registry=Registry())  # an empty one: a "$ref" never loads an address

    def check(value: str) -> Any:
        found = json.loads(value)
        try:
            error = exceptions.best_match(validator.iter_errors(found))
        except Exception as unresolved:  # noqa: BLE001  referencing's many errors: the schema points nowhere
            raise BadAnswer(f"the schema cannot be followed: {_line(unresolved)}") from None
        if error is not None:
            raise BadAnswer(_place(error.absolute_path, error.message))
        return found

    return Schema(text, check)


def _of_type(thing: object) -> Schema:
    from pydantic import TypeAdapter, ValidationError
    from pydantic.errors import PydanticUserError

    hint = "It takes a pydantic model, a dataclass, a type, a JSON schema as a dict, or a .json file."
    if isinstance(thing, _FUNCTIONS):  # pydantic would call it with what the model says
        raise UsageError("A function is no schema", hint)
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(cast("Any", thing))
        text = _canonical(adapter.json_schema())
    except (PydanticUserError, TypeError, ValueError, NameError, AttributeError, RecursionError) as error:
        raise UsageError(f"This is no schema: {_line(error)}", hint) from None

    def check(value: str) -> Any:
        try:
            return adapter.validate_json(value, strict=True)  # "5" is no number: nothing is repaired silently
        except ValidationError as error:
            first, *more = error.errors(include_url=False, include_input=False)
            others = f" (and {len(more)} more)" if more else ""
            raise BadAnswer(_place(first["loc"], first["msg"]) + others) from None

    return Schema(text, check)


def arguments_of(types: Mapping[str, tuple[Any, bool]]) -> tuple[dict[str, Any], Callable[[Mapping[str, Any]], Any]]:
    """The JSON schema of a function's arguments, and what makes objects of JSON values.

    Args:
        types: argument -> (its annotation, whether it has to be given).

    Returns:
        The schema of an object with these arguments; and JSON values -> values of these types, which raises `BadAnswer`.

    Raises:
        UsageError: there is no JSON for one of the types.
    """
    from pydantic import TypeAdapter, ValidationError
    from pydantic.errors import PydanticUserError
    from typing_extensions import TypedDict

    named = {}
    for name, (kind, required) in types.items():
        kind = known_to_pydantic(kind)  # noqa: PLW2901
        named[name] = Required[kind] if required else NotRequired[kind]
        try:
            TypeAdapter(kind).json_schema()
        except (PydanticUserError, TypeError, ValueError, NameError, AttributeError, RecursionError) as error:
            said = str(error).split(". ", maxsplit=1)[0]
            raise UsageError(f"A model cannot give {name!r}: {_line(said)}", "Use types that JSON can say.") from None
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(TypedDict("arguments", named))  # type: ignore[operator]
        properties = adapter.json_schema()
    except (PydanticUserError, TypeError, ValueError) as error:
        raise UsageError(f"These arguments have no JSON schema: {_line(error)}") from None

    def convert(given: Mapping[str, Any]) -> Any:
        try:
            return adapter.validate_python(dict(given))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise BadAnswer(_place(first["loc"], first["msg"])) from None

    return properties, convert


def _canonical(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _place(path: Iterable[str | int], message: str) -> str:
    """Where a problem is, as one would write it in Python, and what it is."""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
    return f"{place}: {_line(message)}" if place else _line(message)


def _line(said: object) -> str:
    line = " ".join(str(said).split("\n\n", maxsplit=1)[0].split())
    line = line.rstrip(".")
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
