"""Conversations as files: the one of a notebook, which survives its kernel, and those a user saves and loads.

Enters: a `Transcript`. Leaves: readable JSON, for its owner's eyes only, written in one step. A file that cannot be read
is left alone, and said in `problem`.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ..paths import make_private, replace_file
from .transcript import Transcript

FORMAT = 1
MOST_BYTES = 20_000_000
"""A longer file is not one of ours."""

SOON = 0.2
"""Seconds that a file waits for more changes before it is written."""


def write(path: Path, transcript: Transcript) -> None:
    """Put a transcript into a file, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    text = json.dumps({"askance": FORMAT, **transcript.to_dict()}, ensure_ascii=False, indent=1)
    replace_file(path, text.encode("utf-8", "replace"), 0o600)


def read(path: Path) -> Transcript:
    """A transcript from a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is none.
    """
    if path.stat().st_size > MOST_BYTES:
        raise ValueError("too long to be a conversation")
    try:
        data = json.loads(path.read_text("utf-8"))
    except RecursionError:
        raise ValueError("nested too deeply to be a conversation") from None
    if not isinstance(data, dict) or data.get("askance") != FORMAT:
        raise ValueError("not a conversation of askance")
    transcript = Transcript()
    transcript.take(data)
    return transcript


class ThreadStore:
    """Keeps the conversations of one notebook.

    Args:
        folder: where the files are; made when it is needed.
        notebook: the notebook's path now, None where there is none: then nothing is kept.

    Attributes:
        problem: what went wrong last, in words; "" if all is well.
    """

    def __init__(self, folder: Path, notebook: Callable[[], Path | None]) -> None:
        self.problem = ""
        self._folder = folder
        self._notebook = notebook
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def load(self) -> Transcript:
        """What is kept; an empty transcript if that is nothing, or cannot be read."""
        path = self._path()
        if path is None or not path.exists():
            return Transcript()
        try:
            return read(path)
        except (OSError, ValueError) as error:
            self.problem = f"earlier conversations could not be read ({error})"
            with suppress(OSError):
                path.replace(path.with_suffix(".bad"))
            return Transcript()

    def save(self, transcript: Transcript) -> None:
        """Write it now. Never raises: a conversation that cannot be kept is no reason to fail."""
        with self._lock:
            timer, self._timer = self._timer, None
            path = self._path()
        if timer is not None and timer is not threading.current_thread():
            timer.cancel()
            timer.join()
        if path is None or not (transcript.threads() or path.exists()):
            return
        try:
            make_private(self._folder)
            write(path, transcript)
            self.problem = ""
        except OSError as error:
            self.problem = f"conversations are not kept ({error.strerror or error})"

    def save_soon(self, transcript: Transcript) -> None:
        """Write it in a moment, with whatever else changes until then."""
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(SOON, self.save, (transcript,))
                self._timer.name, self._timer.daemon = "askance threads", True
                self._timer.start()

    def _path(self) -> Path | None:
        notebook = self._notebook()
        if notebook is None:
            return None
        name = hashlib.blake2b(os.fsencode(notebook), digest_size=10).hexdigest()
        return self._folder / f"{name}.json"
