"""Takes databases away: damaged ones to a folder beside, for people to look at; all of them if the user says so.

Enters: the tier's folder, whose lock the caller holds. Leaves: room for a new database. Follows no link, and removes
nothing but what SQLite, diskcache or this module made.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from .folder import FILES

_HEX = re.compile(r"[0-9a-f]{2}")
_VALUE = re.compile(r"[0-9a-f]{28}\.val")


def set_aside(folder: Path, seconds: int) -> None:
    """Move the database beside the folder; of those that were moved, this one stays.

    Args:
        folder: holds the database.
        seconds: since the epoch, for the name.

    Raises:
        OSError: it cannot be moved.
    """
    earlier = list(_bad(folder))
    aside = _new_folder(folder, seconds)
    for name in FILES:
        with suppress(FileNotFoundError):
            (folder / name).rename(aside / name)
    for bad in earlier:
        shutil.rmtree(bad, ignore_errors=True)


def _new_folder(folder: Path, seconds: int) -> Path:
    for number in count(seconds):
        aside = folder.with_name(f"{folder.name}.bad-{number}")
        with suppress(FileExistsError):
            aside.mkdir(mode=0o700)
            return aside
    raise AssertionError  # numbers have no end


def remove_all(folder: Path) -> None:
    """Remove the database, and those that were set aside.

    Raises:
        OSError: it cannot be removed.
    """
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    for bad in _bad(folder):
        shutil.rmtree(bad, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what no database knows: value files of older versions, and all that was set aside but the newest."""
    for outer in _folders(folder):
        for inner in _folders(outer):
            for file in inner.iterdir():
                if _VALUE.fullmatch(file.name):
                    with suppress(OSError):
                        file.unlink()
            _remove_empty(inner)
        _remove_empty(outer)
    for bad in sorted(_bad(folder), key=_number)[:-1]:
        shutil.rmtree(bad, ignore_errors=True)


def _folders(folder: Path) -> Iterator[Path]:
    return (path for path in list(folder.iterdir()) if _HEX.fullmatch(path.name) and _is_folder(path))


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _bad(folder: Path) -> Iterator[Path]:
    name = re.compile(re.escape(folder.name) + r"\.bad-[0-9]+")
    return (path for path in list(folder.parent.iterdir()) if name.fullmatch(path.name) and _is_folder(path))


def _number(bad: Path) -> int:
    return int(bad.name.rpartition("-")[2])


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
