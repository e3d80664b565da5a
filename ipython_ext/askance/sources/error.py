"""The last error as context. Enters: the kernel's state. Leaves: one candidate if the last cell failed, else none."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..index.digest import digest
from ..records import Ask, Candidate, Level
from ..records.privacy import STATISTICS
from .base import KernelState
from .describe import describe, looks_secret
from .describe.type_names import type_name
from .describe.values import steady
from .exceptions import chain, members, message, notes, syntax
from .frames import Frame, Places, around, frames, roughly

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
    """

    name = "error"

    def __init__(self, state: KernelState, root: str = "") -> None:
        self._state = state
        self._root = root

    async def collect(self, ask: Ask) -> list[Candidate]:
        """One candidate, "error", or none."""
        error = self._state.error()
        if error is None:
            return []
        report = _Report(error, self._places())
        privacy = ask.privacy.of("error", "error", usual=STATISTICS)
        return [
            Candidate(
                source="error",
                name="error",
                render=lambda level: report.text(level, privacy),
                fingerprint=report.fingerprint,
                text=report.text("outline", privacy),
                signals={"recency": 1.0},
                aliases=("err",),
                privacy=privacy,
            )
        ]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "error", None if the last cell went well."""
        error = self._state.error()
        return None if name != "error" or error is None else _Report(error, self._places()).fingerprint()

    def facts(self, name: str) -> Mapping[str, int | str]:
        """Its type; none if the last cell went well."""
        error = self._state.error()
        return {} if name != "error" or error is None else {"type": type_name(type(error))}

    def named(self, names: Sequence[str]) -> tuple[str, ...]:  # noqa: ARG002  whatever is asked, it may be about the error
        """The error, if there is one."""
        return () if self._state.error() is None else ("error",)

    def _places(self) -> Places:
        return Places(self._root, {cell.source.strip(): f"cell[{cell.number}]" for cell in self._state.cells()})


@dataclass
class _Report:
    """An exception in words."""

    error: BaseException
    places: Places

    def __post_init__(self) -> None:
        self._steps = frames(self.error, self.places)

    def text(self, level: Level, privacy: int, deep: int = sys.maxsize) -> str:
        """What is told at a level; without privacy for values its type alone.

        Args:
            level: how much.
            privacy: how much of values.
            deep: from how many calls of itself on no values of a function are told.
        """
        if privacy < 1:
            return type_name(type(self.error))
        lines = [message(self.error)]
        if level == "name":
            return lines[0]
        earlier = chain(self.error)
        lines += ["caused by " + "; by ".join(message(cause)[:300] for cause in earlier)] if earlier else []
        lines += [*members(self.error), *notes(self.error), *self._syntax(level)]
        lines += _told(self._steps, level, privacy, deep)
        for cause in earlier if level != "outline" else ():
            steps = frames(cause, self.places)[-_CAUSE_STEPS:]
            lines += [f"where {message(cause)[:100]} came from:", *_told(steps, level, privacy, deep)] if steps else []
        return "\n".join(lines)

    def fingerprint(self) -> str:
        """Without what differs in every kernel or run and tells a model nothing: addresses of objects, numbers of cells, and
        how deep a recursion went.
        """
        return digest(_CELL.sub("cell", _ADDRESS.sub("0x", steady(self.text("full", 2, _DEEP)))))

    def _syntax(self, level: Level) -> list[str]:
        place = syntax(self.error)
        if place is None:
            return []
        filename, line, text, column = place
        head = f"{self.places[filename] or 'code'}, line {line}"
        if level != "outline" and (shown := around(filename, line)):
            return [head, *shown]
        return [head, f"> {line:4} {text}", *([" " * (6 + column) + "^"] if 0 < column <= len(text) + 1 else [])]


def _told(steps: list[Frame | str], level: Level, privacy: int, deep: int) -> list[str]:
    lines = []
    for step in steps:
        if isinstance(step, str):
            lines.append(step)
            continue
        times = f" ({roughly(step.times)} times in a row)" if step.times > 1 else ""
        lines.append(f"{step.place}, line {step.line}, in {step.function}{times}")
        lines += step.source if level != "outline" else [line for line in step.source if line.startswith(">")]
        lines += _locals(step, level if step.times < deep else "excerpt", privacy)
    return lines


def _locals(step: Frame, level: Level, privacy: int) -> list[str]:
    variables = list(step.variables.items())[:_LOCALS]
    if not variables:
        return []
    if level != "full":
        return ["  locals: " + ", ".join(name for name, _ in variables)]
    return [
        f"  {name}: {type_name(type(value)) if looks_secret(name) else describe(value, 'outline', privacy)[:300]}"
        for name, value in variables
    ]
