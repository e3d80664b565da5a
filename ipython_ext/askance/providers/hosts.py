"""Which servers may be asked, and how: over TLS, or plainly where nobody can listen.

Enters: an address, as the user wrote it. Leaves: its parts, judged as the HTTP client will read them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from ..errors import ConfigError

PORTS = {"http": 80, "https": 443}
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
"""What parsers of addresses disagree about."""


def loopback(host: str) -> bool:
    """Whether a host, as it stands in an address, is this machine: by its number, or by the one name that means it.

    A name is not looked up: "127.0.0.1.nip.io" is somebody's, and "2130706433" or "127.1" may be read in two ways.
    """
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what a key and a prompt are for.

    Raises:
        ValueError: it is not an address.
    """
    parts = urlsplit(address)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme)


def shown(address: str) -> str:
    """An address without any password, query or fragment in it."""
    parts = _parts(address)
    if parts is None:  # whatever it is
        return address.rpartition("@")[2]
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def require_safe(address: str, allow_http: Collection[str]) -> None:
    """Look at an address before anything is sent there.

    Args:
        address: as the user wrote it.
        allow_http: names of hosts that may be asked without TLS.

    Raises:
        ConfigError: it is not one, or what is sent there could be read on the way.
    """
    parts = _parts(address)
    if parts is None:
        said = f"{shown(address)!r} is not the address of a server" if address else "the server's address is not set"
        raise ConfigError(said, 'Type: %config Askance.base_url = "http://localhost:8000/v1"')
    host = parts.hostname or ""
    if parts.scheme == "http" and not loopback(host) and host not in {name.lower() for name in allow_http}:
        raise ConfigError(
            f"{shown(address)} is on another machine and not encrypted, so nothing was sent",
            f'Use https, or type: %config Askance.allow_http = ["{host}"]',
        )


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    good = parts.scheme in PORTS and parts.hostname and not _ODD.search(address)
    return parts if good else None
