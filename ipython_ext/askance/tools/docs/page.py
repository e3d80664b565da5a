"""What is told of one thing. Enters: its parts in words. Leaves: a text."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import NamedTuple

from ...beginning import beginning

DOC_LINES = 60
SIGNATURE_ROOM = 1500
MOST_MEMBERS = 80


class Docs(NamedTuple):
    """What was found.

    Attributes:
        kind: "function", "class", "module", or a type's name.
        signature: its name and arguments, "" if nobody knows.
        bare: the same without defaults and annotations: what may be told of code that may not be told of whole.
        doc: its docstring.
        members: public names in it.
        files: where its code is; none for compiled code.
    """

    kind: str
    signature: str = ""
    bare: str = ""
    doc: str = ""
    members: Sequence[str] = ()
    files: tuple[str, ...] = ()

    def text(self, name: str, brought: str, *, whole: bool) -> str:
        """All of it.

        Args:
            name: what it was asked for by.
            brought: the package that brings it, with its version; "" if nobody knows.
            whole: whether more than names may be told.
        """
        head = f"{self.kind} {name}" + (f" ({brought})" if brought else "")
        lines = [head, beginning(self.signature if whole else self.bare, SIGNATURE_ROOM)]
        doc = inspect.cleandoc(self.doc).splitlines() if whole else []
        more = len(doc) - DOC_LINES
        lines += [*doc[:DOC_LINES], *([f"… {more} more lines of its docstring"] if more > 0 else [])]
        rest = len(self.members) - MOST_MEMBERS
        if self.members:
            lines.append(f"in it: {', '.join(self.members[:MOST_MEMBERS])}{f', … {rest} more' if rest > 0 else ''}")
        return "\n".join(line for place, line in enumerate(lines) if line or place > 1)
