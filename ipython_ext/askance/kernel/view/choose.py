"""Which view an answer gets.

Enters: the shell, what the user wants, what is known of the front end. Leaves: a fresh `View`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell

if TYPE_CHECKING:
    from .base import View

_STATIC = Path(__file__).parent / "static"


def kind(shell: InteractiveShell, wanted: str, *, interactive: bool) -> str:
    """The view to use: "widget", "markdown" or "plain".

    Args:
        shell: the shell that asks.
        wanted: "auto" or one of the three.
        interactive: whether a front end has shown itself that can show widgets. nbconvert, nbclient and papermill
            never do.
    """
    if wanted == "auto":
        in_kernel = getattr(shell, "kernel", None) is not None
        wanted = "plain" if not in_kernel else "widget" if interactive else "markdown"
    # A source checkout whose JavaScript was never built still answers.
    return "markdown" if wanted == "widget" and not (_STATIC / "answer.js").is_file() else wanted


def prepare(name: str) -> None:
    """Import what a view needs, so that its first answer is shown as fast as its second.

    Args:
        name: as `kind` gives it.
    """
    from ...inert import inert
    from .. import flags  # noqa: F401  the imports are the purpose
    from . import final, output, sidebar, variable  # noqa: F401

    if name == "widget":
        from . import widget  # noqa: F401
    elif name == "markdown":
        from . import markdown  # noqa: F401
    else:
        from . import terminal  # noqa: F401
    if name != "plain":
        inert("*once*")


def make(name: str, shell: InteractiveShell, stop: Callable[[str], Any]) -> View:
    """A view for one ask.

    Args:
        name: as `kind` gives it.
        shell: where it is shown.
        stop: stops the ask with the given id.
    """
    if name == "plain":
        from .terminal import TerminalView

        return TerminalView(sys.stdout)
    from .output import Output

    if name == "markdown":
        from .markdown import MarkdownView

        return MarkdownView(Output(shell), time.monotonic)
    from .widget import WidgetView

    return WidgetView(Output(shell), stop)
