"""Every error that askance raises, as one tree.

    AskanceError            one line: what happened, and what to type next
      UsageError            a flag or a name in the cell is wrong
      ConfigError           a setting, a model name or a key is missing or wrong
        MissingExtra        an optional package is not installed; carries the pip line
      ProviderError         the model's server said no, or could not be reached
        AuthError           the key is missing or was refused
        UnknownModel        the server does not have that model
        RateLimited         the server asks to wait
        NoTools             the server or its model takes no tools
        ContextTooLong      the request is larger than the model's window
        Unreachable         no answer from the server at all
        BrokenStream        the answer ended before its end mark
      BadAnswer             the answer is not the JSON that was asked for
      NotRecorded           the answer may only come from the cache, and is not there
      ToolError             a tool could not do what a model called for; told to the model
      GateError             the gate could not vouch for the request: nothing was sent
      Interrupted           the user stopped the ask

Enters: a sentence and a hint. Leaves: an exception that IPython prints as one line.
"""

from __future__ import annotations


class AskanceError(Exception):
    """A mistake or a fault that the user can do something about.

    Args:
        message: what happened, one sentence without a full stop.
        hint: what to type next, one sentence; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """The one line a user reads."""
        return f"{self.message}. {self.hint}".rstrip() if self.hint else self.message

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for its own traceback; ours is the line alone. (A subclass of
        # IPython's UsageError would print nine lines: only the exact class is quiet there.)
        return [f"askance: {self}"]


class UsageError(AskanceError):
    """A flag, a magic or a name in the cell is wrong."""


class ConfigError(AskanceError):
    """A setting, a model name or a key is missing or wrong."""


class MissingExtra(ConfigError):
    """An optional package is not installed.

    Args:
        what: the feature that needs it, for the user's eyes.
        extra: the name of our extra that brings it.
    """

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an extra", f'Type: %pip install "askance[{extra}]"')


class ProviderError(AskanceError):
    """The model's server said no, or could not be reached.

    Attributes:
        passing: whether the same request may do a little later.
    """

    passing = False

    def __init__(self, message: str, hint: str = "", *, passing: bool | None = None) -> None:
        super().__init__(message, hint)
        if passing is not None:
            self.passing = passing


class AuthError(ProviderError):
    """The key is missing or was refused."""


class UnknownModel(ProviderError):
    """The server does not have that model."""


class RateLimited(ProviderError):
    """The server asks to wait.

    Args:
        message, hint: as for every error.
        wait: seconds it asks for, None if it does not say.
        passing: False where waiting will not do: the account is empty.
    """

    passing = True

    def __init__(self, message: str, hint: str = "", wait: float | None = None, *, passing: bool | None = None) -> None:
        super().__init__(message, hint, passing=passing)
        self.wait = wait


class NoTools(ProviderError):
    """The server or its model takes no tools: the same request may do without them."""


class ContextTooLong(ProviderError):
    """The request is larger than the model's window.

    Args:
        message, hint: as for every error.
        limit: the window as the server names it, in its tokens; None if it does not.
        counted: the request's size as the server counted it; None if it does not say.
    """

    def __init__(self, message: str, hint: str = "", limit: int | None = None, counted: int | None = None) -> None:
        super().__init__(message, hint)
        self.limit = limit
        self.counted = counted


class Unreachable(ProviderError):
    """No answer from the server at all."""

    passing = True


class BrokenStream(ProviderError):
    """The answer ended before its end mark, or was not an answer."""

    passing = True


class BadAnswer(AskanceError):
    """The answer is not the JSON that was asked for.

    Args:
        message, hint: as for every error.
        answer: what came, where that is known.
    """

    def __init__(self, message: str, hint: str = "", answer: object = None) -> None:
        super().__init__(message, hint)
        self.answer = answer


class NotRecorded(AskanceError):
    """The answer may only come from the cache, and is not there.

    Args:
        why: what keeps the cache from giving it.
    """

    def __init__(self, why: str) -> None:
        super().__init__(
            f"No recorded answer holds: {why}",
            "Run it once with ASKANCE_MODE=record where a model can be asked, or ask without --replay.",
        )


class ToolError(AskanceError):
    """A tool could not do what a model called for: the model is told so in these words, and may do better."""


class GateError(AskanceError):
    """The gate could not vouch for the request: nothing was sent."""


class Interrupted(AskanceError):
    """The user stopped the ask with a kernel interrupt."""
