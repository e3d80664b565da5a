"""`%askcache export` and `import`: answers as a file that travels with a notebook.

Enters: what the notebook was given, a path. Leaves: a pack beside the notebook; or the answers of one in the cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ConfigError, UsageError

if TYPE_CHECKING:
    from .host import Host


def export(host: Host, arguments: Sequence[str]) -> str:
    """Write the answers this notebook was given; a file that holds anything else stays as it is, unless it is forced.

    Raises:
        UsageError: there are none, or the file cannot be written.
    """
    names = [argument for argument in arguments if argument != "--force"]
    if len(names) > 1 or any(name.startswith("--") for name in names):
        raise UsageError("%askcache export takes [FILE] [--force]", "%askcache? tells more.")
    recall = host.session().recall
    count = len(recall.given.all())
    if not count:
        raise UsageError("This notebook was given no answers yet", "Run its questions, then export.")
    path = _path(host, names[0] if names else host.settings().recording)
    if path.exists() and len(names) == len(arguments):
        _check_pack(path)
    from ..paths import replace_file

    try:
        replace_file(path.resolve(), recall.pack().encode())
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}", "Type another name.") from None
    lacking = recall.given.lacking
    left = f" Not in it: {_counted(lacking, 'question')} without a whole answer (stopped, failed, or still asked)."
    return f"{_counted(count, 'answer')} written to {path}.{left if lacking else ''}"


def import_(host: Host, arguments: Sequence[str]) -> str:
    """Take the answers of a pack into the cache.

    Raises:
        AskanceError: it is none, or cannot be kept.
    """
    packs = host.session().recall.packs
    if packs is None or not host.settings().cache:
        raise UsageError("No answers are kept", "Type: %askcache on")
    path = _path(host, arguments[0])
    return f"{_counted(packs.add(path), 'answer')} taken from {path}."


def _check_pack(path: Path) -> None:
    from ..cache.packs.reading import load

    try:
        load(path)
    except ConfigError as error:
        words = f"{path.name} is there already, and is no pack that could be replaced"
        raise UsageError(words, f"({error.message}.) Type another name, or --force.") from None


def _path(host: Host, name: str) -> Path:
    return host.beside / Path(name).expanduser()


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
