"""The address of a Redis server.

Enters: a URL that may hold a password. Leaves: the URL for the client, and a name for people that holds none; or one line
on what is wrong with it, which quotes nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from ...errors import ConfigError

HINT = (
    'Type it like "redis://cache.example:6379/0" (rediss:// with TLS, unix:///path for a socket), '
    "the password in ASKANCE_REDIS_PASSWORD, or in the URL with % codes (@ is %40, / is %2F, # is %23)."
)


@dataclass(frozen=True)
class Address:
    """Where the server is.

    Attributes:
        place: "host:port", or the path of a socket.
        url: the whole URL; never shown.
    """

    place: str
    url: str = field(repr=False)

    @classmethod
    def of(cls, url: str) -> Address:
        """Read a URL.

        Raises:
            ConfigError: it names no Redis server, or holds characters that would be read as something else.
        """
        try:
            parts = urlsplit(url.strip())
            place = _place(parts)
        except ValueError:  # a port that is no number may be a piece of a password: the error's text is not shown
            place = ""
        if not place:
            raise ConfigError("redis_url is not the address of a Redis server", HINT)
        return cls(place, url.strip())


def _place(parts: SplitResult) -> str:
    """The server's name for people; "" if there is none, or if it may be a piece of a password."""
    if "@" in parts.path + parts.query or parts.fragment:
        return ""
    if parts.scheme == "unix":
        return parts.path
    database = parts.path.strip("/")
    if parts.scheme not in {"redis", "rediss"} or not ((database.isascii() and database.isdigit()) or not database):
        return ""
    host = parts.hostname or "localhost"
    return f"[{host}]:{parts.port or 6379}" if ":" in host else f"{host}:{parts.port or 6379}"
