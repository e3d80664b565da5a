"""Every fault of an SDK, a network or a server, as one of our errors with a hint that says what to type next.

Enters: whatever an SDK raised (both SDKs name their exceptions alike). Leaves: a `ProviderError`, without any key.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from ..errors import (
    AskanceError,
    AuthError,
    BrokenStream,
    ContextTooLong,
    NoTools,
    ProviderError,
    RateLimited,
    UnknownModel,
    Unreachable,
)
from .endpoint import Endpoint
from .http import asked_wait
from .no_tools import refusal
from .outgoing import Refused
from .sizes import Sizes, too_long

AGAIN = "Run the cell again."
SMALLER = "Send less: %%ask -b 2000, or less of a value: %%ask -p 1"
OTHER_MODEL = "Name another: %%ask -m provider:model"
SHORT_WAIT = 60.0
"""Seconds that a user may like to wait; beyond, another model is proposed."""

_KEYS = re.compile(r"\b(?:sk|pk|AIza|gsk|xai)[-_\w*.]{6,}")
_KEY = re.compile(r"\bapi.?key\b", re.IGNORECASE)
_MODEL = re.compile(r"\bmodel\b", re.IGNORECASE)


class ErrorEvent(Exception):
    """An error that a server tells in the middle of its stream.

    Args:
        body: what it says.
    """

    def __init__(self, body: object) -> None:
        super().__init__()
        self.body = body


class Progress:
    """Whether an answer has begun, and whether there were tools to call, which decides what a fault means."""

    def __init__(self, *, tools: bool) -> None:
        self.begun = False
        self.tools = tools


@contextmanager
def mapped(sdk: ModuleType, to: Endpoint, model: str, *, tools: bool = False) -> Iterator[Progress]:
    """Turn whatever is raised inside into one of our errors; cancellation passes.

    Args:
        sdk: the SDK whose exceptions to expect.
        to: the server asked.
        model: the model asked for.
        tools: whether the request has tools.
    """
    progress = Progress(tools=tools)
    try:
        yield progress
    except AskanceError:
        raise
    except Refused as refused:
        raise refused.error from None
    except Exception as error:  # noqa: BLE001  SDKs let foreign exceptions out: JSON, Unicode, assertions
        raise _explain(error, sdk, to, model, progress) from None


def _explain(error: Exception, sdk: ModuleType, to: Endpoint, model: str, progress: Progress) -> ProviderError:
    if progress.tools and (hint := _refused_tools(error, sdk)):
        return NoTools(f"{model or 'the model'} of {to.provider} takes no tools", hint)
    if isinstance(error, sdk.APIStatusError):
        return _from_status(error, to, model)
    if isinstance(error, sdk.APITimeoutError) and not progress.begun:
        return Unreachable(f"{to.provider} did not answer within {to.idle:g} s at {to.shown}", to.start)
    if isinstance(error, sdk.APIConnectionError) and not progress.begun:
        return Unreachable(f"nothing answers for {to.provider} at {to.shown}{_reason(error)}", to.start)
    if isinstance(error, sdk.APITimeoutError) or "Timeout" in type(error).__name__:
        return BrokenStream(f"{to.provider} fell silent for {to.idle:g} s in the middle of the answer", AGAIN)
    if isinstance(error, sdk.APIConnectionError) or type(error).__module__.startswith("http"):
        return BrokenStream(f"the connection to {to.provider} broke in the middle of the answer", AGAIN)
    if isinstance(error, (sdk.APIError, ErrorEvent)):
        return _from_event(error, to, model)
    if not progress.begun:
        what = " ".join(str(error).replace(to.key or "\0", "…").split())[:200]
        return ProviderError(f"{to.provider} could not be asked ({type(error).__name__}: {what})", OTHER_MODEL)
    return BrokenStream(f"{to.provider} sent something that is not an answer ({type(error).__name__})", AGAIN)


def _refused_tools(error: Any, sdk: ModuleType) -> str:
    """What to type if it is about tools, else ""; keys, credit and limits on the rate have statuses of their own."""
    told = isinstance(error, (sdk.APIError, ErrorEvent)) and getattr(error, "status_code", 400) not in (
        401,
        402,
        403,
        429,
    )
    return refusal(error.body) if told else ""


def _reason(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if type(cause).__name__ == "gaierror":
            return " (its name cannot be resolved: no network?)"
        if "certificate" in str(cause).lower():
            return " (its certificate cannot be verified)"
        cause = cause.__cause__ or cause.__context__
    return ""


def _from_status(error: Any, to: Endpoint, model: str) -> ProviderError:
    status, said = error.status_code, _said(error, to)
    if status == 200:  # an error event inside a stream that began well
        return _from_event(error, to, model)
    if status in (401, 403) or (status == 400 and _KEY.search(said)):
        return AuthError(f"{to.provider} refused {to.refused} ({status})", f"Type: {to.key_hint}")
    sizes = too_long(error.body, status) if status in (400, 413, 422) else None
    if sizes is not None:
        return _too_long(sizes, model)
    if status == 404 and _MODEL.search(said):
        return UnknownModel(f"{to.provider} has no model {model!r}", OTHER_MODEL)
    if status == 429:
        return _limited(said, to, asked_wait(error.response))
    if 300 <= status < 400:
        hint = 'Set the address it should have: %config Askance.base_url = "..."'
        return ProviderError(f"{to.shown} redirects{_elsewhere(error.response)}; the question was not sent there", hint)
    if status >= 500:
        said = f"{to.provider} is in trouble itself ({status}{_colon(said)})"
        return ProviderError(said, "Wait a little. " + AGAIN, passing=True)
    hint = OTHER_MODEL if _MODEL.search(said) else "Check the address and the settings: %config Askance"
    return ProviderError(f"{to.provider} refused the request ({status}{_colon(said)})", hint)


def _elsewhere(response: Any) -> str:
    try:
        host = urlsplit(response.headers.get("location", "")).hostname
    except ValueError:
        host = None
    return f" to {host[:80]}" if host else " elsewhere"


def _limited(said: str, to: Endpoint, wait: float | None = None) -> RateLimited:
    if re.search(r"quota|credit|billing", said, re.IGNORECASE):
        return RateLimited(f"the account at {to.provider} has no credit left", OTHER_MODEL, passing=False)
    if wait is None or not math.isfinite(wait):
        return RateLimited(f"{to.provider} asks to wait (429)", "Wait a minute. " + AGAIN)
    other = "" if wait <= SHORT_WAIT else f" {OTHER_MODEL}"
    return RateLimited(f"{to.provider} asks to wait {_duration(wait)} (429)", f"{AGAIN}{other}", wait)


def _duration(seconds: float) -> str:
    """In words, rounded up."""
    if seconds < 2 * 60:
        return f"{math.ceil(seconds)} s"
    return f"{math.ceil(seconds / 60)} min" if seconds < 2 * 3600 else f"{math.ceil(seconds / 3600)} h"


def _too_long(sizes: Sizes, model: str) -> ContextTooLong:
    return ContextTooLong(f"the request is too long for {model or 'the model'}", SMALLER, sizes.limit, sizes.counted)


def _from_event(error: Any, to: Endpoint, model: str) -> ProviderError:
    said = _said(error, to)
    if re.search(r"rate.?limit", said, re.IGNORECASE):
        return _limited(said, to)
    sizes = too_long(error.body, 200)
    if sizes is not None:
        return _too_long(sizes, model)
    return BrokenStream(f"{to.provider} broke off with an error{_colon(said)}", AGAIN)


def _colon(said: str) -> str:
    return f": {said}" if said else ""


def _said(error: Any, to: Endpoint) -> str:
    """The server's own words: one line, short, and without anything like a key."""
    body = error.body
    if isinstance(body, dict) and isinstance(body.get("error"), (dict, str)):
        body = body["error"]
    words = body.get("message") or body.get("type") or "" if isinstance(body, dict) else body
    text = " ".join(words.split()) if isinstance(words, str) else ""
    if text.startswith("<"):
        return ""  # a web page says nothing to the point
    text = text.replace(to.key, "…") if to.key else text
    return _KEYS.sub("…", text)[:200]
