"""A traceback's steps that a user can act on. Enters: an exception. Leaves: places, source lines, local variables.

Steps in cells and in the project are told one by one; what lies between them in libraries is one line.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import FrameType, ModuleType, TracebackType
from typing import cast

from ..beginning import beginning
from .describe.source_lines import lines_of
from .places import Place, Places, library

_AROUND = 3
"""Lines shown before and after the one that failed."""

_MOST = 8
_LONGEST = 100_000
_LINE_ROOM = 200
_traceback = BaseException.__dict__["__traceback__"].__get__


@dataclass(frozen=True)
class Frame:
    """One step of a traceback.

    Attributes:
        place: where it stands.
        line: the line that was running, from 1.
        function: the function's name, "<module>" at the top of a cell or file.
        source: numbered lines around it, the running one marked ">"; none where they may not be told.
        variables: the function's local variables; none for "<module>", which are the namespace's own.
        times: how often this step stands here in a row, from a function that calls itself.
    """

    place: Place
    line: int
    function: str
    source: tuple[str, ...]
    variables: Mapping[str, object]
    times: int = 1


@dataclass
class _Step:
    frame: FrameType
    line: int
    place: Place
    times: int = 1


def frames(error: BaseException, places: Places) -> list[Frame | str]:
    """The steps in cells and in the project, outermost first, and lines for what is left out between them.

    Args:
        error: the exception; its attributes are read past any override of its class.
        places: what to call files.
    """
    steps: list[_Step | list[FrameType]] = []
    for frame, line in _walk(error):
        place, last = places[frame.f_code.co_filename], steps[-1] if steps else None
        if not place.title or place.hidden:
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
    found = [_collapsed(step, places) if isinstance(step, list) else _frame(step, places) for step in told]
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


def comes_from_hidden(error: BaseException, places: Places) -> bool:
    """Whether the last step that is no library's stands where nothing may be told of: then its message does too.

    Args:
        error: the exception.
        places: what to call files.
    """
    own = (places[frame.f_code.co_filename] for frame, _ in reversed(_walk(error)))
    return next((place.hidden for place in own if place.title or place.hidden), False)


def _collapsed(inside: list[FrameType], places: Places) -> str:
    hidden = [places[frame.f_code.co_filename].hidden for frame in inside]
    names = dict.fromkeys(
        "code that is left out" if is_hidden else library(frame.f_code.co_filename)
        for frame, is_hidden in zip(inside, hidden, strict=True)
    )
    count = f"{roughly(len(inside))} step{'s' if len(inside) > 1 else ''}"
    last = "" if hidden[-1] else f", the last in {inside[-1].f_code.co_name}"
    return f"… {count} in {', '.join(list(names)[:3])}{last}"


def _frame(step: _Step, places: Places) -> Frame:
    code = step.frame.f_code
    # Of code that is nowhere to be seen, its variables are nobody's either.
    told = places.shows_code(code.co_filename)
    # A class writes its own into whatever its metaclass says; only those of functions are a plain dictionary.
    is_told = code.co_flags & inspect.CO_OPTIMIZED and step.place.source
    variables = dict(step.frame.f_locals) if is_told else {}
    own = {
        name: value for name, value in variables.items() if not name.startswith("__") and type(value) is not ModuleType
    }
    shown = around(code.co_filename, step.line) if told else ()
    return Frame(step.place, step.line, code.co_name, shown, own, step.times)


def around(filename: str, line: int) -> tuple[str, ...]:
    """Numbered lines around one, which is marked ">"; none if the source is not at hand."""
    lines = lines_of(filename)
    first = max(1, line - _AROUND)
    return tuple(
        f"{'>' if number == line else ' '} {number:4} {beginning(text.rstrip(), _LINE_ROOM)}"
        for number, text in enumerate(lines[first - 1 : line + _AROUND], first)
    )
