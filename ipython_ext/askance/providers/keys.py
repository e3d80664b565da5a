"""Whose a key is: it goes to its issuer's servers, and to the one that the user named beside it, and to no other.

Enters: a row of the table, an address, the environment. Leaves: a `Key`, or the name of the one that was withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from .hosts import origin
from .models import Entry

OWN: Final = "ASKANCE_API_KEY"
"""The variable with the key of the server that the setting `base_url` names."""

_AZURE = ("openai.azure.com", "services.ai.azure.com", "cognitiveservices.azure.com")
_GOOGLE = ("generativelanguage.googleapis.com",)

ISSUERS: Mapping[str, tuple[str, ...]] = {
    "ANTHROPIC_API_KEY": ("anthropic.com",),
    "ANTHROPIC_AUTH_TOKEN": ("anthropic.com",),
    "OPENAI_API_KEY": ("openai.com", *_AZURE),
    "GEMINI_API_KEY": _GOOGLE,
    "GOOGLE_API_KEY": _GOOGLE,
}
"""Variable -> the domains that its key is for, each with all below it."""


@dataclass(frozen=True)
class Key:
    """What is sent to a server to be let in.

    Attributes:
        value: the key, "" for none.
        name: the variable it stands in, or should.
        withheld: the variable whose key is another server's, and so is not sent.
        beside: whether that variable and the server belong together, and so all else the user set for its provider.
    """

    value: str = field(repr=False)
    name: str
    withheld: str = ""
    beside: bool = True


def found_key(entry: Entry, environ: Mapping[str, str]) -> tuple[str, str]:
    """The key of a provider and the variable it was found in; both "" if there is none."""
    for name in entry.keys:
        if key := environ.get(name, "").strip():
            return key, name
    return "", ""


def found_url(entry: Entry, environ: Mapping[str, str]) -> str:
    """The address that the SDK's own variable names, "" if it names none."""
    return next((url for name in entry.base_urls if (url := environ.get(name, "").strip())), "")


def key_for(entry: Entry, address: str, environ: Mapping[str, str], *, is_setting: bool) -> Key:
    """The key that an address may be sent.

    Args:
        entry: the provider's row.
        address: of the server, known to be one.
        environ: the environment variables.
        is_setting: whether the setting `base_url` names it.
    """
    own = environ.get(OWN, "").strip() if is_setting else ""
    value, name = found_key(entry, environ)
    beside = _issued(name or next(iter(entry.keys), ""), address) or origin(address) == origin(
        found_url(entry, environ)
    )
    if own:
        return Key(own, OWN, beside=beside)
    if beside:
        return Key(value, name or next(iter(entry.keys), OWN))
    return Key("", OWN if is_setting else "OPENAI_API_KEY", withheld=name, beside=False)


def _issued(name: str, address: str) -> bool:
    scheme, host, _ = origin(address)
    return scheme == "https" and any(host == own or host.endswith(f".{own}") for own in ISSUERS.get(name, ()))
