"""The public functions: `ask`, `preview`, `describe`.

Enters: a question or an object. Leaves: an `Answer`, a `Ledger`, a text. In a notebook they use the kernel's own
session; anywhere else, one for the current folder.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import AskanceError

if TYPE_CHECKING:  # the session is imported when one is made, so that `use` costs nothing while a kernel loads us
    from .records import Answer, Ledger, Level
    from .session import Session

T = TypeVar("T")

_lock = threading.Lock()
_kernel_session: Callable[[], Session] | None = None
_own_session: Session | None = None


def use(session: Callable[[], Session] | None) -> None:
    """Which session the public functions use from now on: the kernel's, given lazily, or None for one of their own."""
    global _kernel_session  # noqa: PLW0603  one kernel, one session
    _kernel_session = session


def current() -> Session:
    """The session that a question asked now goes to."""
    global _own_session  # noqa: PLW0603
    if _kernel_session is not None:
        return _kernel_session()
    with _lock:
        if _own_session is None:
            from .session import Session

            _own_session = Session.for_project(Path.cwd())
        return _own_session


def _plainly(work: Callable[[], T]) -> T:
    """Errors name the caller's line and say what to do; the way they took through our rooms helps nobody."""
    try:
        return work()
    except AskanceError as error:
        raise error.with_traceback(None) from None


def ask(question: str, **options: Any) -> Answer:
    """Ask a model about your notebook and wait for the answer.

    Args:
        question: your words; `@name` pins a variable, a file, `@cell[12]`, `@git` or `@err`.
        options: model, thread, context, budget, privacy, fresh, temperature, max_output: as the flags of `%%ask`.

    Returns:
        The answer: `.text .code .blocks .ledger .usage .timing .cached .complete`.

    Raises:
        AskanceError: one line that says what happened and what to type next.
    """
    return _plainly(lambda: current().ask(question, **options))


def preview(question: str, **options: Any) -> Ledger:
    """What would be sent along with a question, without sending it.

    Args:
        question: your words.
        options: as for `ask`.

    Returns:
        The ledger: `.items .budget .tokens .notes .to_dict()`.
    """
    return _plainly(lambda: current().preview(question, **options))


def describe(obj: object, level: Level = "outline", privacy: int = 2) -> str:
    """What a model would see of an object.

    Args:
        obj: anything; an unknown type is described by its name alone unless it has `_repr_ask_(self, level)`.
        level: "name", "outline", "excerpt" or "full".
        privacy: 0 names, 1 schema, 2 statistics, 3 samples.
    """
    from .sources.describe import describe as describe_object

    return describe_object(obj, level, privacy)
