"""The one table of providers: default models, keys, addresses and limits.

Enters: nothing. Leaves: `PROVIDERS`, by name. To add a server that speaks a protocol we know: one entry here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Protocol = Literal["openai", "openai-responses", "anthropic", "local"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is known of a provider before anyone talks to it.

    Attributes:
        model: the default model; "" for the first one the server lists.
        protocol: what its server speaks, and so which file beside this one serves it.
        base_url: its server's address.
        keys: environment variables that may hold its key, the first found winning; empty if it needs none.
        base_urls: environment variables that may hold another address.
        window: tokens that request and answer may take together.
        budget: default for the whole request with its conversation, in tokens.
        context: what the context of a question may take of that at most, in tokens.
        max_output: default for the answer, in tokens; for models that think, their thinking counts in it.
        start: what to do when nothing answers at the address.
    """

    model: str
    protocol: Protocol
    base_url: str = ""
    keys: tuple[str, ...] = ()
    base_urls: tuple[str, ...] = ()
    window: int = 1_000_000
    budget: int = 16000
    context: int = 7200
    max_output: int = 8192
    start: str = "Check your network, or ask the embedded model: %%ask -m local"


def _own_server(base_url: str, start: str) -> Entry:
    return Entry(
        model="",
        protocol="openai",
        base_url=base_url,
        window=8192,
        budget=5000,
        context=3000,
        max_output=2048,
        start=start,
    )


# Default models as of 2026-11-23: current, and of each maker's middle price, not its dearest.
# - claude-sonnet-5-5 ($2/$10 a million tokens, window 1M): platform.claude.com/docs/en/models, and anthropic 2.12's
#   own list (anthropic/types/model.py).
# - gpt-6.1-terra ($1/$5, window 1.05M, released 2026-10-26): openai 3.54's list (openai/types/shared/chat_model.py).
# - gemini-3.8-flash (stable, window 1M): ai.google.dev/gemini-api/docs/models.
# Local: on two cores the embedded model reads about 270 tokens/s and writes about 90, hence so little context.
PROVIDERS: dict[str, Entry] = {
    "local": Entry(
        model="smollm2-135m-instruct",
        protocol="local",
        window=4096,
        budget=3000,
        context=700,
        max_output=300,
        start="Ask again, or type in a terminal: askance model install",
    ),
    "anthropic": Entry(
        model="claude-sonnet-5-5",
        protocol="anthropic",
        base_url="https://api.anthropic.com",
        keys=("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
        base_urls=("ANTHROPIC_BASE_URL",),
    ),
    "openai": Entry(
        model="gpt-6.1-terra",
        protocol="openai",
        base_url="https://api.openai.com/v1",
        keys=("OPENAI_API_KEY",),
        base_urls=("OPENAI_BASE_URL",),
    ),
    "openai-responses": Entry(
        model="gpt-6.1-terra",
        protocol="openai-responses",
        base_url="https://api.openai.com/v1",
        keys=("OPENAI_API_KEY",),
        base_urls=("OPENAI_BASE_URL",),
    ),
    "gemini": Entry(
        model="gemini-3.8-flash",
        protocol="openai",
        base_url="https://generativelanguage.googleapis.com/v1beta/openai/",
        keys=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    ),
    "ollama": _own_server("http://localhost:11434/v1", "Type in a terminal: ollama serve"),
    "lmstudio": _own_server("http://localhost:1234/v1", "Type in a terminal: lms server start"),
    "vllm": _own_server("http://localhost:8000/v1", "Type in a terminal: vllm serve MODEL"),
    "llamacpp": _own_server("http://localhost:8080/v1", "Type in a terminal: llama-server -m MODEL.gguf"),
    "server": Entry(
        model="",
        protocol="openai",
        keys=("OPENAI_API_KEY",),
        base_urls=("OPENAI_BASE_URL",),
        window=8192,
        budget=5000,
        context=3000,
        max_output=2048,
        start='Start it, or set its address: %config Askance.base_url = "http://..."',
    ),
}
"""By name; "server" is any OpenAI-compatible server, at `base_url` or `OPENAI_BASE_URL`."""

BARE_NAMES: tuple[tuple[str, str], ...] = (
    ("claude-", "anthropic"),
    ("gpt-", "openai"),
    ("chatgpt-", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("gemini-", "gemini"),
)
"""How a model's name without a provider begins, and whose it is."""

KEYED: tuple[str, ...] = ("anthropic", "openai", "gemini")
"""The providers that a key in the environment chooses, the first found winning."""
