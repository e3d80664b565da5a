"""The tools that look things up, in the order in which a model is told of them. To add one: one file, and one line here."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from ..index.project import Project
from ..index.spelled import may_show
from ..sources.base import KernelState, Source
from ..sources.cells import CellsSource
from ..sources.error import ErrorSource
from ..sources.files import FilesSource
from ..sources.git import GitSource
from ..sources.packages import PackagesSource
from ..sources.variables import VariablesSource
from .base import Tool
from .git_diff import GitDiff
from .git_log import GitLog
from .inspect_variable import InspectVariable
from .last_error import LastError
from .list_files import ListFiles
from .package_docs import PackageDocs
from .read_cell import ReadCell
from .read_file import ReadFile
from .search_project import SearchProject

S = TypeVar("S")


def built_in(
    state: KernelState, project: Project, root: Path | None, environ: Mapping[str, str], sources: Iterable[Source]
) -> list[Tool]:
    """All of them.

    Args:
        state: what may be seen of the kernel.
        project: the index.
        root: the project's folder, None if there is none.
        environ: the environment variables, for git.
        sources: those of the session: a tool tells nothing that its source would not.
    """
    every = list(sources)
    files, git = _of(FilesSource, every), _of(GitSource, every)
    resolved = None if root is None else root.resolve()
    return [
        InspectVariable(_of(VariablesSource, every)),
        ReadCell(_of(CellsSource, every)),
        LastError(_of(ErrorSource, every)),
        SearchProject(project, files),
        ReadFile(project, files),
        ListFiles(project, files),
        PackageDocs(
            state,
            str(root) if root else "",
            partial(may_show, project.access),
            _of(PackagesSource, every),
            sys.modules,
            sys.path,
        ),
        GitDiff(resolved, environ, project, files, git),
        GitLog(resolved, environ, project, files, git),
    ]


def _of(kind: type[S], sources: Iterable[object]) -> S:
    return next(source for source in sources if isinstance(source, kind))
