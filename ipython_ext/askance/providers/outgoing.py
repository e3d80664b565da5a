"""What every HTTP request of ours passes just before it leaves, and what is noted of it.

Enters: a request, ready to be sent. Leaves: nothing, and it may go; or an error, and not a byte of it goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from ..errors import AskanceError


@dataclass(frozen=True, kw_only=True, eq=False)
class Departure:
    """A request as it leaves.

    Attributes:
        method: "POST", "GET".
        url: where to, without any password or query in it.
        headers: names, in lower case, with their values where these tell nothing; "" for the others.
        body: the very bytes.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    @property
    def sha256(self) -> str:
        """Of the body, in hexadecimal."""
        return sha256(self.body).hexdigest()


class Outgoing(Protocol):
    """Decides whether a request may leave, and remembers those that did."""

    def leave(self, departure: Departure) -> None:
        """Called for each request, retries included, with nothing between it and the network.

        Raises:
            GateError: it may not leave.
        """
        ...

    def stayed(self, departure: Departure) -> None:
        """Called where a request that might leave did not: there was no connection."""
        ...


class Refused(BaseException):
    """Carries an error of ours through an SDK, which would catch an `Exception`, try again, and give it another name.

    Args:
        error: what `faults.mapped` raises in its place.
    """

    def __init__(self, error: AskanceError) -> None:
        super().__init__(str(error))
        self.error = error
