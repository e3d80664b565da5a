"""The last error as context. Enters: the kernel's state. Leaves: one candidate if the last cell failed, else none."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..beginning import beginning
from ..index.digest import digest
from ..records import Ask, Candidate, Level
from ..records.privacy import NAMES, STATISTICS
from .base import KernelState, everything
from .describe import describe, looks_secret
from .describe.code_files import code_files
from .describe.type_names import type_name
from .describe.values import steady
from .exceptions import chain, members, message, notes, syntax
from .frames import Frame, around, comes_from_hidden, frames, roughly
from .places import Places

_LOCALS = 20
_CAUSE_STEPS = 3
_DEEP = 10
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")
_CELL = re.compile(r"^cell(\[\d+\])?(?=, line \d+(?:, in |$))", re.MULTILINE)


class ErrorSource:
    """Offers the exception of the last cell, with the steps that lie in cells or in the project.

    Args:
        state: the kernel, or a `StaticState`.
        root: the project's folder as text; "" if there is none.
        may_show: whether the lines of a file may be shown.
    """

    name = "error"

    def __init__(self, state: KernelState, root: str = "", may_show: Callable[[str], bool] = everything) -> None:
        self._state = state
        self._root = root
        self._may_show = may_show

    async def collect(self, ask: Ask) -> list[Candidate]:
        """One candidate, "error", or none."""
        error = self._state.error()
        if error is None:
            return []
        report = _Report(error, self._places(ask), ask)
        return [
            Candidate(
                source="error",
                name="error",
                render=report.text,
                fingerprint=lambda: self._report(error).fingerprint(),
                text=report.text("outline"),
                signals={"recency": 1.0},
                aliases=("err",),
                privacy=report.privacy,
            )
        ]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "error", None if the last cell went well."""
        error = self._state.error()
        return None if name != "error" or error is None else self._report(error).fingerprint()

    def facts(self, name: str) -> Mapping[str, int | str]:
        """Its type; none if the last cell went well."""
        error = self._state.error()
        return {} if name != "error" or error is None else {"type": type_name(type(error))}

    def named(self, names: Sequence[str]) -> tuple[str, ...]:  # noqa: ARG002  whatever is asked, it may be about the error
        """The error, if there is one."""
        return () if self._state.error() is None else ("error",)

    def _places(self, ask: Ask | None = None) -> Places:
        return Places(self._root, self._state.cells(), self._may_show, ask)

    def _report(self, error: BaseException) -> _Report:
        """All that any question may be told."""
        return _Report(error, self._places(), Ask(question="", model=""))


@dataclass(repr=False)  # no debugger is to print the error
class _Report:
    """An exception in words, as far as the question's privacy allows."""

    error: BaseException
    places: Places
    ask: Ask

    def __post_init__(self) -> None:
        self.privacy = self.ask.privacy.of("error", "error")
        self._steps = frames(self.error, self.places)

    def text(self, level: Level, deep: int = sys.maxsize) -> str:
        """What is told at a level.

        Args:
            level: how much.
            deep: from how many calls of itself on no values of a function are told.
        """
        if self.privacy == NAMES or level == "name":
            return self._said(self.error)
        earlier = chain(self.error)
        lines = [self._said(self.error)]
        lines += (
            ["caused by " + "; by ".join(beginning(self._said(cause), 300) for cause in earlier)] if earlier else []
        )
        if self._may_speak(self.error):
            lines += [*members(self.error, self._said), *notes(self.error), *self._syntax(level)]
        lines += self._told(self._steps, level, deep)
        for cause in earlier if level != "outline" else ():
            steps = frames(cause, self.places)[-_CAUSE_STEPS:]
            told = self._told(steps, level, deep)
            lines += [f"where {beginning(self._said(cause), 100)} came from:", *told] if steps else []
        return "\n".join(lines)

    def _may_speak(self, error: BaseException) -> bool:
        """Whether its message, which may hold values and lines of code, may be told."""
        found = syntax(error)
        shown = found is None or self.places.shows_code(found[0])
        return self.privacy >= STATISTICS and shown and not comes_from_hidden(error, self.places)

    def _said(self, error: BaseException) -> str:
        return message(error) if self._may_speak(error) else type_name(type(error))

    def fingerprint(self) -> str:
        """Without what differs in every kernel or run and tells a model nothing: addresses of objects, numbers of cells, and
        how deep a recursion went.
        """
        return digest(_CELL.sub("cell", _ADDRESS.sub("0x", steady(self.text("full", _DEEP)))))

    def _syntax(self, level: Level) -> list[str]:
        place = syntax(self.error)
        if place is None:
            return []
        filename, line, text, column = place
        head = f"{self.places[filename].title or 'code'}, line {line}"
        if level != "outline" and (shown := around(filename, line)):
            return [head, *shown]
        return [head, f"> {line:4} {text}", *([" " * (6 + column) + "^"] if 0 < column <= len(text) + 1 else [])]

    def _told(self, steps: list[Frame | str], level: Level, deep: int) -> list[str]:
        lines = []
        for step in steps:
            if isinstance(step, str):
                lines.append(step)
                continue
            times = f" ({roughly(step.times)} times in a row)" if step.times > 1 else ""
            lines.append(f"{step.place.title}, line {step.line}, in {step.function}{times}")
            if self.privacy >= STATISTICS:
                lines += step.source if level != "outline" else [line for line in step.source if line.startswith(">")]
            lines += self._locals(step, level if step.times < deep else "excerpt")
        return lines

    def _locals(self, step: Frame, level: Level) -> list[str]:
        told = [(name, value) for name, value in step.variables.items() if not self.ask.withholds("variables", name)]
        if not told:
            return []
        if level != "full" or self.privacy < STATISTICS:
            return ["  locals: " + ", ".join(name for name, _ in told[:_LOCALS])]
        return [f"  {name}: {self._value(name, value)}" for name, value in told[:_LOCALS]]

    def _value(self, name: str, value: object) -> str:
        """A local variable as one of the namespace's of that name would be told of, code never by its lines."""
        privacy = self.ask.privacy.of("variables", name)
        is_hidden = any(map(self.places.hides, code_files(value)))
        if looks_secret(name) or is_hidden:
            return type_name(type(value))
        return beginning(describe(value, "outline", privacy), 300)
