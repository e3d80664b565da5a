"""Keeps IPython's input transformations off a question.

IPython takes `%ask why?` for a call for help on `why`, and strips `>>> ` prompts from the body of `%%ask`.
Enters: a cell's lines. Leaves: the same lines, with ours already turned into the call of their magic.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Callable, Collection
from typing import Any

from IPython.core.inputtransformer2 import EscapedCommand
from IPython.core.interactiveshell import InteractiveShell

_CELL = re.compile(r"%%(\w+)(?:[ \t]([^\n]*))?\r?\n\Z")


def cell(lines: list[str], names: Collection[str] = ("ask",)) -> list[str]:
    """A cell of ours, its body byte for byte; the newline that IPython adds to a cell is taken off again.

    Args:
        lines: the cell.
        names: our cell magics.
    """
    start = next((number for number, line in enumerate(lines) if line.strip()), None)
    match = _CELL.match(lines[start]) if start is not None else None
    if match is None or start is None or match[1] not in names:
        return lines
    line = (match[2] or "").removesuffix("\r").rstrip(" \t")
    body = "".join(lines[start + 1 :]).removesuffix("\n")
    return [f"get_ipython().run_cell_magic({match[1]!r}, {line!r}, {body or ' '!r})\n"]


def _cells(names: Collection[str]) -> Callable[[list[str]], list[str]]:
    def transform(lines: list[str]) -> list[str]:
        return cell(lines, names)

    # IPython skips such transforms when it asks whether a cell is complete: a terminal still waits for the blank line.
    vars(transform)["has_side_effects"] = True
    return transform


class Question(EscapedCommand):
    """A line that begins with one of our magics and goes on: never a call for help, whatever it ends in."""

    priority = 1
    names: Collection[str] = ()

    @classmethod
    def find(cls, tokens_by_line: list[list[Any]]) -> Question | None:
        """The first such line."""
        for line in tokens_by_line:
            words = [token for token in line if token.type not in {tokenize.INDENT, tokenize.DEDENT}]
            if len(words) > 2 and words[0].string == "%" and words[1].string in cls.names:
                gap = words[2].start > words[1].end or words[2].string == "-"
                if gap and words[2].string not in ("", "\n"):
                    return cls(words[0].start)
        return None

    def transform(self, lines: list[str]) -> list[str]:
        """As IPython does, but with the spaces at the line's end."""
        line = lines[self.start_line].rstrip("\r\n")
        if line.endswith("\\"):
            return list(super().transform(lines))  # type: ignore[no-untyped-call]
        name, _, rest = line[self.start_col + 1 :].partition(" ")
        call = f"{line[: self.start_col]}get_ipython().run_line_magic({name!r}, {rest!r})\n"
        return [*lines[: self.start_line], call, *lines[self.start_line + 1 :]]


def add(shell: InteractiveShell, line_names: Collection[str], cell_names: Collection[str]) -> None:
    """Put both in front of IPython's own.

    Args:
        shell: whose.
        line_names: our line magics that take words.
        cell_names: our cell magics.
    """
    question = type("Question", (Question,), {"names": frozenset(line_names), "__module__": __name__})
    shell.input_transformer_manager.cleanup_transforms.insert(0, _cells(frozenset(cell_names)))
    shell.input_transformer_manager.token_transformers.append(question)


def remove(shell: InteractiveShell) -> None:
    """Take both away."""
    manager = shell.input_transformer_manager
    for transforms in (manager.cleanup_transforms, manager.token_transformers):
        transforms[:] = [found for found in transforms if getattr(found, "__module__", "") != __name__]
