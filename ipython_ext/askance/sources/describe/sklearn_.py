"""scikit-learn estimators, anyone's included: what differs from the defaults, the steps, and what they were fitted on.

All is read from the instance dictionary and from `__init__`'s code object; `get_params` and `repr` would run more.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from types import FunctionType
from typing import Any

from ...records import Level
from ...secret_names import looks_secret
from . import containers, numpy_
from .libraries import is_from
from .storage import storage
from .table import ROOM, cut_lines, label
from .type_names import attributes, mro, qualname_of, type_name
from .values import scalar, short

_PARAMETERS = 20
_NAMES = 30
_STEPS = 30
_VALUE_ROOM = 80
_DEPTH = 3
_STEP_LISTS = ("steps", "transformers", "transformer_list", "estimators")


def describe(obj: Any, level: Level, privacy: int) -> str:
    """`sklearn.linear_model.Ridge(alpha=3), fitted on 2 features: a, b`, then a pipeline's steps, then what was learned."""
    lines = list(_lines(obj, privacy, _DEPTH, ""))
    if level in ("excerpt", "full"):
        lines += _learned(storage(obj), level, privacy)
    return cut_lines("\n".join(lines), ROOM)


def parts(obj: Any) -> list[str]:
    """All that is told."""
    return [describe(obj, "full", 3)]


def _lines(obj: Any, privacy: int, depth: int, indent: str) -> Iterator[str]:
    kept = storage(obj)
    given = _given(type(obj), kept, privacy)
    yield f"{type_name(type(obj))}({', '.join(given)}){_fitted(kept, privacy)}"
    for name, step in islice(_steps(kept), _STEPS if depth > 1 else 0):
        head, *more = _lines(step, privacy, depth - 1, indent + "  ") if _is_estimator(step) else [_word(step)]
        yield f"{indent}  {label(name)}: {head}"
        yield from more


def _given(kind: type, kept: dict[str, Any], privacy: int) -> list[str]:
    said = []
    for name, default in islice(_defaults(kind), 200):
        value = kept.get(name, default)
        if value is default or name in _STEP_LISTS or _is_estimator(value) or _text(value) == _text(default):
            continue
        said.append(f"{name}={_text(value)}" if privacy >= 2 and not looks_secret(name) else name)
    return said[:_PARAMETERS] + (["…"] if len(said) > _PARAMETERS else [])


def _defaults(kind: type) -> Iterator[tuple[str, Any]]:
    """The parameters of `__init__` with their defaults."""
    inits = (attributes(base).get("__init__") for base in mro(kind))
    init = next((found for found in inits if type(found) is FunctionType), None)
    if init is None:
        return
    code, plain = init.__code__, init.__defaults__ or ()
    names = code.co_varnames[1 : code.co_argcount]
    keywords = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    yield from zip(names, [*([...] * (len(names) - len(plain))), *plain], strict=False)
    yield from ((name, (init.__kwdefaults__ or {}).get(name, ...)) for name in keywords)


def _text(value: Any) -> str:
    text = containers.literal(value)
    return text if len(text) <= _VALUE_ROOM else text[: _VALUE_ROOM - 1] + "…"


def _fitted(kept: dict[str, Any], privacy: int) -> str:
    # scikit-learn's own convention: attributes with a trailing underscore exist after fit.
    if not any(name.endswith("_") and not name.startswith("_") for name in kept):
        return ", fitted in its steps" if any(map(_is_fitted, _children(kept))) else ", not fitted"
    count, names, classes = (kept.get(name) for name in ("n_features_in_", "feature_names_in_", "classes_"))
    said = f", fitted on {count:,} features" if type(count) is int else ", fitted"
    if numpy_.is_plain(names):
        more = ", …" if names.size > _NAMES else ""
        said += ": " + ", ".join(label(short(name)[1:-1]) for name in names.flat[:_NAMES].tolist()) + more
    if numpy_.is_plain(classes):
        labels = ": " + ", ".join(map(short, classes.flat[:_NAMES].tolist())) if privacy >= 3 else ""
        said += f"; {classes.size:,} classes{labels}"
    return said


def _is_fitted(step: Any) -> bool:
    return any(name.endswith("_") and not name.startswith("_") for name in storage(step))


def _children(kept: dict[str, Any]) -> list[Any]:
    return [step for _, step in islice(_steps(kept), _STEPS) if _is_estimator(step)]


def _steps(kept: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in _STEP_LISTS:
        steps = kept.get(name)
        for step in steps[:_STEPS] if type(steps) is list else ():
            if type(step) is tuple and len(step) >= 2 and type(step[0]) is str:
                yield step[0], step[1]
    yield from ((name, value) for name, value in list(kept.items()) if _is_estimator(value) and not name.endswith("_"))


def _is_estimator(value: Any) -> bool:
    return any(is_from(base, "sklearn") and qualname_of(base) == "BaseEstimator" for base in mro(type(value)))


def _word(value: Any) -> str:
    return value if type(value) is str else short(value)


def _learned(kept: dict[str, Any], level: Level, privacy: int) -> list[str]:
    said = []
    for name, value in list(kept.items()):
        if (
            not name.endswith("_")
            or name.startswith("_")
            or name in ("n_features_in_", "feature_names_in_", "classes_")
        ):
            continue
        if numpy_.is_plain(value):
            said.append(f"  {name}: {numpy_.numpy_dtype(value.dtype)}, shape {value.shape}")
        elif privacy >= 2 and type(value) is dict and not looks_secret(name):
            said.append(f"  {name}: {containers.literal(value)[:300]}")
        elif privacy >= 2 and scalar(value) is not None:
            said.append(f"  {name}: {short(value)}")
        else:
            said.append(f"  {name}: {type_name(type(value))}")
    return said[: _NAMES if level == "full" else 10]
