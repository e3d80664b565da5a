"""`%threads`: what was said, and how a conversation goes on.

Enters: a command with its arguments. Leaves: a change of the transcript, and lines that say what there is now.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..errors import UsageError
from .thread_files import load, save, turns_in_words

if TYPE_CHECKING:
    from ..session import Session
    from ..threads.transcript import Transcript
    from ..threads.turn import Turn

HELP = """The conversations of this notebook, and how they go on.

    %threads                  name, turns, tokens and last question of each; * is the current one
    %threads show [NAME]      its turns, numbered
    %threads use NAME         questions without -t go there from now on
    %threads fork N [NAME]    a new one that begins with the first N turns of the current one
    %threads rewind N         forget what came after turn N
    %threads reset [NAME]     forget the current one, or NAME; --all forgets every one
    %threads save FILE        write all of them to a JSON file
    %threads load FILE        put those of a file in their place
"""
WIDTH = 60
"""Characters of a question or an answer that are shown."""


def act(session: Session, line: str) -> str:
    """Do what the line says.

    Args:
        session: whose transcript it is.
        line: what follows `%threads`.

    Returns:
        What to tell the user.

    Raises:
        UsageError: it cannot be done; nothing has changed.
    """
    name, *arguments = _words(line) or ["list"]
    command = COMMANDS.get(name)
    if command is None or not command.least <= len(arguments) <= command.most:
        wrong = f"%threads {name} takes {command.takes}" if command else f"%threads does not know {name!r}"
        raise UsageError(wrong, f"Known: {', '.join(COMMANDS)}; %threads? tells more.")
    said = command.run(session.transcript, arguments)
    if command.changes:
        session.keep_threads()
    return said


def _list(transcript: Transcript, _arguments: Sequence[str]) -> str:
    threads = dict(transcript.threads())
    threads.setdefault(transcript.current, ())
    rows = [("", "thread", "turns", "tokens", "last question")]
    for name, turns in threads.items():
        mark = "*" if name == transcript.current else ""
        last = _line(turns[-1].question) if turns else ""
        rows.append((mark, name, f"{len(turns):,}", f"{sum(map(_tokens, turns)):,}", last))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    sides = "<<>><"  # numbers stand to the right
    lines = [[f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)] for row in rows]
    return "\n".join(" ".join(line).rstrip() for line in lines)


def _show(transcript: Transcript, arguments: Sequence[str]) -> str:
    turns = transcript.turns(arguments[0] if arguments else transcript.current)
    margin = len(str(len(turns)))
    lines = []
    for number, turn in enumerate(turns, 1):
        lines += [f"{number:{margin}}  {_line(turn.question)}", f"{'':{margin}}  > {_line(turn.answer)}"]
    return "\n".join(lines) or "No turns."


def _use(transcript: Transcript, arguments: Sequence[str]) -> str:
    transcript.current = arguments[0]
    return f"Questions go to {arguments[0]}, {turns_in_words(len(transcript.threads().get(arguments[0], ())))} so far."


def _fork(transcript: Transcript, arguments: Sequence[str]) -> str:
    number, *names = arguments
    name = transcript.fork(transcript.current, _number(number), *names)
    return f"Questions go to {name} now; it begins with {turns_in_words(len(transcript.turns(name)))}."


def _rewind(transcript: Transcript, arguments: Sequence[str]) -> str:
    forgotten = transcript.rewind(transcript.current, _number(arguments[0]))
    return f"{transcript.current} forgot {turns_in_words(forgotten)}."


def _reset(transcript: Transcript, arguments: Sequence[str]) -> str:
    name = arguments[0] if arguments else transcript.current
    transcript.reset(None if name == "--all" else name)
    return "Every thread is forgotten." if name == "--all" else f"{name} is forgotten."


class _Command:
    """One of `COMMANDS`: what it takes, and whether the transcript is another afterwards."""

    def __init__(self, run: Callable[[Transcript, Sequence[str]], str], takes: str, *, changes: bool = False) -> None:
        self.run, self.takes, self.changes = run, takes or "nothing", changes
        self.most = len(takes.split())
        self.least = self.most - takes.count("[")  # what stands in brackets may be left out


COMMANDS = {
    "list": _Command(_list, ""),
    "show": _Command(_show, "[NAME]"),
    "use": _Command(_use, "NAME", changes=True),
    "fork": _Command(_fork, "N [NAME]", changes=True),
    "rewind": _Command(_rewind, "N", changes=True),
    "reset": _Command(_reset, "[NAME|--all]", changes=True),
    "save": _Command(save, "FILE"),
    "load": _Command(load, "FILE", changes=True),
}
"""What follows `%threads`."""


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        raise UsageError("A quote is not closed", "Type: %threads?") from None


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise UsageError(f"{text!r} is no number of turns", "Type: %threads show")
    return int(text[:9])


def _tokens(turn: Turn) -> int:
    from ..tokens import estimate

    return estimate(turn.content or turn.question) + estimate(turn.answer)


def _line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
