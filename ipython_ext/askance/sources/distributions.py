"""Which installed packages bring a module. Enters: the import path. Leaves: their names and versions.

Names of files tell it for most; only where they do not is anything read, and that once: a package's version is part of
its folder's name, so what was read stays true.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from .manifests import normal

_METADATA = re.compile(r"(.+?)-(\d[^-]*?)(?:-py[\d.]+)?\.(?:dist-info|egg-info)")
_RECORDED = re.compile(rb"^([^/,\"\n\r]+)([/,])", re.MULTILINE)
_MODULE_FILE = re.compile(r"([^.]+)\.(?:py|pyd|(?:[\w-]+\.)*(?:so|pyd))")
_MOST_BYTES = 8_000_000

_KNOWN: Mapping[str, tuple[str, ...]] = {
    "Crypto": ("pycryptodome",),
    "IPython": ("ipython",),
    "PIL": ("pillow",),
    "attr": ("attrs",),
    "bs4": ("beautifulsoup4",),
    "cv2": ("opencv-python", "opencv-python-headless", "opencv-contrib-python"),
    "dateutil": ("python-dateutil",),
    "dotenv": ("python-dotenv",),
    "git": ("gitpython",),
    "skimage": ("scikit-image",),
    "sklearn": ("scikit-learn",),
    "yaml": ("pyyaml",),
    "zmq": ("pyzmq",),
}
"""Modules that are better known than their packages: nothing need be read for these."""


class Installed(NamedTuple):
    """An installed package, under the name it is installed by."""

    name: str
    version: str


class Distributions:
    """The packages of an import path. A folder is listed again when something was installed into it.

    Args:
        path: folders in order (`sys.path`); entries that are none are passed over.
    """

    def __init__(self, path: Sequence[str]) -> None:
        self._path = path
        self._folders: dict[str, tuple[int, _Folder]] = {}

    def now(self) -> Installation:
        """What is installed at this moment."""
        return Installation([folder for place in list(self._path) if (folder := self._folder(place)) is not None])

    def _folder(self, place: object) -> _Folder | None:
        if type(place) is not str or not place:
            return None
        try:
            changed = Path(place).stat().st_mtime_ns
            known = self._folders.get(place)
            if known is None or known[0] != changed:
                read = known[1].read if known is not None else {}
                known = self._folders[place] = (changed, _Folder(place, os.listdir(place), read))  # noqa: PTH208
        except (OSError, ValueError):
            return None
        return known[1]


class Installation:
    """What is installed at one moment."""

    def __init__(self, folders: Sequence[_Folder]) -> None:
        self._folders = folders

    def bringing(self, module: str) -> tuple[Installed, ...]:
        """The packages that bring a top-level module: none, one, or several that share a namespace."""
        return next((found for folder in self._folders if (found := folder.bringing(module))), ())

    def named(self, name: str) -> Installed | None:
        """The package of this name, in its normal spelling (see `manifests.normal`)."""
        return next((folder.installed[name] for folder in self._folders if name in folder.installed), None)


class _Folder:
    """One folder's packages and modules."""

    def __init__(self, place: str, entries: Sequence[str], read: dict[str, tuple[str, ...]]) -> None:
        self.installed: dict[str, Installed] = {}
        self.read = read
        self._place = Path(place)
        self._metadata: dict[str, Installed] = {}
        self._modules: set[str] = set()
        self._owners: dict[str, list[Installed]] | None = None
        for entry in entries:
            match = _METADATA.fullmatch(entry)
            if match:
                found = Installed(match[1].replace("_", "-"), match[2])
                self._metadata[entry] = self.installed[normal(match[1])] = found
            else:
                self._modules.add(_stem(entry))

    def bringing(self, module: str) -> tuple[Installed, ...]:
        for name in (normal(module), *_KNOWN.get(module, ())):
            if name in self.installed:
                return (self.installed[name],)
        if module not in self._modules or not self._metadata:
            return ()
        if self._owners is None:
            owners: dict[str, list[Installed]] = {}
            for entry, found in self._metadata.items():
                for top in self._tops(entry):
                    owners.setdefault(top, []).append(found)
            self._owners = owners
        return tuple(self._owners.get(module, ()))

    def _tops(self, entry: str) -> tuple[str, ...]:
        if entry not in self.read:
            declared = _bytes(self._place / entry / "top_level.txt").decode("utf-8", "replace").split()
            self.read[entry] = tuple(declared) or _recorded(_bytes(self._place / entry / "RECORD"))
        return self.read[entry]


def _recorded(record: bytes) -> tuple[str, ...]:
    names = dict.fromkeys(_RECORDED.findall(record))
    tops = [
        first.decode("utf-8", "replace") if mark == b"/" else _stem(first.decode("utf-8", "replace"))
        for first, mark in names
    ]
    return tuple(dict.fromkeys(top for top in tops if top.isidentifier()))


def _stem(name: str) -> str:
    match = _MODULE_FILE.fullmatch(name)
    return match[1] if match else name


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST_BYTES)
    except OSError:
        return b""
