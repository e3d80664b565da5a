"""The last error as context. Enters: the kernel's state. Leaves: one candidate if the last cell failed, else none."""

from __future__ import annotations

import re

from ..index.digest import digest
from ..records import Ask, Candidate, Level
from .base import KernelState
from .describe import describe, looks_secret
from .describe.type_names import type_name
from .frames import Frame, frames

_MESSAGE_ROOM = 1000
_CHAIN = 5
_LOCALS = 20
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")
_CELL = re.compile(r"^cell(\[\d+\])?(?=, line \d+, in )", re.M)

_cause = BaseException.__dict__["__cause__"].__get__
_context = BaseException.__dict__["__context__"].__get__
_suppressed = BaseException.__dict__["__suppress_context__"].__get__


class ErrorSource:
    """Offers the exception of the last cell, with the frames that lie in cells or in the project.

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
        steps = self._frames(error)
        outline = _render(error, steps, "outline", ask.privacy)
        return [
            Candidate(
                source="error",
                name="error",
                render=lambda level: _render(error, steps, level, ask.privacy),
                fingerprint=lambda: _fingerprint(error, steps),
                text=outline,
                signals={"recency": 1.0},
                aliases=("err",),
            )
        ]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "error", None if the last cell went well."""
        error = self._state.error()
        return None if name != "error" or error is None else _fingerprint(error, self._frames(error))

    def _frames(self, error: BaseException) -> list[Frame]:
        return frames(error, self._root, {cell.source.strip(): f"cell[{cell.number}]" for cell in self._state.cells()})


def message(error: BaseException) -> str:
    """Type and message on one line; an exception that cannot print itself gives its type."""
    name = type_name(type(error))
    try:
        said = str(error)
    except BaseException:  # noqa: BLE001  its __str__ is the user's code and may raise anything
        return f"{name} (its message cannot be read)"
    if type(said) is not str or not said.strip():
        return name
    flat = " ".join(said[:_MESSAGE_ROOM].split())
    return f"{name}: {flat}" + (" …" if len(said) > _MESSAGE_ROOM else "")


def chain(error: BaseException) -> list[BaseException]:
    """What led to an exception, nearest first, without going in circles."""
    found = [error]
    while len(found) <= _CHAIN:
        last = found[-1]
        earlier = _cause(last) or (None if _suppressed(last) else _context(last))
        if earlier is None or any(earlier is known for known in found):
            break
        found.append(earlier)
    return found[1:]


def _render(error: BaseException, steps: list[Frame], level: Level, privacy: int) -> str:
    if privacy < 1:
        return type_name(type(error))
    lines = [message(error)]
    if level == "name":
        return lines[0]
    earlier = chain(error)
    if earlier:
        lines.append("caused by " + "; by ".join(message(cause)[:300] for cause in earlier))
    for step in steps:
        lines.append(f"{step.place}, line {step.line}, in {step.function}")
        lines += step.source if level != "outline" else [line for line in step.source if line.startswith(">")]
        lines += _locals(step, level, privacy)
    return "\n".join(lines)


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


def _fingerprint(error: BaseException, steps: list[Frame]) -> str:
    # Object addresses differ in every kernel, and cell numbers in every run; they tell a model nothing.
    return digest(_CELL.sub("cell", _ADDRESS.sub("0x", _render(error, steps, "excerpt", 2))))
