"""Which model to ask, and the provider that asks it.

Enters: settings and the environment. Leaves: a `Choice` with its reason, `Limits`, or a `Provider`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from ..errors import ConfigError
from ..paths import cache_dir
from ..records import GatedPrompt
from ..settings import Settings
from .base import Provider
from .endpoint import Endpoint, endpoint
from .hosts import shown
from .keys import found_key, found_url
from .models import BARE_NAMES, KEYED, PROVIDERS, Entry
from .outgoing import Outgoing

CLASSES: Mapping[str, str] = {
    "openai": "askance.providers.openai:OpenAIProvider",
    "openai-responses": "askance.providers.openai_responses:ResponsesProvider",
    "anthropic": "askance.providers.anthropic:AnthropicProvider",
    "local": "askance.providers.local:LocalProvider",
}
"""Protocol -> the class that speaks it, imported on first use."""

GROUP = "askance.providers"
"""Entry points of other packages: provider name -> a callable `(settings, environ) -> Provider`."""


@dataclass(frozen=True)
class Choice:
    """The full name of the model to ask, and why it was chosen, in a few words."""

    model: str
    why: str


@dataclass(frozen=True)
class Limits:
    """Sizes in tokens: request and answer together, the default request, the default answer, the context at most."""

    window: int
    budget: int
    max_output: int
    context: int


def choose(settings: Settings, environ: Mapping[str, str], *, local_ready: Callable[[], bool]) -> Choice:
    """The model to ask when nobody names one.

    Args:
        settings: what the user set.
        environ: the environment variables.
        local_ready: whether the embedded model's file is installed; called only if it matters.
    """
    if settings.model:
        return Choice(_full(*parse(settings.model)), "set by you")
    if settings.base_url:
        return Choice("server", f"base_url is {shown(settings.base_url)}")
    for provider in KEYED:
        if name := found_key(PROVIDERS[provider], environ)[1]:
            return Choice(_full(provider, PROVIDERS[provider].model), f"{name} is set")
    if url := found_url(PROVIDERS["anthropic"], environ):
        return Choice(_full("anthropic", PROVIDERS["anthropic"].model), f"ANTHROPIC_BASE_URL is {shown(url)}")
    if url := found_url(PROVIDERS["server"], environ):
        return Choice("server", f"OPENAI_BASE_URL is {shown(url)}")
    how = "" if local_ready() else "; not installed yet, type in a terminal: askance model install"
    return Choice("local", f"nothing else is configured{how}")


def parse(name: str) -> tuple[str, str]:
    """Provider and model of a full name; "openai" alone, or a bare "gpt-...", will do.

    Raises:
        ConfigError: no provider is known by it.
    """
    provider, _, model = name.strip().partition(":")
    if provider == "local" and model not in ("", PROVIDERS["local"].model):
        raise ConfigError(
            f"local is one model, not {model!r}", 'Another GGUF file: %config Askance.local_model = "path"'
        )
    if provider in PROVIDERS:
        return provider, model or PROVIDERS[provider].model
    bare = next((owner for start, owner in BARE_NAMES if name.startswith(start)), None)
    if bare is not None:
        return bare, name.strip()
    if provider and _plugins(provider):
        return provider, model
    known = ", ".join(PROVIDERS)
    raise ConfigError(f"no model is called {name!r}", f"Type provider:model, or a provider alone: {known}.")


def full_name(name: str) -> str:
    """A model's name with its provider and model spelled out: "openai" gives "openai:<its default>".

    Raises:
        ConfigError: no provider is known by it.
    """
    return _full(*parse(name))


def limits(name: str) -> Limits:
    """The sizes of a model, by its full name.

    Raises:
        ConfigError: no provider is known by it.
    """
    entry = PROVIDERS.get(parse(name)[0], PROVIDERS["server"])
    return Limits(entry.window, entry.budget, entry.max_output, entry.context)


def make(
    name: str,
    settings: Settings,
    environ: Mapping[str, str],
    *,
    opening: GatedPrompt | None = None,
    outgoing: Outgoing | None = None,
) -> Provider:
    """The provider that a model's full name, or a provider's name, asks for. Imports no SDK, touches no network.

    Args:
        name: "provider:model" or "provider".
        settings: what the user set.
        environ: the environment variables; read again at each request, so a key set later is found.
        opening: a request that begins as all do, for the embedded model to read in advance.
        outgoing: what each HTTP request passes just before it leaves.

    Raises:
        ConfigError: no provider is known by that name, or its address is not one.
    """
    provider = parse(name)[0]
    entry = PROVIDERS.get(provider)
    if entry is None:
        made: Provider = _plugins(provider)[0].load()(settings, environ)
        return made
    if entry.protocol == "local":
        return _local(settings, environ, opening, outgoing)

    def find() -> Endpoint:
        return endpoint(provider, _set_url(provider, settings), environ, settings, outgoing)

    find()  # a wrong address is said at once
    talking: Provider = _class(entry)(provider, find)
    return talking


def _full(provider: str, model: str) -> str:
    return f"{provider}:{model}" if model and provider != "local" else provider


def _plugins(name: str) -> Sequence[Any]:
    from importlib.metadata import entry_points  # slow to import, and seldom needed

    return tuple(entry_points(group=GROUP, name=name))


def _class(entry: Entry) -> Callable[..., Provider]:
    module, _, name = CLASSES[entry.protocol].partition(":")
    found: Callable[..., Provider] = getattr(import_module(module), name)
    return found


def _set_url(provider: str, settings: Settings) -> str:
    """`base_url` belongs to the model it was set for: no other provider's key is ever sent there."""
    owners = {parse(settings.model)[0], "server"} if settings.model else {"openai", "server"}
    return settings.base_url if provider in owners else ""


def _local(
    settings: Settings, environ: Mapping[str, str], opening: GatedPrompt | None, outgoing: Outgoing | None
) -> Provider:
    from ..local import client, install, probe

    folder = cache_dir(environ)

    def find() -> tuple[str, str]:
        path = install.model_path(settings, folder)
        if path is None:
            what = settings.local_model or "its file"
            raise ConfigError(f"the embedded model is not installed ({what} is not there)", install.HINT)
        server = client.ensure(path, folder / "local", environ)
        return server.url, server.key

    def talk(url: str, key: str) -> Provider:
        to = endpoint("server", url, {}, settings, outgoing)
        at = replace(to, provider="local", key=key, start=PROVIDERS["local"].start)
        talking: Provider = _class(PROVIDERS["server"])("local", lambda: at)
        return talking

    def ready() -> bool:
        return install.model_path(settings, folder) is not None

    def takes_tools(url: str, key: str) -> bool:
        return probe.takes_tools(urlsplit(url).port or 0, key)

    local: Provider = _class(PROVIDERS["local"])(find, talk, ready, opening, takes_tools)
    return local
