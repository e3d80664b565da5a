"""The tool that lists files. Enters: a pattern or a folder. Leaves: paths, at most some hundred."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase

from ..errors import ToolError
from ..records import Ask
from ..sources.variable_parts import ANY
from .base import Arguments, Hands
from .over_files import OverFiles
from .read_file import relative
from .reading import ROOM, near, takes, text

MOST = 200
"""Paths of one result."""

_FOLDERS = 20


class ListFiles(OverFiles):
    """Lists the files that the files' source would tell of."""

    name = "list_files"
    description = "List the text files of this project, all of them or those of a folder or a pattern. Use it to find out what there is."
    schema = takes(pattern=text("A folder like src/, or a pattern like *.csv or src/*.py; leave it out for all files"))

    def fingerprint(self, arguments: Arguments) -> str | None:
        """A hash of the list."""
        pattern = arguments.get("pattern", "")
        self._project.refresh()
        return self._fresh.fingerprint(pattern, self._project.changes(), lambda: self._list(pattern, ANY))

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:  # noqa: ARG002
        """The paths.

        Raises:
            ToolError: no file fits.
        """
        self._project.refresh()
        return self._list(arguments.get("pattern", ""), ask)

    def _list(self, pattern: str, ask: Ask) -> str:
        every = [path for path in self._project.paths() if self._files.tells(path, ask)]
        fitting = matching(relative(pattern, self._project), every)
        if not fitting:
            raise ToolError(
                f"No text file of this project fits {pattern!r}" if every else "This project has no text file",
                near(pattern, sorted({f"{folder}/" for path in every if (folder := path.rpartition("/")[0])})),
            )
        shown, room = [], ROOM - 500
        for path in fitting[:MOST]:
            room -= len(path) + 1
            if room < 0:
                break
            shown.append(path)
        head = f"{len(fitting):,} text file{'s' if len(fitting) > 1 else ''}"
        return "\n".join([head, *shown, *_rest(fitting[len(shown) :])])


def matching(pattern: str, paths: Sequence[str]) -> list[str]:
    """The paths that a pattern, a folder or a path means; all for none."""
    bare = pattern.removesuffix("/")
    if bare in ("", ".", "*", "**"):
        return list(paths)
    if any(letter in pattern for letter in "*?["):
        whole = pattern.replace("**/", "*") if "**/" in pattern else pattern
        in_name = "/" not in pattern
        return [path for path in paths if fnmatchcase(path.rpartition("/")[2] if in_name else path, whole)]
    return [path for path in paths if path == bare or path.startswith(f"{bare}/")]


def _rest(paths: Sequence[str]) -> list[str]:
    """What is said of the paths that have no room."""
    if not paths:
        return []
    folders = Counter(path.partition("/")[0] + "/" if "/" in path else "." for path in paths)
    said = ", ".join(f"{folder} {count:,}" for folder, count in sorted(folders.items())[:_FOLDERS])
    return [f"… {len(paths):,} more ({said}): give a folder or a pattern"]
