"""Starts the build in a low-priority process of its own, so that a user's cell never waits on it.

Enters: a root and the index's file. Leaves: a process, and a word when it ends.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

ATTEMPTS = 3
"""Builds in a row that may fail before none is started any more."""


class Builder:
    """At most one build at a time.

    Args:
        root: the tree, resolved.
        file: the index's file.
        limit: files that are indexed at most.
        environ: the environment variables of the process.
        on_end: called from a thread of its own when a build has ended.
    """

    def __init__(
        self, root: Path, file: Path, limit: int, environ: Mapping[str, str], on_end: Callable[[], None]
    ) -> None:
        self._command = [sys.executable, "-P", "-m", "askance.index.build", str(root), str(file), str(limit)]
        self._folder = file.parent
        self._environ = dict(environ)
        self._on_end = on_end
        self._process: subprocess.Popen[bytes] | None = None
        self._waiter: threading.Thread | None = None
        self._failures = 0

    @property
    def running(self) -> bool:
        """Whether a build has not ended yet."""
        return self._waiter is not None and self._waiter.is_alive()

    def start(self) -> bool:
        """Start a build unless one runs. False if none can be started."""
        if self.running:
            return True
        if self._failures >= ATTEMPTS:
            return False
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own program
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self._folder,
                env=self._environ,
                start_new_session=True,  # a kernel's interrupt goes to its whole process group
            )
        except OSError:
            self._failures = ATTEMPTS
            return False
        self._waiter = threading.Thread(target=self._await, args=(self._process,), name="askance-build", daemon=True)
        self._waiter.start()
        return True

    def wait(self, seconds: float | None) -> bool:
        """Wait for the running build, None for as long as it takes. Whether it has ended."""
        if self._waiter is not None:
            self._waiter.join(seconds)
        return not self.running

    def stop(self) -> None:
        """End the build; what it has written stays."""
        if self._process is not None and self.running:
            self._process.terminate()
            self.wait(2.0)

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        self._failures = 0 if process.wait() == 0 else self._failures + 1
        self._on_end()
