"""Where askance keeps files of its own, outside the user's project.

Enters: the environment variables. Leaves: folders, made when first written to.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def cache_dir(environ: Mapping[str, str]) -> Path:
    """The folder for answers, indexes and models that can all be made again.

    Args:
        environ: the environment variables; `ASKANCE_CACHE_DIR` overrides the platform's place for caches.
    """
    if named := environ.get("ASKANCE_CACHE_DIR"):
        return Path(named).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("askance", appauthor=False)


def make_private(folder: Path) -> Path:
    """Make `folder` if it is missing, readable by its owner alone, and return it.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def replace_file(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Put `data` in place of a file, whole or not at all; a link in its place is replaced, not followed.

    Args:
        path: the file.
        data: all that it is to hold.
        mode: its permissions, less what the umask takes.

    Raises:
        OSError: it cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.touch(mode)
        unfinished.write_bytes(data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
