"""The way to a server: through which proxy, and which certificates it has to show.

Enters: an address and the environment. Leaves: a proxy's address, a TLS context. There is no way to switch checking off.
"""

from __future__ import annotations

import ssl
import sys
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from ..errors import ConfigError
from .hosts import loopback, origin

BUNDLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
"""Variables that name certificates of authorities, the first found winning; a setting wins over them."""

PROXIES = ("http", "https", "socks5", "socks5h")
"""Kinds of proxies."""


def certificates(setting: str, environ: Mapping[str, str]) -> str:
    """The file or folder of certificates to check servers against, "" for the system's."""
    return setting or next((path for name in BUNDLES if (path := environ.get(name, ""))), "")


def tls(http: ModuleType, path: str) -> ssl.SSLContext:
    """A context that checks certificate and host name.

    Args:
        http: the SDK's HTTP library, which knows where each system keeps its certificates.
        path: a file or folder with others; "" for the system's.

    Raises:
        ConfigError: there are none.
    """
    if not path:
        systems: ssl.SSLContext = http.create_ssl_context(trust_env=False)
        return systems
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        folder = Path(path).expanduser()
        context.load_verify_locations(**{"capath" if folder.is_dir() else "cafile": str(folder)})
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        said = f"no certificates can be read from {path} ({type(error).__name__})"
        raise ConfigError(said, 'Type: %config Askance.ca_bundle = "path", or "" for the system\'s') from None
    return context


def proxy(address: str, environ: Mapping[str, str]) -> str:
    """The proxy that an address is asked through, "" for none: by the usual variables, in lower or upper case.

    Raises:
        ConfigError: it is not the address of a proxy.
    """
    scheme, host, port = origin(address)
    known = {name: _named(f"{name}_proxy", environ) for name in (scheme, "all", "no")}
    if not any(known.values()):
        known |= _systems()
    found = known.get(scheme) or known.get("all") or ""
    if loopback(host) or not found or _excepted(host, port, known.get("no", "")):
        return ""
    found = found if "://" in found else f"http://{found}"
    try:
        parts = urlsplit(found)
        good = parts.scheme in PROXIES and parts.hostname and (parts.port or True)
    except ValueError:
        good = False
    if not good:  # which is not shown: there may be a password in it
        raise ConfigError(
            f"what {scheme.upper()}_PROXY or ALL_PROXY names is no proxy", "Type: %env HTTPS_PROXY=http://host:port"
        )
    return found


def proxy_transport(http: ModuleType, to_proxy: str, context: ssl.SSLContext) -> Any:
    """A transport through a proxy.

    Raises:
        ConfigError: it needs a package that is not there.
    """
    try:
        return http.AsyncHTTPTransport(verify=context, proxy=http.Proxy(to_proxy, ssl_context=_for(to_proxy, context)))
    except ImportError:
        raise ConfigError("a SOCKS proxy needs a package", "Type: %pip install socksio") from None


def _for(to_proxy: str, context: ssl.SSLContext) -> ssl.SSLContext | None:
    return context if to_proxy.startswith("https:") else None


def _named(name: str, environ: Mapping[str, str]) -> str:
    return (environ.get(name) or environ.get(name.upper()) or "").strip()


def _systems() -> dict[str, str]:
    """What the user has set in Windows or macOS; elsewhere there are the variables alone."""
    if sys.platform not in ("win32", "darwin"):
        return {}
    from urllib.request import getproxies

    return getproxies()


def _excepted(host: str, port: int | None, names: str) -> bool:
    """Whether NO_PROXY names a host: "*", a name with all below it, a number, a network, each with or without a port."""
    return any(name and _is_named(host, port, name) for name in (part.strip().lower() for part in names.split(",")))


def _is_named(host: str, port: int | None, name: str) -> bool:
    if name == "*":
        return True
    try:
        return ip_address(host) in ip_network(name.strip("[]"), strict=False)
    except ValueError:
        pass
    name, _, only = name.partition(":")
    name = name.removeprefix("*").removeprefix(".")
    return bool(name) and (host == name or host.endswith(f".{name}")) and only in ("", str(port))
