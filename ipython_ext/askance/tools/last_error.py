"""The tool that tells of the last error. Enters: nothing. Leaves: what the error's source tells at its level."""

from __future__ import annotations

from ..errors import ToolError
from ..index.digest import digest
from ..records import Ask
from ..sources.error import ErrorSource
from .base import Arguments, Hands, Touches
from .reading import Reading, number, paged, takes

_NONE = "There is no error: the last cell that ran went well."


class LastError(Reading):
    """Tells of the error with its steps, the lines that ran, and the local variables, as far as these may be told.

    Args:
        error: the source.
    """

    name = "last_error"
    description = (
        "The exception of the last cell that ran: type, message, the steps that led to it with their code and local "
        "variables. Use it when something failed."
    )
    schema = takes(start=number("The first line to read, where it is long"))

    def __init__(self, error: ErrorSource) -> None:
        self._error = error

    def touches(self, arguments: Arguments) -> Touches:  # noqa: ARG002
        """The error."""
        return Touches(reads=frozenset(("error:error",)))

    def fingerprint(self, arguments: Arguments) -> str | None:  # noqa: ARG002
        """The error's, or that there is none."""
        return self._error.fingerprint("error") or digest(_NONE)

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:  # noqa: ARG002
        """The error in words.

        Raises:
            ToolError: nothing may be told of it.
        """
        if ask.withholds("error", "error"):
            raise ToolError("Nothing may be told of errors", "Ask the user what failed.")
        found = await self._error.collect(ask)
        return paged(found[0].render("full"), arguments.get("start", 1)) if found else _NONE
