"""`%ask`, `%%ask`, `%ctx`, `%threads`, `%askcache`: parse, act, no rules.

Enters: the text of a line or a cell. Leaves: what the user sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class, no_var_expand

from ..errors import UsageError
from .asking import Asking
from .printing import write

if TYPE_CHECKING:
    from .flags import Flags

HELP = """Ask a model about your notebook.

    %ask why is revenue negative?
    %ask -m local -b 2000 what does @clean do? << reply

    %%ask --thread plots
    Draw @sales by region.
    Use the colours of @style.py.

A question goes out with what matters for it: variables, cells, the last error, files, packages, git state.
"@name" in the text says what must go along: @df, @utils.py, @cell[12], @git, @err.
The answer is in `_ask` too (.text .code .value .ledger .usage .cached), and in the variable after "<<" at the end of the
line.

    -m, --model NAME      another model, "provider:model"
    -t, --thread NAME     the conversation it belongs to; see %threads
    -c, --context WHICH   auto (what matters), none, only (what "@" names)
    -b, --budget TOKENS   room for the whole request
    -p, --privacy 0..3    how much of a value may leave: names, schema, statistics, samples
    --max-output TOKENS   room for the answer
    --temperature NUMBER  how freely the model chooses its words
    --fresh               ask the model even if the answer is known
    --replay              give the answer that was kept or recorded, of any age, and fail if there is none; ask no model
    --code                the answer is code, and goes into the next cell; without a question, the last answer's code
    --json SCHEMA         the answer is an object: SCHEMA is a variable that holds a pydantic model, a dataclass, a type
                          or a JSON schema, or the path of a .json file; the object is the cell's value
    --bg                  go on at once; the answer appears here while you work, and `_ask` holds a handle until then
    --wait                wait for all that were asked with --bg
    --dry                 show what would be sent and what it would cost, send nothing
    --prompt              show the whole request as text, to use it in any chat; send nothing
    --view WHICH          auto, widget, markdown, rich, plain
    --tools               the model may look things up while it answers: variables, cells, files, git, documentation;
                          and run code or write a cell, if you allow it each time. --tools=NAME,NAME for these alone
    --allow NAME,NAME     tools that may act without being allowed each time: run_python, write_cell, or all
    --no-tools            none, where Askance.tools is set
    --map COLUMN          ask the same about each value: COLUMN is a variable, df.text or df["text"]; as ask.map, see
                          ask.map?. --batch N: rows a request takes at most; --batch-api: the provider's own batches
    --                    what follows is the question, even if it begins with "-"

Asked often, with the same flags: %fix, %explain, %%test, %%doc.
"""


@magics_class
class AskanceMagics(Magics):
    """What a user types."""

    def __init__(self, asking: Asking) -> None:
        """
        Args:
            asking: asks for the shell.
        """
        super().__init__(asking.host.shell)
        self._asking = asking
        self._host = asking.host
        # IPython asks an object for `getdoc` before it looks at its docstring.
        vars(type(self))["ask"].getdoc = lambda: f"{HELP}\nModel: {self._host.explain()}"
        vars(type(self))["ctx"].getdoc = _ctx_help
        vars(type(self))["threads"].getdoc = _threads_help
        vars(type(self))["askcache"].getdoc = _askcache_help

    @no_var_expand
    @line_cell_magic
    def ask(self, line: str, cell: str | None = None) -> Any:
        """Ask a model about your notebook: `%ask why?`, or a cell that begins with `%%ask`."""
        asked = _parsed(line)
        question = asked.text if cell is None else f"{asked.text}\n{cell}" if asked.text else cell
        return self._asking.act(question, asked)

    @no_var_expand
    @line_magic
    def ctx(self, line: str) -> None:
        """What goes along with a question, and what may: show, why, diff, export, mute, pin, level."""
        from .ctx import act

        asked = _parsed(line)
        said = act(self._host, asked.text)
        if said is not None:
            self._say(said)
            return
        if asked.text.strip() not in ("", "show"):
            self._asking.dry(asked.text, asked)
            return
        latest, others = self._host.runner.latest, self._host.offering.summary
        if latest is None or latest.ledger is None:
            if others:
                self._say(others)
                return
            raise UsageError("Nothing was asked yet", "Type: %ctx why is revenue negative?")
        from .table import table

        last = self._host.session().last
        redactions = last.redactions if last is not None and last.id == latest.ask_id else ()
        self._say("\n".join(filter(None, (table(latest.ledger, redactions or None), others))))

    @no_var_expand
    @line_magic
    def threads(self, line: str) -> None:
        """The conversations of this notebook: list, show, use, fork, rewind, reset, save, load."""
        from .threads import act

        self._say(act(self._host.session(), line))

    @no_var_expand
    @line_magic
    def askcache(self, line: str) -> None:
        """The kept answers: stats, why, list, show, use, clear, export, import, off, on."""
        from .askcache import act

        self._say(act(self._host, line))

    def _say(self, text: str) -> None:
        """Print what the notebook will keep: so without secrets."""
        write(self._host.shown(text))


def _ctx_help() -> str:
    from .ctx import HELP

    return HELP


def _threads_help() -> str:
    from .threads import HELP

    return HELP


def _askcache_help() -> str:
    from .askcache import HELP

    return HELP


def _parsed(line: str) -> Flags:
    from .flags import parse

    return parse(line)
