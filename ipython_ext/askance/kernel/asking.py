"""Does what a question and its flags ask for; `%ask`, `%%ask` and the presets all end here.

Enters: a question, its flags. Leaves: an answer in a view, in `_ask` and in a variable; or what would be sent, as text.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import Interrupted, UsageError
from .host import Host
from .printing import write

if TYPE_CHECKING:
    from ..records import Answer, Ask
    from ..schema import Schema
    from ..session import Session
    from ..structured import Structured
    from .comm import Comms
    from .flags import Flags
    from .following import Answering
    from .handing import Handing
    from .view.base import View


class Asking:
    """Asks for one shell."""

    def __init__(self, host: Host, comms: Comms | None) -> None:
        """
        Args:
            host: what askance keeps for the shell.
            comms: None where no front end can listen.
        """
        self.host = host
        self._comms = comms

    @cached_property
    def handing(self) -> Handing:
        """Gives asks their hands."""
        from .handing import Handing

        return Handing(self.host, self._comms)

    def act(self, question: str, flags: Flags) -> Any:
        """Ask, or show what would be sent, or wait, or give the last answer's code.

        Returns:
            The object of an answer asked for with --json, else None.

        Raises:
            AskanceError: one line: what is wrong, and what to type next.
        """
        try:
            return self._done(question, flags)
        except KeyboardInterrupt:  # one that comes while it is asked ends as an answer, in the runner
            raise Interrupted("Stopped") from None

    def _done(self, question: str, flags: Flags) -> Any:
        if flags.wait:
            return self._wait(question)
        if flags.code and not question.strip():
            return self._insert(self.host.session().last, wanted=True)
        if flags.map is not None:
            return self._map(question, flags)
        if flags.dry:
            return self.dry(question, flags)
        return self._prompt(question, flags) if flags.prompt else self._ask(question, flags)

    def follow(self, answering: Answering, ask: Ask) -> Answer:
        """Ask from code: nothing is shown but what the user has to allow."""
        return self.host.runner.run(answering, ask, [], self.handing.foreground())

    def dry(self, question: str, flags: Flags) -> None:
        """Show what would go along, how large it is and what it would cost; send nothing."""
        from .unsent import show_ledger

        self._keep(flags, show_ledger(*self._considered(question, flags)))

    def _prompt(self, question: str, flags: Flags) -> None:
        """Show the whole request as it would leave; send nothing."""
        from .unsent import show_prompt

        as_output = self.host.view(flags.view) not in ("plain", "rich")
        publish = self.host.shell.display_pub.publish if as_output else None
        self._keep(flags, show_prompt(*self._considered(question, flags), publish))

    def _considered(self, question: str, flags: Flags) -> tuple[Session, Ask]:
        """An ask that is not sent, and so counts for none of its cell's."""
        session = self.host.session()
        options = {"cell": self.host.cell(), "hands": True}
        return session, self._made(session, question, flags, self._schema(flags), **options)

    def _ask(self, question: str, flags: Flags) -> Any:
        from .view.variable import Variables

        host = self.host
        session = host.session()
        schema = self._schema(flags)
        cell, fresh = host.next_cell()
        options = {"cell": cell, "fresh": fresh or None, "background": flags.bg, "hands": True}
        ask = self._made(session, question, flags, schema, **options)
        answering = _structured(session, schema) if schema is not None else session
        kept = Variables(host.shell.user_ns, flags.into, as_value=schema is not None)
        # A recorded answer is here at once, or its cell has to fail; one that is being recorded is not to depend on chance.
        background = ask.background and not ask.replay and session.settings.mode != "record"
        views = [*self._views(flags, background=background), kept]
        if background:
            kept.hold(host.runner.start(answering, ask, views, self.handing.background()))
            return None
        answer = host.runner.run(answering, ask, views, self.handing.foreground(host.view(flags.view)))
        if flags.code and answer.complete:
            self._insert(answer)
        return _value(answer) if schema is not None else None

    def _map(self, question: str, flags: Flags) -> Any:
        """One question about each value of a column: the answers are the cell's value, or go into the variable."""
        from .mapped import mapped

        made = mapped(self.host.session(), question, flags, self._shape(flags), self.host.shell.user_ns)
        self._keep(flags, made)
        return None if flags.into else made

    def _made(self, session: Session, question: str, flags: Flags, schema: Schema | None, **options: Any) -> Ask:
        if flags.allow:
            self._check_allowed(session, flags.allow)
        form = {"form": "json", "schema": schema.text} if schema is not None else {}
        return session.make_ask(question, **{**options, **flags.options(), **form})

    @staticmethod
    def _check_allowed(session: Session, names: Sequence[str]) -> None:
        from ..records.ask import EVERY_TOOL

        known = session.tools.all()
        for name in names:
            if name != EVERY_TOOL and name not in known:
                raise UsageError(f"There is no tool {name!r}", f"Known: {', '.join(known)}, {EVERY_TOOL}.")

    def _schema(self, flags: Flags) -> Schema | None:
        """The schema that --json names."""
        if flags.json is None:
            return None
        from ..schema import schema_of

        return schema_of(self._shape(flags))

    def _shape(self, flags: Flags) -> object:
        """What --json names: a variable, a type of Python's own, or a .json file."""
        if flags.json is None:
            return None
        known = {**vars(builtins), **self.host.shell.user_ns}
        if flags.json not in known and not flags.json.endswith(".json"):
            raise UsageError(f"There is no variable {flags.json!r}", "--json takes one that holds a schema: see %ask?")
        return known.get(flags.json, flags.json)

    def _views(self, flags: Flags, *, background: bool) -> list[View]:
        from .view.choose import make

        host = self.host
        module = None if host.brings_module() else host.miss_module
        view = make(host.view(flags.view), host.shell, host.runner.stop, background=background, miss=module)
        views = [view]
        if self._comms is not None:
            from .view.sidebar import SidebarView

            views.append(SidebarView(self._comms))
        return views

    def _wait(self, question: str) -> None:
        if question.strip():
            raise UsageError("--wait takes no question", "Type: %ask --wait")
        count = self.host.runner.wait()
        write(f"{count} answer{' is' if count == 1 else 's are'} here." if count else "No ask runs in the background.")

    def _insert(self, answer: Answer | None, *, wanted: bool = False) -> None:
        """Put the answer's code into the next cell."""
        if answer is None:
            raise UsageError("Nothing was answered yet", "Type: %ask --code and a question")
        code = answer.shown_code.rstrip()
        if code:
            self.handing.next_cell.put(code)
        elif wanted:
            raise UsageError("The last answer holds no code", "Type: %ask --code and a question")
        else:
            write("The answer holds no code.")

    def _keep(self, flags: Flags, thing: object) -> None:
        if flags.into:
            self.host.shell.user_ns[flags.into] = thing


def _structured(session: Session, schema: Schema) -> Structured:
    from ..structured import Structured

    return Structured(session, schema)


def _value(answer: Answer) -> Any:
    from ..structured import checked

    return checked(answer).value
