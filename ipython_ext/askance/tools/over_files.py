"""What the tools have in common that look at the whole project, or at git's state of it. Enters: who knows. Leaves: nothing yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from ..index.project import Project
from ..sources.files import FilesSource
from ..sources.git import GitSource
from .base import Arguments, Touches
from .fresh import Fresh
from .reading import Reading


class OverFiles(Reading):
    """Looks at any file that the files' source would tell of.

    Args:
        project: the index.
        files: the source.
    """

    def __init__(self, project: Project, files: FilesSource) -> None:
        self._project = project
        self._files = files
        self._fresh = Fresh()

    def touches(self, arguments: Arguments) -> Touches:  # noqa: ARG002
        """Any file."""
        return Touches(reads=frozenset(("files:*",)))


class OverGit(OverFiles):
    """Looks at git's state.

    Args:
        root: the folder that holds `.git`, resolved; None if there is none.
        environ: the environment variables, for git.
        project: the index.
        files: the source of files.
        git: the source of git's state.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        root: Path | None,
        environ: Mapping[str, str],
        project: Project,
        files: FilesSource,
        git: GitSource,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(project, files)
        self._root = root
        self._environ = environ
        self._git = git
        self._clock = clock
