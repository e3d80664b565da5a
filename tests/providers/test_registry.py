"""Which model is asked, and why."""

import asyncio

import pytest
from fixtures_models import collect, gated, text
from scripted_server import Reply, ScriptedServer

from askance.errors import AuthError, ConfigError
from askance.providers import registry
from askance.providers.models import PROVIDERS
from askance.settings import Settings

KEYS = {"ANTHROPIC_API_KEY": "k-a", "OPENAI_API_KEY": "k-o", "GEMINI_API_KEY": "k-g"}


@pytest.mark.parametrize(
    ("settings", "environ", "model", "why"),
    [
        ({"model": "openai:gpt-5-mini"}, KEYS, "openai:gpt-5-mini", "set by you"),
        ({"model": "claude-haiku-5-5"}, {}, "anthropic:claude-haiku-5-5", "set by you"),
        ({"model": "local"}, KEYS, "local", "set by you"),
        ({"base_url": "http://h:1/v1"}, KEYS, "server", "base_url is http://h:1/v1"),
        ({}, KEYS, f"anthropic:{PROVIDERS['anthropic'].model}", "ANTHROPIC_API_KEY is set"),
        ({}, {"ANTHROPIC_AUTH_TOKEN": "t"}, f"anthropic:{PROVIDERS['anthropic'].model}", "ANTHROPIC_AUTH_TOKEN is set"),
        ({}, {"OPENAI_API_KEY": "k"}, f"openai:{PROVIDERS['openai'].model}", "OPENAI_API_KEY is set"),
        ({}, {"GOOGLE_API_KEY": "k"}, f"gemini:{PROVIDERS['gemini'].model}", "GOOGLE_API_KEY is set"),
        ({}, {"OPENAI_BASE_URL": "http://h/v1"}, "server", "OPENAI_BASE_URL is http://h/v1"),
        (
            {},
            {"ANTHROPIC_BASE_URL": "http://h"},
            f"anthropic:{PROVIDERS['anthropic'].model}",
            "ANTHROPIC_BASE_URL is http://h",
        ),
        ({}, {"OPENAI_API_KEY": "  "}, "local", "nothing else is configured"),
    ],
)
def test_choice_follows_the_users_word_then_the_keys(settings, environ, model, why):
    """Each way of saying which model, in order of precedence, with its reason."""
    assert registry.choose(Settings(**settings), environ, local_ready=lambda: True) == registry.Choice(model, why)


def test_choice_says_how_to_install_the_embedded_model():
    """Without anything configured and without the file, the reason names the next step."""
    choice = registry.choose(Settings(), {}, local_ready=lambda: False)
    assert choice.model == "local"
    assert choice.why.endswith("askance model install")
    assert "\n" not in choice.why


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ollama:qwen3:8b", ("ollama", "qwen3:8b")),
        ("gpt-6.1-terra", ("openai", "gpt-6.1-terra")),
        ("o3-mini", ("openai", "o3-mini")),
        ("gemini-3.8-flash", ("gemini", "gemini-3.8-flash")),
        ("openai", ("openai", PROVIDERS["openai"].model)),
        ("server", ("server", "")),
        (" local ", ("local", PROVIDERS["local"].model)),
    ],
)
def test_names_are_understood(name, expected):
    """Full names, providers alone, and the bare names everyone knows."""
    assert registry.parse(name) == expected


@pytest.mark.parametrize("name", ["", "nobody:x", "llama3:8b", "{braces}"])
def test_an_unknown_name_is_one_line_with_the_known_ones(name):
    """The error lists what can be typed."""
    with pytest.raises(ConfigError) as caught:
        registry.parse(name)
    assert "\n" not in str(caught.value)
    assert all(provider in str(caught.value) for provider in PROVIDERS)


def test_every_provider_can_be_made_and_has_room_for_its_answer():
    """The table is whole: each row's class exists, and its limits fit in its window."""
    for name in PROVIDERS:
        limits = registry.limits(name)
        assert limits.budget + limits.max_output <= limits.window
        assert registry.make(name, Settings(base_url="http://127.0.0.1:9/v1"), {}).name == name


def test_base_url_belongs_to_the_model_it_was_set_for():
    """A key of one provider is never sent to the address set for another."""
    settings = Settings(model="ollama:x", base_url="https://elsewhere.test/v1")
    provider = registry.make("openai:gpt-6.1-terra", settings, {"OPENAI_API_KEY": "k"})
    assert provider._find().host == "api.openai.com"
    assert registry.make("ollama:x", settings, {"OPENAI_API_KEY": "k"})._find().key == ""


@pytest.mark.parametrize("name", ["anthropic", "openai", "gemini"])
def test_a_missing_key_is_found_before_the_network_and_before_the_sdk(name):
    """One line that says which variable to set."""
    provider = registry.make(name, Settings(), {})
    with pytest.raises(AuthError, match=PROVIDERS[name].keys[0]) as caught:
        asyncio.run(collect(provider, gated("q")))
    assert f"Type: %env {PROVIDERS[name].keys[0]}=" in str(caught.value)


@pytest.mark.parametrize("address", ["nonsense", "localhost:8000", "ftp://h/v1"])
def test_a_wrong_address_is_said_at_once(address):
    """Not an address of a server: an error before any ask."""
    with pytest.raises(ConfigError, match=r"Askance\.base_url"):
        registry.make("server", Settings(base_url=address), {})


def test_a_key_set_after_the_first_failure_is_found():
    """`%env KEY=...` and running the cell again is enough."""
    environ = {}
    with ScriptedServer([Reply(["yes"])]) as server:
        provider = registry.make("openai", Settings(), environ)
        with pytest.raises(AuthError):
            asyncio.run(collect(provider, gated("q")))
        environ |= {"OPENAI_API_KEY": "k-late", "OPENAI_BASE_URL": server.base_url}
        assert text(asyncio.run(collect(provider, gated("q")))) == "yes"
        assert server.asked[0].headers["authorization"] == "Bearer k-late"


def test_the_embedded_model_does_not_pass_for_another():
    """It goes by its own name alone; a line says how another file is set."""
    assert registry.full_name("local:smollm2-135m-instruct") == "local"
    with pytest.raises(ConfigError, match=r"Askance\.local_model"):
        registry.full_name("local:llama3")
