"""The tool that reads a file. Enters: a path, and lines. Leaves: these lines, as far as they may be told."""

from __future__ import annotations

from ..errors import ToolError
from ..index.project import Project
from ..index.text import is_data
from ..records import Ask
from ..records.privacy import SAMPLES
from ..sources.files import FilesSource
from .base import Arguments, Hands, Touches
from .reading import Reading, near, number, page, takes, text


class ReadFile(Reading):
    """Tells of a file what the files' source would tell at most.

    Args:
        project: the index.
        files: the source.
    """

    name = "read_file"
    description = (
        "Read a text file of this project, or some of its lines; of a notebook its cells. Use it once you know the path, from "
        "search_project or list_files."
    )
    schema = takes(
        "path",
        path=text("Relative to the project's folder, like src/utils.py"),
        start=number("The first line to read"),
        end=number("The last line to read"),
    )

    def __init__(self, project: Project, files: FilesSource) -> None:
        self._project = project
        self._files = files

    def touches(self, arguments: Arguments) -> Touches:
        """The file."""
        return Touches(reads=frozenset((f"files:{relative(arguments['path'], self._project)}",)))

    def fingerprint(self, arguments: Arguments) -> str | None:
        """The file's."""
        return self._files.fingerprint(relative(arguments["path"], self._project))

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:  # noqa: ARG002
        """What may be told of the lines.

        Raises:
            ToolError: there is no such file, or nothing may be told of it, or it has not so many lines.
        """
        path = relative(arguments["path"], self._project)
        told = self._files.told(path, ask)
        if told is None:
            self._project.refresh()
            known = [one for one in self._project.paths() if self._files.tells(one, ask)]
            raise ToolError(f"There is no text file {arguments['path']} that may be told of", near(path, known))
        privacy = self._files.privacy(path, ask)
        if privacy < SAMPLES:
            what = "header" if is_data(path) else "definitions and headings"
            said = page(told)[0] or "(nothing)"
            return f"{path}: its {what} alone may be told (privacy level {privacy})\n{said}"
        return self._part(path, told, arguments.get("start", 1), arguments.get("end"))

    def _part(self, path: str, told: str, start: int, end: int | None) -> str:
        shown, last, every = page(told, start, end)
        if not every:
            return f"{path} is empty"
        if last < start:
            raise ToolError(f"{path} has {every:,} lines", f"Ask for lines from 1 to {every:,}, start before end.")
        more = f"\n… {every - last:,} more lines: call again with start={last + 1}" if last < every else ""
        return f"{path}, lines {start:,}-{last:,} of {every:,}\n{shown}{more}"


def relative(path: str, project: Project) -> str:
    """A path as the index has it; one that leads elsewhere stays as it is, and is no file's."""
    name = path.strip()
    root = f"{project.root}/"
    name = name.removeprefix(root) if project.root is not None else name
    while name.startswith("./"):
        name = name.removeprefix("./")
    return name
