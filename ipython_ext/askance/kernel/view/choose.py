"""Which view an answer gets.

Enters: the shell, what the user wants, what is known of the front end. Leaves: a fresh `View`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell

from ...errors import MissingExtra

if TYPE_CHECKING:
    from .base import View

_ON_OUTPUTS = ("markdown", "final")
"""The views that show Markdown as an output of a cell."""

_STATIC = Path(__file__).parent / "static"


def kind(shell: InteractiveShell, wanted: str, *, interactive: bool) -> str:
    """The view to use: "widget", "markdown", "final", "rich" or "plain".

    Args:
        shell: the shell that asks.
        wanted: "auto" or one of these.
        interactive: whether a front end has shown itself that can show widgets. nbconvert, nbclient and papermill
            never do.
    """
    if wanted == "auto":
        if getattr(shell, "kernel", None) is None:
            wanted = "rich" if sys.stdout.isatty() and find_spec("rich") is not None else "plain"
        elif interactive or "google.colab" in sys.modules:
            wanted = "widget"
        else:
            wanted = "markdown" if attended(shell) else "final"
    # A source checkout whose JavaScript was never built still answers.
    built = all((_STATIC / name).is_file() for name in ("answer.js", "stub.js"))
    return "markdown" if wanted == "widget" and not built else wanted


def prepare(name: str) -> None:
    """Import what a view needs, so that its first answer is shown as fast as its second.

    Args:
        name: as `kind` gives it.
    """
    from ...inert import inert
    from ...providers import prices
    from .. import flags  # noqa: F401  the imports are the purpose
    from . import final, output, sidebar, variable  # noqa: F401

    if name == "widget":
        from . import widget  # noqa: F401
    elif name in _ON_OUTPUTS:
        from . import markdown  # noqa: F401
    else:
        from . import terminal  # noqa: F401
    if name == "rich":
        import rich.live
        import rich.markdown  # noqa: F401

        from . import terminal_rich  # noqa: F401
    prices.estimate("anthropic:", 1, 1)
    if name != "plain":
        inert("*once*")


def make(
    name: str,
    shell: InteractiveShell,
    stop: Callable[[str], Any],
    *,
    background: bool = False,
    retry: Callable[[str], Any] | None = None,
    miss: Callable[[], Any] | None = None,
) -> View:
    """A view for one ask.

    Args:
        name: as `kind` gives it.
        shell: where it is shown.
        stop: stops the ask with the given id.
        background: whether the ask outlives its cell.
        retry: asks the question with the given id again; None if nothing can.
        miss: None to let a widget bring the module that draws it; where the page is said to have it, what is called if it
            has not.

    Raises:
        MissingExtra: the view needs a package that is not installed.
    """
    if name not in ("widget", *_ON_OUTPUTS):
        return _on_terminal(name, shell, background=background)
    from .output import Output

    output = Output(shell)
    if name == "widget":
        from .widget import Acts, WidgetView

        acts = Acts(stop=stop, insert=shell.set_next_input, retry=retry, miss=miss)
        return WidgetView(output, acts, background=background)
    from .markdown import FinalView, MarkdownView

    if name == "markdown":
        return MarkdownView(output, time.monotonic, background=background)
    return FinalView(output, background=background)


def _on_terminal(name: str, shell: InteractiveShell, *, background: bool) -> View:
    if name == "rich" and find_spec("rich") is None:
        raise MissingExtra('The view "rich"', "terminal")

    def view() -> View:
        if name == "rich":
            from .terminal_rich import RichView

            return RichView(sys.stdout, time.monotonic, background=background)
        from .terminal import TerminalView

        return TerminalView(sys.stdout, background=background)

    if not background:
        return view()
    from .later import LaterView, at_prompt

    return LaterView(view, at_prompt(shell))


def attended(shell: InteractiveShell) -> bool:
    """Whether somebody can be asked for input: programs that execute notebooks say that nobody can."""
    get_parent = getattr(shell, "get_parent", None)
    content = get_parent().get("content") if get_parent is not None else None
    return not isinstance(content, dict) or bool(content.get("allow_stdin", True))
