"""What went wrong with a Redis server, for people.

Enters: an exception of redis-py, or of what it stands on. Leaves: what happened and what to type next. Nothing of the
exception's text: an old server repeats a command that it does not know, password and all.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from ...errors import MissingExtra

LOGIN = "Set ASKANCE_REDIS_USERNAME and ASKANCE_REDIS_PASSWORD in the environment"
"""The hint where a server wants to know who asks."""

ACL = "It needs: ~askance:* +getrange +set +unlink +scan +strlen"
"""The hint where a server knows who asks, and what they may do."""

CERTIFICATE = "If its authority is your own, let redis_url end in ?ssl_ca_certs=FILE"

TLS = "In redis_url, rediss:// is with TLS and redis:// without"

_REPLIES = {
    "OutOfMemoryError": ("{place} is full", "Give it an eviction policy, as: CONFIG SET maxmemory-policy allkeys-lru"),
    "ReadOnlyError": ("{place} is a replica, which takes no writes", ""),
    "BusyLoadingError": ("{place} is still loading its data", ""),
    "AuthenticationError": ("{place} refuses the user name or the password", LOGIN),
    "AuthorizationError": ("{place} refuses the user name or the password", LOGIN),
    "NoPermissionError": ("{place} does not let this user do it", ACL),
    "MovedError": ("{place} is part of a cluster: askance wants a server of its own", ""),
    "InvalidResponse": ("{place} does not speak Redis's protocol", ""),
    "TimeoutError": ("{place} does not answer", ""),
}
"""By the names of redis-py's exceptions."""

_CODES = {"MISCONF": ("{place} cannot save its data and takes no writes", "")}
"""By the first word of a reply that redis-py has no exception for."""

_CAUSES: tuple[tuple[type[BaseException], str, str], ...] = (
    (ImportError, "the redis package is not installed", MissingExtra("", "redis").hint),
    (ssl.SSLCertVerificationError, "the TLS certificate of {place} is not trusted", CERTIFICATE),
    (ssl.SSLError, "{place} and TLS do not get along", TLS),
    (socket.gaierror, "the host of {place} is not known", ""),
    (ConnectionRefusedError, "nothing listens at {place}", ""),
    (ConnectionError, "{place} closes the connection", TLS),
    (FileNotFoundError, "a file that redis_url names is not there", ""),
    (PermissionError, "a file that redis_url names may not be read", ""),
    (TimeoutError, "{place} does not answer", ""),
    (OSError, "{place} cannot be reached", ""),
    (RuntimeError, "there is no thread to ask {place} with", ""),
)
"""By what redis-py's own exception was made from, the first that fits."""


def told(error: BaseException, place: str) -> tuple[str, str]:
    """What happened, a clause, and what to type next, a sentence or "".

    Args:
        error: as it was raised.
        place: the server's name for people.
    """
    what, hint = _words(error)
    return what.format(place=place), hint


def is_refusal(error: BaseException) -> bool:
    """Whether the server answered, and said no: others of its commands may still work."""
    return any(kind.__name__ == "ResponseError" for kind in type(error).__mro__)


def _words(error: BaseException) -> tuple[str, str]:
    name = type(error).__name__
    if name in _REPLIES:
        return _REPLIES[name]
    if is_refusal(error):
        return _CODES.get(str(error).partition(" ")[0], ("{place} refuses", ""))
    for cause in _causes(error):
        for kind, what, hint in _CAUSES:
            if isinstance(cause, kind):
                return what, hint
    if name == "ConnectionError":
        return "{place} closes the connection", TLS
    return f"an option in redis_url is wrong, or {{place}} answers nonsense ({name})", ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """It, what it was made from, what that was made from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
