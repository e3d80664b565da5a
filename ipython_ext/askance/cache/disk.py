"""The second tier: a folder on disk, shared by all kernels of one user. The only door to diskcache.

Enters and leaves: JSON text by key. diskcache can unpickle whatever a row says is a pickle (CVE-2025-69872), its
`JSONDisk` too, and follows any file name a row holds; so rows go through a `Disk` of our own that knows text only.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .kept import Kept

if TYPE_CHECKING:
    import diskcache

SIZE_LIMIT = 256 * 2**20
"""Bytes on disk before the oldest answers go."""

TIMEOUT = 0.05
"""Seconds to wait for another kernel's lock: a cache that is busy is a miss, never a delay."""

_RAW, _TEXT = 1, 3
"""diskcache's own row modes (diskcache/core.py): text held in the row, and text in a file of its own."""


class DiskTier:
    """Keeps answers in a folder; any fault turns the tier off and is told in `problem`."""

    name = "disk"

    def __init__(self, folder: Path) -> None:
        """
        Args:
            folder: made on first use, readable by its owner alone.
        """
        self._folder = folder
        self._lock = threading.Lock()
        self._cache: diskcache.Cache | None = None
        self.problem = ""

    def _open(self) -> diskcache.Cache | None:
        with self._lock:
            if self._cache is None and not self.problem:
                try:
                    _make_private(self._folder)
                    self._cache = _open_cache(self._folder)
                except Exception as error:  # noqa: BLE001  whatever a damaged folder raises
                    self._fail(error)
            return self._cache

    def _fail(self, error: Exception) -> None:
        self.problem = f"disk cache off: {error or type(error).__name__}"
        self._cache = None

    def _try(self, work: Callable[[diskcache.Cache], object]) -> object:
        """Do `work`; whatever a damaged row, a full disk or a lost folder raises costs the tier, not the ask."""
        cache = self._open()
        if cache is None:
            return None
        try:
            return work(cache)
        except Exception as error:  # noqa: BLE001
            self._fail(error)
            return None

    def get(self, key: str) -> Kept | None:
        """What is kept under the key; a row that is not ours counts as None."""
        text = self._try(lambda cache: cache.get(key))
        return Kept(text) if type(text) is str else None

    def set(self, key: str, kept: Kept, ttl: float) -> None:
        """Keep it for `ttl` seconds."""
        self._try(lambda cache: cache.set(key, kept.text, expire=None if ttl == float("inf") else ttl))

    def delete(self, key: str) -> None:
        """Forget one value."""
        self._try(lambda cache: cache.delete(key))

    def clear(self) -> None:
        """Forget all."""
        self._try(lambda cache: cache.clear())

    def stats(self) -> dict[str, int]:
        """{"entries", "bytes"} on disk now."""
        cache = self._open()
        return {"entries": len(cache), "bytes": cache.volume()} if cache is not None else {"entries": 0, "bytes": 0}

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            if self._cache is not None:
                self._cache.close()
                self._cache = None


def _make_private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise OSError(f"{folder.name} is not a folder")
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        raise OSError(f"{folder.name} belongs to somebody else")
    folder.chmod(0o700)


def _open_cache(folder: Path) -> diskcache.Cache:
    import diskcache

    class TextDisk(diskcache.Disk):  # type: ignore[misc]
        """Refuses every row that is not plain text in its own folder."""

        def put(self, key: str) -> tuple[str, bool]:
            return key, True

        def get(self, key: Any, raw: bool) -> str:  # noqa: FBT001  the signature is diskcache's
            if not raw or type(key) is not str:
                raise ValueError("a row's key is not text")
            return key

        def store(self, value: str, read: bool, key: Any = diskcache.UNKNOWN) -> Any:  # noqa: FBT001
            if type(value) is not str or read:
                raise TypeError("only text is kept")
            return super().store(value, read, key=key)

        def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> str:  # noqa: FBT001
            if mode == _RAW and type(value) is str:
                return value
            if mode != _TEXT or filename is None or read:
                raise ValueError("a row is not text")
            return self._inside(filename).read_text("utf-8")

        def remove(self, file_path: str) -> None:
            self._inside(file_path)
            super().remove(file_path)

        def _inside(self, filename: str) -> Path:
            path = Path(self._directory, filename)
            if Path(filename).is_absolute() or ".." in Path(filename).parts or path.is_symlink():
                raise ValueError("a row's file lies outside the cache")
            return path

    return diskcache.Cache(
        str(folder), disk=TextDisk, timeout=TIMEOUT, size_limit=SIZE_LIMIT, eviction_policy="least-recently-stored"
    )
