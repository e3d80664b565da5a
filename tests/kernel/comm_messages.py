"""Messages that no front end of ours sends: wrong types, wrong order, forged paths, too large, too deep, polluted.

Enters: a count; the same messages each time. Leaves: the data of comm messages, and what each may be answered with.
"""

from __future__ import annotations

import string
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

KINDS = (
    "hello", "facts", "refresh", "stop", "retry", "pace", "watch", "insert", "delta", "state", "ask", "run", "allow",
    "explain", "explained", "tool", "",
)  # fmt: skip
FIELDS = (
    "path", "open_files", "recent_files", "edited_files", "active_cell", "ask_id", "cell", "interval", "answers", "ask",
    "call", "allowed", "id", "language",
)  # fmt: skip
POLLUTED = (
    "__proto__",
    "constructor",
    "prototype",
    "__class__",
    "toString",
    "hasOwnProperty",
    "type",
    "data",
    "method",
)
SOURCES = ("files:", "variables:", "imports:", "git:", "tabs:", "cells:", "environment:", "error:", "x:", "")

_paths = st.sampled_from(
    ("../outside/canary.txt", "../../etc/passwd", "/etc/passwd", ".git/config", ".env", "~/.netrc", "link.txt", "a\0b",
     "file:///etc/passwd", "\\\\host\\share", "C:\\x", "a\nactive tab: b", "..", ".", "/", "", "é\u202e", "work/../../x")
)  # fmt: skip
_texts = st.one_of(_paths, st.text(max_size=20), st.text(string.printable, max_size=300), st.just("x" * 5000))
_numbers = st.one_of(st.integers(), st.floats(), st.sampled_from((2**53, -(2**64), 1e308, -0.0)))
_leaves = st.one_of(st.none(), st.booleans(), _numbers, _texts)
_names = st.one_of(st.sampled_from((*FIELDS, *POLLUTED)), st.text(max_size=8))
_values = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names, inner, max_size=4), max_leaves=12
)
_items = st.fixed_dictionaries(
    {"id": st.builds("".join, st.tuples(st.sampled_from(SOURCES), _paths)) | _values, "fingerprint": _values},
    optional={"level": _values, "facts": _values, "__proto__": _values},
)
_answers = st.lists(st.fixed_dictionaries({"id": _values, "items": st.lists(_items, max_size=4) | _values}), max_size=3)


def _deep(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {"answers": [value]}
    return value


def _of_kind(kind: Any) -> st.SearchStrategy[Any]:
    fields = {name: _answers | _values if name == "answers" else _values for name in FIELDS}
    return st.fixed_dictionaries({"type": st.just(kind)}, optional={**fields, "__proto__": _values, "code": _values})


messages = st.one_of(
    st.sampled_from(KINDS).flatmap(_of_kind),
    _values.flatmap(_of_kind),
    st.builds(lambda answers: {"type": "watch", "answers": answers}, _answers),
    st.builds(lambda files: {"type": "facts", "path": "work/a.ipynb", "open_files": files}, st.lists(_paths)),
    st.builds(lambda depth, kind: {**_deep(depth), "type": kind}, st.integers(10, 400), st.sampled_from(KINDS)),
    st.builds(
        lambda size, kind: {"type": kind, "pad": "x" * size}, st.integers(70_000, 200_000), st.sampled_from(KINDS)
    ),
    _values,
)


def fuzzed(count: int) -> list[Any]:
    """So many messages; the first ones of a larger count."""
    found: list[Any] = []

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(messages)
    def collect(message: Any) -> None:
        found.append(message)

    collect()
    return (found * (count // len(found) + 1))[:count]


def answered_with(message: Any) -> str | None:
    """The type of the one reply that a well-formed message gets; None: nothing may come back."""
    if not isinstance(message, dict) or _depth(message) > 15 or len(str(message)) > 66_000:
        return None
    kind = message.get("type")
    if kind in ("hello", "refresh"):
        return "state"
    if kind == "stop" and (message.get("ask_id") is None or isinstance(message["ask_id"], str)):
        return "stopping"
    if kind == "retry" and isinstance(message.get("cell"), str) and 0 < len(message["cell"]) <= 1000:
        return "retrying"
    return None


def _depth(value: Any, most: int = 16) -> int:
    """How deep it is, as far as that is wanted."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((_depth(one, most - 1) for one in inner), default=0) if most else 0
