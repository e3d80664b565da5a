"""What has become of one thing, in plain words: "df +2 columns", "utils.py edited", "branch main -> dev", "model gone".

Enters: its id, its facts then, its facts now. Leaves: words. That it has changed is known already: where the facts do not
say what, it is simply "changed".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

Facts = Mapping[str, int | str]
"""A few small numbers and words about a thing, as its source tells them."""

_NAME_ROOM = 40


def words(id_: str, then: Facts, now: Facts | None) -> str:
    """What differs.

    Args:
        id_: source and name, as in a ledger.
        then: the facts as they were.
        now: the present facts; None if the thing is gone.
    """
    source, _, name = id_.partition(":")
    name = name if source == "tools" else _short(name)
    return " ".join(_SAYERS.get(source, _thing)(name, then, now).split())


def _thing(name: str, then: Facts, now: Facts | None) -> str:
    del then
    return f"{name} gone" if now is None else f"{name} changed"


def _variable(name: str, then: Facts, now: Facts | None) -> str:
    if now is None or not then or not now:
        return _thing(name, then, now)
    if _differs(then, now, "type"):
        return f"{name} {_last(then.get('type'))} -> {_last(now.get('type'))}"
    return f"{name} {' and '.join(_sizes(then, now)) or 'changed'}"


def _sizes(then: Facts, now: Facts) -> Iterator[str]:
    """What differs in size and kind."""
    columns, rows = (_both(then, now, fact) for fact in ("columns", "rows"))
    if columns:
        more = columns[1] - columns[0]
        yield f"{more:+,} column{'' if abs(more) == 1 else 's'}"
    elif _differs(then, now, "schema"):
        yield "columns changed"
    if rows:
        yield f"{rows[0]:,} -> {rows[1]:,} rows"
    if length := _both(then, now, "length"):
        yield f"length {length[0]:,} -> {length[1]:,}"
    for fact in ("shape", "dtype"):
        if _differs(then, now, fact):
            yield f"{fact} {_short(then[fact])} -> {_short(now[fact])}"


def _differs(then: Facts, now: Facts, fact: str) -> bool:
    return fact in then and fact in now and then[fact] != now[fact]


def _both(then: Facts, now: Facts, fact: str) -> tuple[int, int] | None:
    """A number then and now, if it differs."""
    before, after = then.get(fact), now.get(fact)
    return (before, after) if isinstance(before, int) and isinstance(after, int) and before != after else None


def _file(name: str, then: Facts, now: Facts | None) -> str:
    del then
    return f"{name} gone" if now is None else f"{name} edited"


def _cell(name: str, then: Facts, now: Facts | None) -> str:
    name = f"cell[{_short(then['number'])}]" if "number" in then else f"cell {name[:8]}"
    if now is None:
        return f"{name} gone"
    failed = _both(then, now, "failed")
    return f"{name} {'edited' if failed is None else 'fails now' if failed[1] else 'no longer fails'}"


def _error(name: str, then: Facts, now: Facts | None) -> str:
    was = _last(then.get("type", name))
    if now is None:
        return f"{was} gone"
    return f"{was} {'changed' if then.get('type') == now.get('type') else '-> ' + _last(now.get('type'))}"


def _git(name: str, then: Facts, now: Facts | None) -> str:
    if name == "changes":
        files = _both(then, now or {}, "files")
        if now is None:
            return "uncommitted files gone"
        return f"uncommitted files {files[0]:,} -> {files[1]:,}" if files else "uncommitted files changed"
    if now is None or not then or not now:
        return _thing(f"git {name}", then, now)
    before, after = (_short(facts.get("branch") or "no branch") for facts in (then, now))
    if before != after:
        return f"branch {before} -> {after}"
    if then.get("head") == now.get("head"):
        return f"git {name} changed"
    since = str(now.get("commits", "")).split()
    count = since.index(str(then.get("head"))) if then.get("head") in since else 0
    where = "HEAD" if after == "no branch" else after
    new = f": {count} new commit{'' if count == 1 else 's'}"
    return f"{where}{new if count else ' moved to ' + _short(now.get('head'))}"


def _packages(name: str, then: Facts, now: Facts | None) -> str:
    if now is None:
        return f"packages gone: {name}"
    other = [one for one in then if one in now and then[one] != now[one]]
    said = [f"{_short(one)} {_short(then[one])} -> {_short(now[one])}" for one in other[:2]]
    return ", ".join(said) or f"{'declared' if name == 'declared' else 'imported'} packages changed"


def _imports(name: str, then: Facts, now: Facts | None) -> str:
    return _thing(f"imports of {name}", then, now)


def _environment(name: str, then: Facts, now: Facts | None) -> str:
    before, after = (str(facts.get("python", "")).partition(" ")[0] for facts in (then, now or {}))
    return f"Python {before} -> {after}" if before and after and before != after else _thing(name, then, now)


def _tool(name: str, then: Facts, now: Facts | None) -> str:
    """Of a call it is only known that it would give something else now."""
    del then
    return f"what {call(name)} gave {'cannot be told any more' if now is None else 'has changed'}"


def call(name: str) -> str:
    """A call as people write it, short, by its name in a ledger: 'read_file {"path":"utils.py"}' is read_file(utils.py)."""
    tool, _, rest = name.partition(" ")
    try:
        arguments = json.loads(rest or "{}")
    except (ValueError, RecursionError):
        arguments = None
    values = arguments.values() if isinstance(arguments, dict) else [rest]
    said = ", ".join(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values)
    return f"{_short(tool)}({_begun(said)})"


def _begun(text: str) -> str:
    """On one line, and no longer than one reads: of words the beginning, of a path alone the end."""
    said = "".join(filter(str.isprintable, " ".join(text.split())))
    return _short(said) if " " not in said else said if len(said) <= _NAME_ROOM else f"{said[: _NAME_ROOM - 1]}…"


def _tabs(name: str, then: Facts, now: Facts | None) -> str:
    return "open " + _thing(name, then, now)


_SAYERS: Mapping[str, Callable[[str, Facts, Facts | None], str]] = {
    "variables": _variable,
    "files": _file,
    "cells": _cell,
    "error": _error,
    "git": _git,
    "packages": _packages,
    "imports": _imports,
    "environment": _environment,
    "tabs": _tabs,
    "tools": _tool,
}


def _last(type_name: object) -> str:
    """The class without its module."""
    return _short(type_name).rpartition(".")[2]


def _short(text: object) -> str:
    """On one line, and no longer than one reads: of a path the end."""
    said = "".join(filter(str.isprintable, str(text)))
    return said if len(said) <= _NAME_ROOM else f"…{said[1 - _NAME_ROOM :]}"
