"""Where a provider's requests go, and with which key.

Enters: a row of the table, the settings, the environment. Leaves: an `Endpoint`, or an error before any network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..errors import AuthError, ConfigError
from .models import PROVIDERS, Entry

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A server, and what to say about it when something goes wrong.

    Attributes:
        provider: the provider's name in the table.
        base_url: the server's address.
        key: the key to send; never shown.
        bearer: whether the key is a token for a bearer header.
        key_name: environment variable that holds the key, or should.
        needs_key: whether nothing can be asked without one.
        start: what to type when nothing answers at the address.
        idle: seconds without a byte after which an answer counts as broken off.
        headers: more headers the user asked for.
    """

    provider: str
    base_url: str
    key: str = field(default="", repr=False)
    bearer: bool = False
    key_name: str = "OPENAI_API_KEY"
    needs_key: bool = False
    start: str = ""
    idle: float = 60.0
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def host(self) -> str:
        """The server's name or number, without its port."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def shown(self) -> str:
        """The address without any password in it."""
        parts = urlsplit(self.base_url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()

    @property
    def loopback(self) -> bool:
        """Whether it runs on this machine, where a proxy has no business."""
        return self.host in LOOPBACK

    def require_key(self) -> None:
        """Find a missing key here, before anything is imported or sent.

        Raises:
            AuthError: there is none but the server needs one, or it cannot be sent.
        """
        if self.key and not (self.key.isascii() and self.key.isprintable()):
            raise AuthError(f"the key of {self.provider} holds characters no key has", f"Type: {self.key_hint}")
        if not self.key and self.needs_key:
            raise AuthError(f"{self.provider} needs a key, and {self.key_name} is not set", f"Type: {self.key_hint}")

    @property
    def key_hint(self) -> str:
        """How the user sets the key."""
        return f"%env {self.key_name}=your-key  (in a shell: export {self.key_name}=your-key)"


def found_key(entry: Entry, environ: Mapping[str, str]) -> tuple[str, str]:
    """The key of a provider and the variable it was found in; both "" if there is none."""
    for name in entry.keys:
        if key := environ.get(name, "").strip():
            return key, name
    return "", ""


def found_url(entry: Entry, environ: Mapping[str, str]) -> str:
    """The address that the SDK's own variable names, "" if it names none."""
    return next((url for name in entry.base_urls if (url := environ.get(name, "").strip())), "")


def endpoint(provider: str, base_url: str, environ: Mapping[str, str], idle: float) -> Endpoint:
    """Everything a client needs.

    Args:
        provider: its name in the table.
        base_url: the address the settings name for it; "" for the environment's or the table's.
        environ: the environment variables.
        idle: seconds without a byte after which an answer counts as broken off.

    Raises:
        ConfigError: there is no address, or it is not one.
    """
    entry = PROVIDERS[provider]
    key, name = found_key(entry, environ)
    address = base_url.strip() or found_url(entry, environ) or entry.base_url
    if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
        said = f"{address!r} is not the address of a server" if address else "the server's address is not set"
        raise ConfigError(said, 'Type: %config Askance.base_url = "http://localhost:8000/v1"')
    official = address.rstrip("/") == entry.base_url.rstrip("/")
    return Endpoint(
        provider=provider,
        base_url=address,
        key=key,
        bearer=name.endswith("_TOKEN"),
        key_name=name or next(iter(entry.keys), "OPENAI_API_KEY"),
        needs_key=bool(entry.keys) and official,
        start=entry.start if official or entry.keys == () or not entry.base_url else PROVIDERS["server"].start,
        idle=idle,
        headers=_headers(provider, environ),
    )


def _headers(provider: str, environ: Mapping[str, str]) -> dict[str, str]:
    if provider not in ("openai", "openai-responses"):
        return {}
    named = {"OpenAI-Organization": environ.get("OPENAI_ORG_ID"), "OpenAI-Project": environ.get("OPENAI_PROJECT_ID")}
    return {name: value for name, value in named.items() if value}
