"""Where askance keeps files of its own, outside the user's project.

Enters: the environment variables. Leaves: folders, made when first written to.
"""

from __future__ import annotations

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
