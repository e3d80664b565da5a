"""What the words after `%ctx mute` and the like mean. Enters: names as people type them. Leaves: ids of items, or sources.

Known is what the kernel holds now, the sources, and what the last question considered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..differences import call
from ..errors import UsageError
from ..tools.box import SOURCE

if TYPE_CHECKING:
    from ..records import Item
    from .host import Host

_NEAR = 3
_ALIASES = {"err": "error:error", "env": "environment"}


def meant(host: Host, name: str) -> str:
    """The id of a thing, or the name of a source.

    Args:
        host: what askance keeps for the shell.
        name: "df", "@df", "utils.py", "lib/utils.py", "cell[3]", "git", "variables:df".

    Raises:
        UsageError: nothing is called so, or several things are; the line names those near it.
    """
    engine = host.session().engine
    name = name.removeprefix("@")
    if engine.knows(name):
        return name
    if name in _ALIASES:
        return _ALIASES[name]
    items = _items(host)
    if any(item.id == name for item in items) or _is_there(host, name):
        return name
    found = sorted(id_ for id_ in engine.named([name]) if id_ != "error:error")
    found = found or [item.id for item in items if name in _names_of(item) and item.source != "imports"]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{name} may be {', '.join(found[:_NEAR])}", "Type one of these.")
    near = get_close_matches(name, names(host), _NEAR)
    raise UsageError(f"Nothing is called {name!r}", f"Did you mean {' or '.join(near)}?" if near else "Type: %ctx")


def called(host: Host, ids: Iterable[str]) -> list[str]:
    """What people call these things, sorted."""
    titles = {item.id: item.title for item in _items(host) if item.title}
    titles |= {f"cells:{cell.id}": f"cell[{cell.number}]" for cell in host.state.cells()}
    return sorted(titles.get(id_) or id_.partition(":")[2] or id_ for id_ in ids)


def names(host: Host) -> Sequence[str]:
    """All that may be typed and is known without asking a source."""
    from ..prompt import ORDER

    cells = [f"cell[{cell.number}]" for cell in host.state.cells()]
    files = [item.name for item in _items(host) if item.source == "files"]
    return list(dict.fromkeys([*host.state.namespace(), *cells, *files, *ORDER]))


def is_called(host: Host, name: str) -> bool:
    """Whether something of the last question has that id or name."""
    return any(name in (item.id, *_names_of(item)) for item in _items(host))


def item_of(host: Host, id_: str) -> Item | None:
    """The line of the last question's ledger."""
    return next((item for item in _items(host) if item.id == id_), None)


def _items(host: Host) -> Sequence[Item]:
    latest = host.runner.latest
    return latest.ledger.items if latest is not None and latest.ledger is not None else ()


def _names_of(item: Item) -> tuple[str, ...]:
    """A call of a tool may be named as the ledger shows it, or by its tool alone."""
    if item.source == SOURCE:
        return (item.name, call(item.name), item.name.partition(" ")[0])
    return (item.title, item.name)


def _is_there(host: Host, id_: str) -> bool:
    source, colon, name = id_.partition(":")
    return bool(colon) and host.session().engine.fingerprint(source, name) is not None
