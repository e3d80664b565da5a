"""A traceback's steps that a user can act on. Enters: an exception. Leaves: places, source lines, local variables.

Steps in cells and in the project are told one by one; what lies between them in libraries is one line.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, ModuleType, TracebackType
from typing import cast

_AROUND = 3
"""Lines shown before and after the one that failed."""

_MOST = 8
_LONGEST = 100_000
_LINE_ROOM = 200
_LIBRARY = re.compile(r".*[/\\](?:site-packages|dist-packages)[/\\]([^/\\.]+)")
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
        times: how often this step stands here in a row, from a function that calls itself.
    """

    place: str
    line: int
    function: str
    source: tuple[str, ...]
    variables: Mapping[str, object]
    times: int = 1


@dataclass
class _Step:
    frame: FrameType
    line: int
    place: str
    times: int = 1


class Places:
    """What to call the files of a traceback.

    Args:
        root: the project's folder, "" for none.
        cells: a cell's source, stripped -> what to call it.
    """

    def __init__(self, root: str, cells: Mapping[str, str]) -> None:
        self._root = f"{root.rstrip('/')}/" if root else ""
        self._cells = cells
        self._known: dict[str, str] = {}

    def __getitem__(self, filename: str) -> str:
        """A cell, or a path relative to the root; "" for what is not the user's."""
        if filename not in self._known:
            self._known[filename] = self._place(filename)
        return self._known[filename]

    def _place(self, filename: str) -> str:
        entry = linecache.cache.get(filename)
        if entry is not None and len(entry) == 4 and entry[1] is None:  # no mtime: source that never was a file
            return self._cells.get("".join(entry[2]).strip(), "cell")
        if self._root and filename.startswith(self._root):
            inside = filename[len(self._root) :]
            return "" if _is_library(inside) or inside.startswith((".venv/", "venv/")) else inside
        return ""


def frames(error: BaseException, places: Places) -> list[Frame | str]:
    """The steps in cells and in the project, outermost first, and lines for what is left out between them.

    Args:
        error: the exception; its attributes are read past any override of its class.
        places: what to call files.
    """
    steps: list[_Step | list[FrameType]] = []
    for frame, line in _walk(error):
        place, last = places[frame.f_code.co_filename], steps[-1] if steps else None
        if not place:
            if isinstance(last, list):
                last.append(frame)
            elif last is not None:  # what calls the first cell is IPython's business
                steps.append([frame])
        elif isinstance(last, _Step) and (last.frame.f_code, last.line) == (frame.f_code, line):
            last.frame, last.times = frame, last.times + 1
        else:
            steps.append(_Step(frame, line, place))
    more = len(steps) - _MOST
    told = [*steps[:1], *steps[more + 1 :]] if more > 0 else steps
    found = [_collapsed(step) if isinstance(step, list) else _frame(step) for step in told]
    return [*found[:1], f"… {roughly(more)} more steps", *found[1:]] if more > 0 else found


def roughly(count: int) -> str:
    """A large count by its first digit: how deep a recursion went differs from kernel to kernel."""
    size: int = 10 ** (len(str(count)) - 1)
    return str(count) if count < 10 else f"some {count // size * size}"


def _walk(error: BaseException) -> Sequence[tuple[FrameType, int]]:
    found: list[tuple[FrameType, int]] = []
    step = cast("TracebackType | None", _traceback(error))
    while step is not None and len(found) < _LONGEST:
        found.append((step.tb_frame, step.tb_lineno))
        step = step.tb_next
    return found


def _collapsed(inside: list[FrameType]) -> str:
    names = dict.fromkeys(_library(frame.f_code.co_filename) for frame in inside)
    count = f"{roughly(len(inside))} step{'s' if len(inside) > 1 else ''}"
    return f"… {count} in {', '.join(list(names)[:3])}, the last in {inside[-1].f_code.co_name}"


def _library(filename: str) -> str:
    match = _LIBRARY.match(filename)
    return match[1] if match else "Python's own library"


def _is_library(path: str) -> bool:
    return _LIBRARY.match("/" + path) is not None or re.search(r"(^|/)lib/python3[^/]*/", path) is not None


def _frame(step: _Step) -> Frame:
    function = step.frame.f_code.co_name
    variables = {} if function == "<module>" else dict(step.frame.f_locals)
    own = {
        name: value for name, value in variables.items() if not name.startswith("__") and type(value) is not ModuleType
    }
    shown = around(step.frame.f_code.co_filename, step.line)
    return Frame(step.place, step.line, function, shown, own, step.times)


def around(filename: str, line: int) -> tuple[str, ...]:
    """Numbered lines around one, which is marked ">"; none if the source is not at hand."""
    known = filename in linecache.cache or Path(filename).is_file()  # a pipe of that name would be waited on
    lines = linecache.getlines(filename) if known else []
    first = max(1, line - _AROUND)
    return tuple(
        f"{'>' if number == line else ' '} {number:4} {text.rstrip()[:_LINE_ROOM]}"
        for number, text in enumerate(lines[first - 1 : line + _AROUND], first)
    )
