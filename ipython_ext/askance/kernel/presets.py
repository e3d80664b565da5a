"""Questions that are asked often: `%fix`, `%explain`, `%%test`, `%%doc`.

Enters: what stands in the line and in the cell. Leaves: a question with the flags of `%ask`; a table of what is asked.
User text is joined to it, never formatted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from IPython.core.magic import no_var_expand

from ..errors import UsageError
from .asking import Asking

if TYPE_CHECKING:
    from .state import NotebookState

Magic = Callable[..., Any]


@dataclass(frozen=True)
class Preset:
    """A magic that asks one thing.

    Attributes:
        name: of the magic.
        kind: whether it takes a line, or a line and a cell.
        asked: what is asked.
        subject: (the notebook, the words of the line, the cell) -> what it is asked about; UsageError if there is nothing.
        code: the answer is code, for the next cell.
        help: one line for the user.
    """

    name: str
    kind: Literal["line", "cell"]
    asked: str
    subject: Callable[[NotebookState, str, str], str]
    help: str
    code: bool = False

    @property
    def sign(self) -> str:
        """As the user types it."""
        return f"{'%' if self.kind == 'line' else '%%'}{self.name}"

    def question(self, state: NotebookState, words: str, cell: str) -> str:
        """The whole question."""
        return f"{self.asked}\n\n{self.subject(state, words, cell)}".rstrip()


def _error(state: NotebookState, words: str, _cell: str) -> str:
    if state.error() is None:
        raise UsageError("There is no error to fix", "Type %fix after a cell that failed, or: %ask and a question")
    return words


def _thing(state: NotebookState, words: str, _cell: str) -> str:
    """A variable by its name, whatever else is said, or else the last cell that ran."""
    if words:
        return f"@{words}" if words in state.namespace() else words
    from ..sources.recency import user_cells

    ran = user_cells(state.cells())
    if not ran:
        raise UsageError("No cell has run yet", "Type: %explain and the name of something")
    return f"@cell[{ran[-1].number}]"


def _code(_state: NotebookState, words: str, cell: str) -> str:
    from ..fences import fenced

    if not cell.strip():
        raise UsageError("The cell is empty", "Put the code below the first line.")
    return f"{words}\n\n{fenced(cell, 'python')}".lstrip()


PRESETS = (
    Preset(
        "fix",
        "line",
        "Why did @err happen? Say it in a sentence or two, then give the corrected code.",
        _error,
        "What went wrong in the cell that failed last, and how to put it right.",
    ),
    Preset(
        "explain",
        "line",
        "Explain this in a few sentences: what it is or does, and what to watch out for.",
        _thing,
        "What the last cell does; or what a variable, a file or anything else is.",
    ),
    Preset(
        "test",
        "cell",
        "Write pytest tests for this code: the usual case, the edges, and what it has to refuse.",
        _code,
        "Tests for the code of the cell; they go into the next cell.",
        code=True,
    ),
    Preset(
        "doc",
        "cell",
        "Write docstrings for this code, in the style it has already. Give all of the code, otherwise as it is.",
        _code,
        "The code of the cell with docstrings; it goes into the next cell.",
        code=True,
    ),
)
"""What is asked, one line a preset."""


def magic(preset: Preset, asking: Asking) -> Magic:
    """The function that IPython calls for a preset.

    Args:
        preset: which.
        asking: asks for the shell.
    """

    def run(line: str = "", cell: str = "") -> Any:
        from .flags import parse

        flags = parse(line)
        if preset.code and not (flags.bg or flags.json):
            flags = replace(flags, code=True)
        return asking.act(preset.question(asking.host.state, flags.text.strip(), cell), flags)

    run.__name__ = run.__qualname__ = preset.name
    run.__doc__ = f"{preset.help}\n\n{preset.sign} takes words of your own, and the flags of %ask: see %ask?"
    made: Magic = no_var_expand(run)
    return made
