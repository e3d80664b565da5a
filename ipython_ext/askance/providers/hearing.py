"""For whoever paces requests of its own: it hears each response, and the SDKs do not try again by themselves.

Enters: responses, as the HTTP clients get them. Leaves: their status and headers, to whoever listens around the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

Ear = Callable[[int, Mapping[str, str]], None]
"""Takes an HTTP status, and headers by their names in lower case."""

_ear: ContextVar[Ear | None] = ContextVar("askance_ear", default=None)


@contextmanager
def hearing(ear: Ear) -> Iterator[None]:
    """Responses to requests from inside of it are told to `ear`, before anything is made of them."""
    before = _ear.set(ear)
    try:
        yield
    finally:
        _ear.reset(before)


def is_heard() -> bool:
    """Whether somebody listens, and so sees to trying again."""
    return _ear.get() is not None


def tell(status: int, headers: Mapping[str, str]) -> None:
    """A response has come."""
    ear = _ear.get()
    if ear is not None:
        ear(status, {name.lower(): value for name, value in headers.items()})
