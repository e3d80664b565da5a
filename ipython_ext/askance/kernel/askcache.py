"""`%askcache`: what is kept of the answers, what that was good for, and how they travel.

Enters: a verb with its arguments. Leaves: lines for the user; changes of the tiers, of a file, of a setting.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from ..errors import UsageError
from .askcache_files import export, import_
from .askcache_stats import age, aligned, line, stats, why

if TYPE_CHECKING:
    from ..cache.entry import Entry
    from ..cache.given import Recorded
    from ..cache.tiers import Cache
    from .host import Host

T = TypeVar("T")

HELP = """The kept answers of your questions, and why one was not found.

    %askcache                 hits, sizes, what was saved; what does not work
    %askcache why             why the last questions were not answered from the cache
    %askcache list            the answers that this notebook was given, numbered
    %askcache show N          one of them whole, and others that are kept for the same question; N.K shows one of those
    %askcache use N.K         give that one from now on
    %askcache clear [WHAT]    forget: memory, disk, packs (all three unless one is named), redis (the team's), all
    %askcache export [FILE]   write the answers this notebook was given to a file beside it (answers.askance), so that
                              it can be run without a model: ASKANCE_MODE=replay; --force writes over any file
    %askcache import FILE     take the answers of such a file into the cache
    %askcache off, on         ask the model every time, and keep nothing; keep answers again
"""

OWN = ("memory", "disk", "packs")
"""What is forgotten unless something is named: nobody else's."""


def act(host: Host, text: str) -> str:
    """Do what the line says.

    Args:
        host: what askance keeps for the shell.
        text: what follows `%askcache`.

    Returns:
        What to tell the user.

    Raises:
        AskanceError: it cannot be done, one line.
    """
    name, *arguments = _words(text) or ["stats"]
    command = COMMANDS.get(name)
    if command is None:
        near = get_close_matches(name, COMMANDS, n=1)
        known = f"Did you mean %askcache {near[0]}?" if near else f"Type: %askcache {', '.join(COMMANDS)}."
        raise UsageError(f"%askcache does not know {name!r}", known)
    if not command.least <= len(arguments) <= command.most:
        raise UsageError(f"%askcache {name} takes {command.takes}", "%askcache? tells more.")
    return command.run(host, arguments)


def _list(host: Host, _arguments: Sequence[str]) -> str:
    given = host.session().recall.given.all()
    if not given:
        return "This notebook was given no answers yet."
    rows = [("", "question", "model", "age", "tokens")]
    for number, one in enumerate(given, 1):
        entry = one.entry
        rows.append((str(number), line(entry.question), entry.model, age(entry), f"{entry.usage.output:,}"))
    return aligned(rows, "><<>>")


def _show(host: Host, arguments: Sequence[str]) -> str:
    one, other = _meant(host, arguments[0])
    if other is not None:
        return _whole(other)
    others = _others(host, one)
    number = arguments[0]
    more = [f"  {number}.{place}  {age(entry)} old  {line(entry.text)}" for place, entry in enumerate(others, 1)]
    head = ["", "Also kept for this question (%askcache use N.K gives it from now on):"] if more else []
    return "\n".join([_whole(one.entry), *head, *more])


def _use(host: Host, arguments: Sequence[str]) -> str:
    one, other = _meant(host, arguments[0])
    if other is None:
        raise UsageError(f"{arguments[0]} is the one that is given now", f"Type: %askcache show {arguments[0]}")
    host.session().recall.prefer(one, other)
    return "That answer is given from now on, as if it were new."


def _whole(entry: Entry) -> str:
    return f"{entry.question.strip()}\n\n{entry.text.rstrip()}\n\n{entry.model}, {age(entry)} old"


def _meant(host: Host, text: str) -> tuple[Recorded, Entry | None]:
    """The answer with that number; with N.K, another one that is kept for its question."""
    number, point, place = text.partition(".")
    given = host.session().recall.given.all()
    one = _at(given, number)
    other = _at(_others(host, one), place) if one is not None and point else None
    if one is None or (point and other is None):
        raise UsageError(f"There is no answer {text!r}", "Type: %askcache list")
    return one, other


def _at(things: Sequence[T], number: str) -> T | None:
    place = int(number[:9]) if number.isascii() and number.isdigit() else 0
    return things[place - 1] if 0 < place <= len(things) else None


def _others(host: Host, one: Recorded) -> Sequence[Entry]:
    from ..cache.tier import siblings

    kept = siblings((tier for tier, _ in _cache(host).shelves), one.key) if one.key else ()
    return [entry for entry in kept if entry.text != one.entry.text]


def _clear(host: Host, arguments: Sequence[str]) -> str:
    cache = _cache(host)
    known = [tier.name for tier, _ in cache.shelves] + ["packs"]
    what = set(known if "all" in arguments else arguments or OWN)
    if strange := sorted(what - set(known)):
        raise UsageError(f"There is no {strange[0]!r} to clear", f"Known: {', '.join(known)}, all.")
    cache.clear(what)
    kept = [name for name in known if name not in what]
    left = f" Not touched: {', '.join(kept)}." if kept else ""
    return f"Forgotten: {', '.join(name for name in known if name in what)}.{left}"


def _off(host: Host, _arguments: Sequence[str]) -> str:
    host.config.cache = False
    return (
        "Off: every question goes to the model, and no answer is kept; conversations last as long as this kernel. "
        "%askcache on keeps them again."
    )


def _on(host: Host, _arguments: Sequence[str]) -> str:
    host.config.cache = True
    return "On: answers and conversations are kept."


def _cache(host: Host) -> Cache:
    cache = host.session().recall.cache
    if cache is None:
        raise UsageError("No answers are kept", "Type: %askcache on")
    return cache


class _Command:
    """One of `COMMANDS`, and what it takes."""

    def __init__(self, run: Callable[[Host, Sequence[str]], str], takes: str = "") -> None:
        self.run, self.takes = run, takes or "nothing"
        self.most = len(takes.split())
        self.least = self.most - takes.count("[")  # what stands in brackets may be left out


COMMANDS = {
    "stats": _Command(stats),
    "why": _Command(why),
    "list": _Command(_list),
    "show": _Command(_show, "N"),
    "use": _Command(_use, "N.K"),
    "clear": _Command(_clear, "[memory] [disk] [packs] [redis] [all]"),
    "export": _Command(export, "[FILE] [--force]"),
    "import": _Command(import_, "FILE"),
    "off": _Command(_off),
    "on": _Command(_on),
}
"""What follows `%askcache`."""


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        raise UsageError("A quote is not closed", "Type: %askcache?") from None
