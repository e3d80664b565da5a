"""May a file be told of that code calls so? Enters: names of files as code objects, cells and shells spell them.
Leaves: yes or no; `access.py` has the say.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .access import Access
from .ignore import is_secret, is_secret_folder


def may_show(access: Access, filename: str) -> bool:
    """Whether the lines of a file of code may be shown: one outside the project may, unless its name says no.

    Args:
        access: says which files of the project may be told of.
        filename: as a code object has it; one that never was a file may be shown.
    """
    if os.path.isabs(filename):  # noqa: PTH117  asked for every step of a traceback
        return _may_show(access, filename)
    # Python looks for its lines in the current folder, and then along its path.
    folders = (Path.cwd(), access.root or Path.cwd(), *(Path(folder) for folder in sys.path if os.path.isabs(folder)))  # noqa: PTH117
    files = dict.fromkeys(str(folder / filename) for folder in folders) if "\0" not in filename else ()
    return not is_secret(filename) and all(_may_show(access, file) for file in files if os.path.isfile(file))  # noqa: PTH113


def may_name(access: Access, name: str) -> bool:
    """Whether a file may be told of that a cell or a shell calls so, from the current folder or from the root.

    Args:
        access: says which files of the project may be told of.
        name: a path of any kind; one outside the project may be told of, unless its name says no.
    """
    path = name.removeprefix("~/")
    if access.root is None or "\0" in path or path != name:
        return not is_secret(path.rpartition("/")[2])
    files = {os.path.normpath(folder / path) for folder in (access.root, Path.cwd())}
    reals = {os.path.realpath(file) for file in files}
    return all(_is_allowed(access, file) for file in files | reals)


def _may_show(access: Access, filename: str) -> bool:
    normal, real = os.path.normpath(filename), os.path.realpath(filename)
    inside = _inside(access, normal)
    if inside and not _is_installed(inside) and not _inside(access, real):
        return False  # a link out of the project is no file of it, as for a scan
    return all(_is_installed(file) or _is_readable(access, file) for file in {normal, real})


def _is_readable(access: Access, file: str) -> bool:
    inside = _inside(access, file)
    return access.may_read(inside) if inside else _is_allowed(access, file)


def _is_allowed(access: Access, file: str) -> bool:
    inside = _inside(access, file)
    if inside:
        return access.allows(inside)
    *folders, name = file.split("/")
    return not access.forbids(file) and not is_secret(name) and not any(map(is_secret_folder, folders))


def _inside(access: Access, file: str) -> str:
    """The path of a file relative to the root, "" for one that is elsewhere."""
    root = f"{access.root}/"
    return file[len(root) :] if access.root is not None and file.startswith(root) else ""


def _is_installed(file: str) -> bool:
    """Whether a file is an installed package's, which everyone can read."""
    return "/site-packages/" in f"/{file}" or "/dist-packages/" in f"/{file}"
