"""Scripts of working sessions, as text: what a person does in a notebook, step by step.

Enters: the text of a file in `sessions/`. Leaves: steps. A line is a step; what is indented below it is its text.

    file PATH, append PATH       write a file of the project
    git ARGUMENTS                in the project
    kernel PERSON/NOTEBOOK       go on there; new, it is started; "copies X" begins with the cells of another
    headless PERSON/NOTEBOOK     the same, as a scheduler runs it: cells have no ids, conversations are not kept
    cell ID, ask ID [FLAGS]      write a cell and run it
    rerun ID ID ..., run all     run cells again
    restart                      of the kernel
    wait 2 h                     time passes
    rewind N                     forget what was said after turn N
    setting NAME VALUE, redis    before the first kernel
    for NAME in 1..30            what is indented below, with {NAME} replaced; "if NAME % 3 == 0" inside
    own TEXT                     what {own} stands for, in turn
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from textwrap import dedent
from typing import NamedTuple


class Step(NamedTuple):
    """What is done: the verb, the rest of its line, the text below it."""

    verb: str
    rest: str
    text: str


@dataclass(frozen=True)
class Script:
    """One working session: what it is about, in words, and its steps."""

    about: str
    steps: tuple[Step, ...]


def read(text: str) -> Script:
    """A script from its text."""
    lines = text.splitlines()
    about = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    steps = list(_steps([line for line in lines if not line.startswith("#")]))
    own = cycle([step.rest for step in steps if step.verb == "own"] or [""])
    filled = []
    for step in steps:
        if step.verb != "own":
            filled.append(step._replace(text=step.text.replace("{own}", next(own))) if "{own}" in step.text else step)
    return Script(about, tuple(_numbered(filled)))


def _steps(lines: list[str]) -> Iterator[Step]:
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        if not line.strip():
            continue
        below = []
        while place < len(lines) and (lines[place].startswith("    ") or not lines[place].strip()):
            below.append(lines[place])
            place += 1
        verb, _, rest = line.partition(" ")
        text = dedent("\n".join(below)).strip("\n")
        if verb == "for":
            yield from _repeated(rest, text)
        else:
            yield Step(verb, rest, text)


def _repeated(head: str, text: str) -> Iterator[Step]:
    name, first, last = re.fullmatch(r"(\w+) in (\d+)\.\.(\d+)", head).groups()  # type: ignore[union-attr]
    for number in range(int(first), int(last) + 1):
        for step in _steps(text.splitlines()):
            if step.verb == "if":
                _, divisor = re.fullmatch(rf"({name}) % (\d+) == 0", step.rest).groups()  # type: ignore[union-attr]
                inner = list(_steps(step.text.splitlines())) if number % int(divisor) == 0 else []
            else:
                inner = [step]
            for one in inner:
                yield Step(one.verb, one.rest.replace(f"{{{name}}}", str(number)), f"{one.text}\0{name}={number}")


def _numbered(steps: list[Step]) -> Iterator[Step]:
    """The loop's number put into texts, those that came for {own} too."""
    for step in steps:
        text, _, numbered = step.text.partition("\0")
        name, _, number = numbered.partition("=")
        yield step._replace(text=text.replace(f"{{{name}}}", number) if name else text)
