"""A traceback's frames that a user can act on. Enters: an exception. Leaves: places, source lines, local variables."""

from __future__ import annotations

import linecache
from collections.abc import Mapping
from dataclasses import dataclass
from types import FrameType, ModuleType, TracebackType
from typing import cast

_AROUND = 3
"""Lines shown before and after the one that failed."""

_MOST = 8
_LINE_ROOM = 200
_traceback = BaseException.__dict__["__traceback__"].__get__


@dataclass(frozen=True)
class Frame:
    """One step of a traceback.

    Attributes:
        place: "cell[3]", "cell", or a path relative to the root.
        line: the line that was running, from 1.
        function: the function's name, "<module>" at the top of a cell or file.
        source: numbered lines around it, the running one marked ">".
        variables: the function's local variables; none for "<module>", which are the namespace's own.
    """

    place: str
    line: int
    function: str
    source: tuple[str, ...]
    variables: Mapping[str, object]


def frames(error: BaseException, root: str, cells: Mapping[str, str]) -> list[Frame]:
    """The innermost frames that lie in cells or under the root, outermost first.

    Args:
        error: the exception; its attributes are read past any override of its class.
        root: the project's folder, "" for none.
        cells: a cell's source, stripped -> what to call it.
    """
    found: list[Frame] = []
    step = cast("TracebackType | None", _traceback(error))
    while step is not None:
        place = _place(step.tb_frame.f_code.co_filename, root, cells)
        if place:
            found.append(_frame(step.tb_frame, step.tb_lineno, place))
        step = step.tb_next
    return found[-_MOST:]


def _place(filename: str, root: str, cells: Mapping[str, str]) -> str:
    entry = linecache.cache.get(filename)
    if entry is not None and len(entry) == 4 and entry[1] is None:  # no mtime: source that never was a file
        return cells.get("".join(entry[2]).strip(), "cell")
    if root and filename.startswith(root.rstrip("/") + "/"):
        inside = filename[len(root.rstrip("/")) + 1 :]
        return "" if "site-packages/" in inside or inside.startswith((".venv/", "venv/")) else inside
    return ""


def _frame(frame: FrameType, line: int, place: str) -> Frame:
    function = frame.f_code.co_name
    lines = linecache.getlines(frame.f_code.co_filename)
    first = max(1, line - _AROUND)
    shown = [
        f"{'>' if number == line else ' '} {number:4} {text.rstrip()[:_LINE_ROOM]}"
        for number, text in enumerate(lines[first - 1 : line + _AROUND], first)
    ]
    variables = {} if function == "<module>" else dict(frame.f_locals)
    own = {
        name: value for name, value in variables.items() if not name.startswith("__") and type(value) is not ModuleType
    }
    return Frame(place, line, function, tuple(shown), own)
