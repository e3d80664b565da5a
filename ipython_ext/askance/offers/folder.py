"""Where kernels say that they offer: a small file for each, for the eyes of this user alone.

Enters: a folder, offers. Leaves: files, and the offers that lie there.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import stat
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..errors import ConfigError
from ..paths import make_private, replace_file
from ..regular import read_regular

MOST_BYTES = 4096
"""A longer file is no offer."""

LIVE_SECONDS = 0.5
"""Time that a socket has to take a call."""

_NAME = "kernel-{}.json"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """How one kernel is reached.

    Attributes:
        kernel: names it among the others.
        since: when it began to offer, in seconds since the epoch.
        address: the path of a Unix socket, or a port of this machine.
        token: what whoever calls has to show.
        countersign: what the kernel shows in return, so that nobody else is told anything.
    """

    kernel: str
    since: float
    address: str | int
    token: str = field(repr=False)
    countersign: str = field(repr=False)


def folder_of_offers(environ: Mapping[str, str]) -> Path:
    """The folder on this machine, for as long as it runs.

    Args:
        environ: the environment variables; `ASKANCE_RUNTIME_DIR` overrides the platform's place for such files.

    Raises:
        ConfigError: the platform's place belongs to someone else.
    """
    if named := environ.get("ASKANCE_RUNTIME_DIR"):
        return Path(named).expanduser().absolute()
    from platformdirs import user_runtime_path

    try:
        with warnings.catch_warnings():  # that XDG_RUNTIME_DIR is not set is nothing to print into a notebook
            warnings.simplefilter("ignore")
            return user_runtime_path("askance", appauthor=False)
    except OSError as error:
        raise _not_ours(str(error)) from None


def own(folder: Path) -> Path:
    """The folder, made if it is missing, for its owner alone.

    Raises:
        ConfigError: it cannot be made, it is a link, or it belongs to someone else.
    """
    try:
        make_private(folder.parent)
        make_private(folder)
        state, around = folder.lstat(), folder.parent.stat()
        mine = os.getuid() if hasattr(os, "getuid") else state.st_uid
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != mine:
            raise _not_ours(f"{folder} is a link, or someone else's")
        if around.st_uid not in (mine, 0):  # they could put another in its place
            raise _not_ours(f"{folder.parent} is someone else's")
        if os.name == "posix" and state.st_mode & 0o077:
            raise _not_ours(f"others may look into {folder}")
    except OSError as error:
        raise _not_ours(f"{folder}: {error.strerror or error}") from None
    return folder


def _not_ours(why: str) -> ConfigError:
    return ConfigError(
        f"There is no safe place to offer context from ({why})", "Set ASKANCE_RUNTIME_DIR to a folder of your own."
    )


def write(folder: Path, offer: Offer) -> None:
    """Say that a kernel offers.

    Raises:
        OSError: the file cannot be written.
    """
    replace_file(folder / _NAME.format(offer.kernel), json.dumps(asdict(offer)).encode(), 0o600)


def withdraw(folder: Path, offer: Offer) -> None:
    """Take away what says so, and its socket."""
    for path in (folder / _NAME.format(offer.kernel), socket_of(folder, offer.kernel)):
        with suppress(OSError):
            path.unlink()


def socket_of(folder: Path, kernel: str) -> Path:
    """Where a kernel's Unix socket lies."""
    return folder / f"{kernel}.sock"


def offers(folder: Path) -> list[Offer]:
    """All that lie there, oldest first, those of kernels that ended without a word included.

    Raises:
        ConfigError: the folder is a link, or belongs to someone else.
    """
    if not folder.is_dir():
        return []
    found = (_read(path) for path in own(folder).glob(_NAME.format("*")))
    return sorted((offer for offer in found if offer is not None), key=lambda offer: offer.since)


def sweep(folder: Path) -> None:
    """Take away what kernels left that ended without a word, and whose sockets refuse to be called."""
    for offer in offers(folder):
        if _is_dead(offer.address):
            withdraw(folder, offer)


def _is_dead(address: str | int) -> bool:
    is_path = isinstance(address, str)
    with socket.socket(socket.AF_UNIX if is_path else socket.AF_INET) as sock:
        sock.settimeout(LIVE_SECONDS)
        with suppress(OSError):
            refused = sock.connect_ex(address if isinstance(address, str) else ("127.0.0.1", address))
            return refused in (errno.ENOENT, errno.ECONNREFUSED)
    return False


def _read(path: Path) -> Offer | None:
    data = read_regular(path, MOST_BYTES, links=False)
    try:
        offer = Offer(**json.loads(data or b""))
    except (ValueError, TypeError, RecursionError):
        return None
    texts = (offer.kernel, offer.token, offer.countersign)
    fits = all(isinstance(text, str) for text in texts) and isinstance(offer.since, (int, float))
    is_named = fits and path.name == _NAME.format(offer.kernel)
    return offer if is_named and type(offer.address) in (str, int) else None
