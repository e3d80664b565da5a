"""`%ctx VERB ...`: what follows `%ctx` where that is no question.

Enters: a line. Leaves: what to tell the user, or None where the line is a question.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..errors import Interrupted

if TYPE_CHECKING:
    from .host import Host

Run = Callable[["Host", Sequence[str]], "str | None"]
"""(what askance keeps for the shell, the words after the verb) -> what to tell the user; None: it was a question."""


def act(host: Host, text: str) -> str | None:
    """Do what a line says, if it begins with a verb and goes on as that verb does.

    Args:
        host: what askance keeps for the shell.
        text: what follows `%ctx`.

    Raises:
        AskanceError: it cannot be done, one line.
    """
    name, *arguments = _words(text) or [""]
    verb = VERBS.get(name)
    if verb is None or not verb.least <= len(arguments) <= verb.most:
        return None
    try:
        return verb.run(host, arguments)
    except KeyboardInterrupt:
        raise Interrupted("Stopped") from None


def _diff(host: Host, arguments: Sequence[str]) -> str | None:
    """What has changed since the last answer, or the one in a variable."""
    from .diff import diff_text, meant

    session = host.session()
    answer = meant(arguments, session.last, host.shell.user_ns)
    return None if answer is None else diff_text(session, answer)


def _export(host: Host, arguments: Sequence[str]) -> str:
    """What left for the last ask, byte for byte, in a folder."""
    from .export import export

    return export(host.session(), *arguments)


class Verb:
    """One of `VERBS`, and how many words it takes."""

    def __init__(self, run: Run, least: int = 0, most: int = 0) -> None:
        self.run, self.least, self.most = run, least, most


VERBS = {
    "diff": Verb(_diff, most=1),
    "export": Verb(_export, most=1),
}
"""What `%ctx` may begin with. With fewer or more words after it, the line is a question."""


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a question such as: what's in df?
        return text.split()
