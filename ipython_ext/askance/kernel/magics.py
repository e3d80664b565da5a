"""`%ask`, `%%ask`, `%ctx`, `%askcache`: parse, act, no rules.

Enters: the text of a line or a cell. Leaves: an answer in a view and in `_ask`; a ledger as a table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class, no_var_expand

from ..errors import Interrupted, UsageError
from .host import Host

if TYPE_CHECKING:
    from ..records import Ledger
    from .comm import Comms
    from .flags import Flags
    from .view.base import View

T = TypeVar("T")

NAMES = ("ask", "ctx", "askcache")

HELP = """Ask a model about your notebook.

    %ask why is revenue negative?
    %ask -m local -b 2000 what does @clean do? << reply

    %%ask --thread plots
    Draw @sales by region.
    Use the colours of @style.py.

A question goes out with what matters for it: variables, cells, the last error, files, packages, git state.
"@name" in the text says what must go along: @df, @utils.py, @cell[12], @git, @err.
The answer is in `_ask` too (.text .code .ledger .usage .cached), and in the variable after "<<" at the end of the line.

    -m, --model NAME      another model, "provider:model"
    -t, --thread NAME     the conversation it belongs to
    -c, --context WHICH   auto (what matters), none, only (what "@" names)
    -b, --budget TOKENS   room for the whole request
    -p, --privacy 0..3    how much of a value may leave: names, schema, statistics, samples
    --fresh               ask the model even if the answer is known
    --dry                 show what would be sent, send nothing
    --view WHICH          auto, widget, markdown, plain
    --                    what follows is the question, even if it begins with "-"
"""


def write(text: str) -> None:
    """Print a line, or several."""
    sys.stdout.write(f"{text}\n")


@magics_class
class AskanceMagics(Magics):
    """What a user types."""

    def __init__(self, host: Host, comms: Comms | None) -> None:
        """
        Args:
            host: what askance keeps for the shell.
            comms: None where no front end can listen.
        """
        super().__init__(host.shell)
        self._host = host
        self._comms = comms
        # IPython asks an object for `getdoc` before it looks at its docstring.
        vars(type(self))["ask"].getdoc = lambda: f"{HELP}\nModel: {host.explain()}"

    @no_var_expand
    @line_cell_magic
    def ask(self, line: str, cell: str | None = None) -> None:
        """Ask a model about your notebook: `%ask why?`, or a cell that begins with `%%ask`."""
        asked = _parsed(line)
        question = asked.text if cell is None else f"{asked.text}\n{cell}" if asked.text else cell
        if asked.dry:
            self._preview(question, asked)
        else:
            _unless_interrupted(lambda: self._ask(question, asked))

    @no_var_expand
    @line_magic
    def ctx(self, line: str) -> None:
        """What goes along with a question: the items, their sizes, and why.

        `%ctx` shows what was sent with the last one, `%ctx QUESTION` what would be sent with that one.
        """
        asked = _parsed(line)
        if asked.text.strip() not in ("", "show"):
            self._preview(asked.text, asked)
            return
        latest = self._host.runner.latest
        if latest is None or latest.ledger is None:
            raise UsageError("Nothing was asked yet", "Type: %ctx why is revenue negative?")
        write(_table(latest.ledger))

    @no_var_expand
    @line_magic
    def askcache(self, line: str) -> None:
        """The kept answers: `%askcache` counts hits and misses, `%askcache clear` forgets them all."""
        what = line.strip() or "stats"
        if what not in ("stats", "clear"):
            raise UsageError(f"%askcache does not know {what!r}", "Type: %askcache stats, or %askcache clear")
        session = self._host.session()
        if what == "clear":
            session.clear_cache()
            write("Every kept answer is forgotten.")
            return
        write("\n".join(_lines(session.cache_stats())) or "No answers are kept.")

    def _ask(self, question: str, asked: Flags) -> None:
        from .view.choose import make
        from .view.variable import Variables

        host = self._host
        session = host.session()
        cell = host.cell_metadata().get("cellId")
        ask = session.make_ask(question, cell=cell if isinstance(cell, str) else None, **asked.options())
        names = ("_ask", asked.into) if asked.into else ("_ask",)
        views: list[View] = [
            make(host.view(asked.view), host.shell, host.runner.stop),
            Variables(host.shell.user_ns, *names),
        ]
        if self._comms is not None:
            from .view.sidebar import SidebarView

            views.append(SidebarView(self._comms))
        host.runner.run(session, ask, views)

    def _preview(self, question: str, asked: Flags) -> None:
        options = asked.options()
        write(_table(_unless_interrupted(lambda: self._host.session().preview(question, **options))))


def _parsed(line: str) -> Flags:
    from .flags import parse

    return parse(line)


def _lines(stats: Mapping[str, object], lead: str = "") -> Iterator[str]:
    for name, value in stats.items():
        if isinstance(value, Mapping):
            yield from _lines(value, f"{lead}{name} ")
        elif value or value == 0:
            yield f"{lead}{name}: {value}"


def _table(ledger: Ledger) -> str:
    from .table import table

    return table(ledger)


def _unless_interrupted(work: Callable[[], T]) -> T:
    try:
        return work()
    except KeyboardInterrupt:
        raise Interrupted("Stopped") from None
