"""Answers that came with notebooks: packs that were imported, and the recording beside the notebook.

Enters: files. Leaves: entries by their questions' portable names. A file that is damaged is left alone, and told.
"""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ...errors import AskanceError, ConfigError
from ...paths import replace_file
from ..disk.folder import private
from ..entry import Entry
from .reading import load

SUFFIX = ".askance"


class _Pack(NamedTuple):
    """A file as it was read: what told it from another state of it, its answers, or what is wrong with it."""

    stamp: tuple[int, ...]
    entries: Mapping[str, Sequence[Entry]]
    problem: str = ""


class Packs:
    """Reads each file when it is first needed, and again when it has changed. Thread-safe."""

    def __init__(self, folder: Path, recording: Path | None = None) -> None:
        """
        Args:
            folder: where imported packs are kept; made when one is.
            recording: the notebook's own pack, which only those look into who ask for recorded answers.
        """
        self._folder = folder
        self._recording = recording
        self._lock = threading.Lock()
        self._read: dict[Path, _Pack] = {}

    def find(self, portable: str, *, recorded: bool = False) -> Sequence[Entry]:
        """The answers to a question, the newest first. May block.

        Args:
            portable: the question's name.
            recorded: whether to look into the notebook's recording too.
        """
        recording = [self._recording] if recorded and self._recording is not None else []
        with self._lock:
            packs = [self._present(path) for path in (*recording, *self._imported())]
        found = [entry for pack in packs for entry in pack.entries.get(portable, ())]
        return sorted(found, key=lambda entry: -entry.created)

    def lacking(self, why: str) -> str:
        """Why there is no recorded answer.

        Args:
            why: what is known of that; "" if there is none at all.
        """
        path = self._recording
        if path is None:
            return why or "nothing was recorded"
        with self._lock:
            problem = self._present(path).problem
        return "; ".join(filter(None, (why, problem))) or f"{path.name} does not have this question"

    @property
    def problem(self) -> str:
        """Imported packs that cannot be read, in one line."""
        with self._lock:
            said = [self._present(path).problem for path in self._imported()]
        return "; ".join(filter(None, said))

    def add(self, path: Path) -> int:
        """Import a pack, and say how many answers it holds.

        Raises:
            ConfigError: it cannot be read, or is none, or cannot be kept.
        """
        data, answers = load(path)
        try:
            private(self._folder)
            replace_file(self._folder / f"{_digest(data)}{SUFFIX}", data, 0o600)
        except OSError as error:
            raise ConfigError(f"{path.name} cannot be kept: {error.strerror or error}", "") from None
        return len(answers)

    def clear(self) -> None:
        """Forget what was imported."""
        with self._lock:
            for path in self._imported():
                self._read.pop(path, None)
                with suppress(OSError):
                    path.unlink()

    def stats(self) -> dict[str, int]:
        """{"entries", "bytes"} of what was imported."""
        with self._lock:
            paths = self._imported()
            packs = [self._present(path) for path in paths]
        entries = sum(len(answers) for pack in packs for answers in pack.entries.values())
        return {"entries": entries, "bytes": sum(pack.stamp[1] for pack in packs if pack.stamp)}

    def _imported(self) -> list[Path]:
        if not self._folder.exists():
            return []
        try:
            private(self._folder)
            return sorted(path for path in self._folder.iterdir() if path.suffix == SUFFIX and not path.is_symlink())
        except OSError:
            return []

    def _present(self, path: Path) -> _Pack:
        """A file as it is now."""
        stamp = _stamp(path)
        known = self._read.get(path)
        if known is None or known.stamp != stamp:
            known = self._read[path] = self._opened(path, stamp)
        return known

    def _opened(self, path: Path, stamp: tuple[int, ...]) -> _Pack:
        if not stamp:
            return _Pack(stamp, {}, f"there is no {path}")
        try:
            data, answers = load(path)
        except AskanceError as error:
            return _Pack(stamp, {}, str(error).rstrip("."))
        if path.parent == self._folder and path.stem != _digest(data):
            return _Pack(stamp, {}, f"the imported {path.name[:12]}… is damaged; type: %askcache clear packs")
        entries = defaultdict(list)
        for one in answers:
            entries[one.portable].append(one.entry)
        return _Pack(stamp, entries)


def _stamp(path: Path) -> tuple[int, ...]:
    """What differs once the file is another; () if there is none."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return (status.st_mtime_ns, status.st_size, status.st_ino)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:40]
