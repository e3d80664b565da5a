"""Where a provider's requests go, and with which key.

Enters: a row of the table, the settings, the environment. Leaves: an `Endpoint`, or an error before any network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..errors import AuthError
from ..settings import Settings
from . import hosts
from .keys import Key, found_url, key_for
from .models import PROVIDERS
from .network import certificates, proxy
from .outgoing import Outgoing


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
        withheld: environment variable whose key is not sent, since it is another server's.
        allow_http: whether the user allowed plain http to that host.
        proxy: address of the proxy it is asked through, "" for none; there may be a password in it.
        certificates: file or folder of those it is checked against, "" for the system's.
        outgoing: what each request passes just before it leaves.
        batches: whether it is asked for batches, and for nothing else.
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
    withheld: str = ""
    allow_http: bool = False
    proxy: str = field(default="", repr=False)
    certificates: str = ""
    outgoing: Outgoing | None = field(default=None, repr=False, compare=False)
    batches: bool = False

    @property
    def host(self) -> str:
        """The server's name or number, without its port."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def shown(self) -> str:
        """The address without any password in it."""
        return hosts.shown(self.base_url)

    @property
    def loopback(self) -> bool:
        """Whether it runs on this machine, where a proxy has no business."""
        return hosts.loopback(self.host)

    @property
    def refused(self) -> str:
        """What a server did not take when it says that nobody may ask."""
        if self.key:
            return self.key_name
        kept = f", and the key in {self.withheld} is not sent to {self.host}" if self.withheld else ""
        return f"to answer without a key{kept}"

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


def endpoint(
    provider: str, base_url: str, environ: Mapping[str, str], settings: Settings, outgoing: Outgoing | None = None
) -> Endpoint:
    """Everything a client needs.

    Args:
        provider: its name in the table.
        base_url: the address the settings name for it; "" for the environment's or the table's.
        environ: the environment variables.
        settings: what the user set about networks.
        outgoing: what each request passes just before it leaves; None for nothing more than the server's own rules.

    Raises:
        ConfigError: there is no address, it is not one, or what is sent there could be read on the way.
    """
    entry = PROVIDERS[provider]
    address = base_url.strip() or found_url(entry, environ) or entry.base_url
    hosts.require_safe(address, settings.allow_http)
    official = address.rstrip("/") == entry.base_url.rstrip("/")
    key = key_for(entry, address, environ, is_setting=bool(base_url.strip()))
    return Endpoint(
        provider=provider,
        base_url=address,
        key=key.value,
        bearer=key.name.endswith("_TOKEN"),
        key_name=key.name,
        needs_key=bool(entry.keys) and official,
        start=entry.start if official or entry.keys == () or not entry.base_url else PROVIDERS["server"].start,
        idle=settings.idle_timeout,
        headers=_headers(provider, key, environ),
        withheld=key.withheld,
        allow_http=urlsplit(address).scheme == "http",
        proxy=proxy(address, environ),
        certificates=certificates(settings.ca_bundle, environ),
        outgoing=outgoing,
    )


def _headers(provider: str, key: Key, environ: Mapping[str, str]) -> dict[str, str]:
    """More headers that the SDK's own variables name: they are for the servers that its key is for."""
    if not key.beside:
        return {}
    if provider == "anthropic":
        lines = (line.partition(":") for line in environ.get("ANTHROPIC_CUSTOM_HEADERS", "").splitlines())
        return {name.strip(): value.strip() for name, _, value in lines if name.strip() and value.strip()}
    if provider not in ("openai", "openai-responses"):
        return {}
    named = {"OpenAI-Organization": environ.get("OPENAI_ORG_ID"), "OpenAI-Project": environ.get("OPENAI_PROJECT_ID")}
    return {name: value for name, value in named.items() if value}
