"""What a project says it needs. Enters: a folder. Leaves: names of packages, by the file that names them.

A file that is broken, huge or no file at all gives no names and is listed as such.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..index.files import read_bytes
from ..index.inside import folder_inside, stat_inside
from .base import everything

MOST_NAMES = 300
"""Names that one file may give."""

MOST_CHARACTERS = 100_000
"""A longer file of TOML is not read: Python's reader takes the square of the time for what is made to be slow."""

_MOST_FILES = 20
_FOLDERS = ("", "requirements")
_REQUIREMENT = re.compile(r"[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)[ \t]*(?:$|[\[<>=!~;@,(#^])")
_CONDA = re.compile(r"^[ \t]*-[ \t]*[\"']?(?:[\w.-]+::)?([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)

_Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Manifest:
    """One file: the Python packages it names, in their normal spelling, and those of npm; `broken` if it cannot be read."""

    path: str
    python: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()
    broken: bool = False


def normal(name: str) -> str:
    """The normal spelling of a Python package's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


class Manifests:
    """The manifests of one project; a file is read again when it has changed.

    Args:
        root: the project's folder, resolved; None if there is none.
        may_read: whether a file of it may be read.
    """

    def __init__(self, root: Path | None, may_read: Callable[[str], bool] = everything) -> None:
        self._root = root
        self._may_read = may_read
        self._known: dict[str, tuple[_Stamp, Manifest]] = {}

    def read(self) -> list[Manifest]:
        """Those that are there now, by name."""
        if self._root is None:
            return []
        root, known = self._root, self._known
        found = {}
        for path, stamp in _present(root):
            if not self._may_read(path):
                continue
            old = known.get(path)
            found[path] = old if old is not None and old[0] == stamp else (stamp, _manifest(root, path))
        self._known = found
        return [manifest for _, manifest in found.values()]


def _present(root: Path) -> Iterator[tuple[str, _Stamp]]:
    room = _MOST_FILES
    for folder in _FOLDERS:
        try:
            with folder_inside(root, folder) as handle, os.scandir(handle) as entries:
                named = sorted(entry.name for entry in entries if _reader(entry.name, folder))[:room]
        except OSError:
            continue
        room -= len(named)
        for path in (f"{folder}/{name}" if folder else name for name in named):
            state = stat_inside(root, path)
            if state is not None:
                yield path, (state.st_mtime_ns, state.st_size, state.st_ino)


def _manifest(root: Path, path: str) -> Manifest:
    folder, _, name = path.rpartition("/")
    read, found = _reader(name, folder), read_bytes(root, path)
    if found is None or read is None:
        return Manifest(path, broken=True)
    try:
        names = tuple(dict.fromkeys(read(found[0].decode("utf-8-sig", "replace"))))[:MOST_NAMES]
    except (ValueError, RecursionError, configparser.Error):
        return Manifest(path, broken=True)
    if name == "package.json":
        return Manifest(path, npm=names)
    return Manifest(path, python=tuple(dict.fromkeys(map(normal, names))))


def _reader(name: str, folder: str) -> Callable[[str], Iterable[str]] | None:
    if re.fullmatch(r"requirements.*\.(?:txt|in)" if not folder else r".*\.(?:txt|in)", name):
        return _requirements
    return None if folder else _READERS.get(name)


def _requirements(text: str) -> Iterator[str]:
    for line in text.splitlines():
        match = _REQUIREMENT.match(line)
        if match:
            yield match[1]


def _toml(text: str) -> dict[str, Any]:
    if len(text) > MOST_CHARACTERS:
        raise ValueError("too long")
    return tomllib.loads(text)


def _pyproject(text: str) -> Iterator[str]:
    data = _toml(text)
    project, poetry = _table(data, "project"), _table(data, "tool", "poetry")
    lists = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    lists += _table(data, "dependency-groups").values()
    for lines in lists:
        yield from _requirements("\n".join(line for line in _list(lines) if isinstance(line, str)))
    groups = [_table(group, "dependencies") for group in _table(poetry, "group").values() if isinstance(group, dict)]
    for table in (_table(poetry, "dependencies"), _table(poetry, "dev-dependencies"), *groups):
        yield from (name for name in table if name != "python")


def _pipfile(text: str) -> Iterator[str]:
    data = _toml(text)
    yield from [*_table(data, "packages"), *_table(data, "dev-packages")]


def _setup_cfg(text: str) -> Iterator[str]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(text)
    yield from _requirements(parser.get("options", "install_requires", fallback=""))
    if parser.has_section("options.extras_require"):
        for _, lines in parser.items("options.extras_require"):
            yield from _requirements(lines)


def _conda(text: str) -> Iterator[str]:
    yield from (name for name in _CONDA.findall(text.partition("dependencies:")[2]) if name not in ("pip", "python"))


def _package_json(text: str) -> Iterator[str]:
    data = json.loads(text)
    for kind in ("dependencies", "devDependencies", "peerDependencies"):
        yield from _table(data, kind)


def _table(data: Any, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


_READERS: Mapping[str, Callable[[str], Iterable[str]]] = {
    "pyproject.toml": _pyproject,
    "Pipfile": _pipfile,
    "setup.cfg": _setup_cfg,
    "environment.yml": _conda,
    "environment.yaml": _conda,
    "package.json": _package_json,
}
