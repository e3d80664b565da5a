"""Fixtures for tests that talk to a model: the real embedded one, and how to collect a stream.

Used by a conftest's `pytest_plugins = ["fixtures_models"]` or a plain import.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from askance.local.client import Server, ensure
from askance.local.install import model_path
from askance.local.state import state_file
from askance.paths import cache_dir
from askance.providers import registry
from askance.records import Chunk, GatedPrompt, Message, Prompt, TextChunk
from askance.settings import Settings

BOTH = pytest.mark.parametrize("protocol", ["openai", "openai-responses", "anthropic"])


def make(protocol, server, outgoing=None, **settings):
    """A provider for a scripted server, with keys of its own in an environment of its own."""
    environ = {
        "OPENAI_API_KEY": "key-openai-0123456789",
        "OPENAI_BASE_URL": server.base_url,
        "ANTHROPIC_API_KEY": "key-anthropic-0123456789",
        "ANTHROPIC_BASE_URL": server.anthropic_url,
    }
    return registry.make(protocol, Settings(**settings), environ, outgoing=outgoing)


def gated(question: str, system: str = "Be brief.", model: str = "m", max_output: int = 24) -> GatedPrompt:
    """A request as the gate lets it through."""
    prompt = Prompt(
        model=model, system=system, messages=(Message(role="user", content=question),), max_output=max_output
    )
    return GatedPrompt(prompt=prompt)


async def collect(provider, request: GatedPrompt) -> list[Chunk]:
    """All chunks of an answer."""
    async with aclosing(provider.stream(request)) as chunks:
        return [chunk async for chunk in chunks]


def text(chunks: list[Chunk]) -> str:
    """The text of an answer."""
    return "".join(chunk.text for chunk in chunks if isinstance(chunk, TextChunk))


@pytest.fixture(scope="session")
def gguf() -> Path:
    """The embedded model's file; skips where it is not installed, fails there in CI."""
    path = model_path(Settings(), cache_dir(os.environ))
    if path is None:
        line = "the embedded model is not installed: askance model install"
        pytest.fail(line) if os.environ.get("CI") == "true" else pytest.skip(line)
    return path


@pytest.fixture(scope="session")
def local_server(gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real llama.cpp server with the embedded model, for the whole run of tests."""
    folder = tmp_path_factory.mktemp("local-server")
    yield ensure(gguf, folder, os.environ, idle=3600.0)
    state_file(folder, gguf).unlink(missing_ok=True)  # a server without its state file ends itself
