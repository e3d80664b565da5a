"""What has changed since an answer, for `%ctx diff`.

Enters: a session, an answer. Leaves: lines: each change in words and, where the text that was sent is still known, how it
differs from what would be sent now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from itertools import groupby, islice

from ..errors import AskanceError, UsageError
from ..records import Answer, Item
from ..session import Session
from ..staleness import changes, seen, telling
from .present import Present

MOST_LINES = 30
"""Lines of difference that are shown of one thing."""

_LINE_ROOM = 200
_THREAD = "%ctx diff"
"""No conversation: all is told anew."""


def meant(names: Sequence[str], last: Answer | None, namespace: Mapping[str, object]) -> Answer | None:
    """The answer that "diff" or "diff NAME" asks about; None if it is something else, such as a question.

    Args:
        names: the words after "diff", at most one.
        last: the last answer.
        namespace: the user's variables.

    Raises:
        UsageError: nothing was answered yet.
    """
    if names:
        named = namespace.get(names[0])
        return named if type(named) is Answer else None
    if last is None:
        raise UsageError("Nothing was answered yet", "Type: %ask why is revenue negative?")
    return last


def diff_text(session: Session, answer: Answer) -> str:
    """What is not as the answer saw it, the most telling first.

    Args:
        session: asked for the present state; waits for it, so not for its own loop.
        answer: one of this session, or of an earlier one.
    """
    saw = seen(answer.ledger)
    present = Present(session.engine, {one.id for one in saw})
    told = (one for one in saw if present.tells(one.id))
    found = telling(changes(told, present.fingerprint, present.facts))
    if not found:
        return "Nothing has changed since this answer." if saw else "This answer saw nothing of the notebook."
    then = {item.id: item for item in answer.ledger.sent if item.text}
    now = _now(session, answer, [change.id for change in found if change.id in then])
    lines: list[str] = []
    for words, same in groupby(found, lambda change: change.words):
        lines += [words, *(line for change in same for line in _difference(then.get(change.id), now.get(change.id)))]
    return "\n".join(lines)


def _now(session: Session, answer: Answer, ids: Sequence[str]) -> dict[str, Item]:
    """These items as the same question would send them now; none if that cannot be told."""
    if not ids:
        return {}
    options = {"model": answer.model, "budget": answer.ledger.budget or None, "thread": _THREAD, "pins": ids}
    try:
        ledger = session.preview(answer.question, **options)
    except AskanceError:
        return {}
    return {item.id: item for item in ledger.sent}


def _difference(before: Item | None, after: Item | None) -> Iterator[str]:
    if before is None or after is None or before.level != after.level:
        return
    difference = unified_diff(before.text.splitlines(), after.text.splitlines(), n=1, lineterm="")
    lines = list(islice(difference, 2, None))  # without the two lines that name the files
    yield from (f"    {line[:_LINE_ROOM]}" for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"    … {len(lines) - MOST_LINES} more lines"
