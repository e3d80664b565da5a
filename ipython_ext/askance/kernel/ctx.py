"""`%ctx VERB ...`: what follows `%ctx` where that is no question.

Enters: a line. Leaves: what to tell the user, or None where the line is a question.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from ..errors import Interrupted

if TYPE_CHECKING:
    from .host import Host

MOST = 50
"""Names that one line may give."""

HELP = """What goes along with a question: the items, their sizes, and why.

    %ctx                     what was sent with the last question
    %ctx QUESTION            what would be sent with that one
    %ctx why X               all that was decided about X for the last question, and whether it is still so
    %ctx diff [NAME]         what has changed since the last answer, or the one in a variable
    %ctx export [FOLDER]     write what left for the last question, byte for byte, with all that was replaced in it
    %ctx told [N]            what other programs were told (Askance.mcp), or all that their call N got
    %ctx mute X ...          leave X out of every question from now on; unmute X, mutes
    %ctx pin X ...           have X go along with every question; unpin X, pin
    %ctx level               how much of each source, and of what was set, may leave
    %ctx level X [N]         of X: 0 names, 1 schema, 2 statistics, 3 samples, default

X is a variable, a file, "cell[3]", "err", a source such as git, or an id such as variables:df. What is muted, pinned and
set here lasts as long as the kernel. %config Askance.never = [...] and Askance.levels = {...} hold in every kernel that
sets them.
"""

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
    name, *words = _words(text) or [""]
    arguments = _whole(host, text, words) if name == "why" else words
    verb = VERBS.get(name)
    if verb is None or not verb.least <= len(arguments) <= verb.most:
        return None
    try:
        return verb.run(host, arguments)
    except KeyboardInterrupt:
        raise Interrupted("Stopped") from None


def complete(host: Host, words: Sequence[str]) -> Sequence[str]:
    """What may come after these words of a `%ctx` line.

    Args:
        host: what askance keeps for the shell.
        words: the whole words before the cursor, without `%ctx`.
    """
    from .ctx_things import called, names

    if not words:
        return tuple(VERBS)
    match words[0]:
        case "unmute" | "unpin":
            return called(host, host.wishes.mutes if words[0] == "unmute" else host.wishes.pins)
        case "level" if len(words) == 2:
            return ("0", "1", "2", "3", "default")
        case "level" | "why" if len(words) > 1:
            return ()
        case "mute" | "pin" | "level" | "why":
            return names(host)
    return ()


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


def _lazily(module: str, name: str) -> Run:
    """A function of a module beside this one, which is imported once it is wanted."""

    def run(host: Host, arguments: Sequence[str]) -> str | None:
        done: str | None = getattr(import_module(f".{module}", __package__), name)(host, arguments)
        return done

    return run


class Verb:
    """One of `VERBS`, and how many words it takes."""

    def __init__(self, run: Run, least: int = 0, most: int = 0) -> None:
        self.run, self.least, self.most = run, least, most


VERBS = {
    "diff": Verb(_diff, most=1),
    "export": Verb(_export, most=1),
    "level": Verb(_lazily("ctx_wishes", "level"), most=2),
    "mute": Verb(_lazily("ctx_wishes", "mute"), most=MOST),
    "mutes": Verb(_lazily("ctx_wishes", "mutes")),
    "pin": Verb(_lazily("ctx_wishes", "pin"), most=MOST),
    "told": Verb(_lazily("offering", "told"), most=1),
    "unmute": Verb(_lazily("ctx_wishes", "unmute"), least=1, most=MOST),
    "unpin": Verb(_lazily("ctx_wishes", "unpin"), least=1, most=MOST),
    "why": Verb(_lazily("ctx_why", "why"), least=1, most=1),
}
"""What `%ctx` may begin with. With fewer or more words after it, the line is a question."""


def _whole(host: Host, text: str, words: Sequence[str]) -> Sequence[str]:
    """What follows the verb, as one word where that is the name of a thing: calls of tools have blanks in theirs."""
    from .ctx_things import is_called

    rest = text.split(None, 1)[1].strip() if words else ""
    return [rest] if rest and is_called(host, rest) else words


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a question such as: what's in df?
        return text.split()
