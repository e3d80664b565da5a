"""Kernels and model servers that end with their test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kernel.calling import KEY
from kernel.live import Kernel
from scripted_server import Reply, ScriptedServer


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a project that is not the home itself."""
    (tmp_path / "work").mkdir()
    return tmp_path


@pytest.fixture
def serve() -> Iterator:
    """Starts scripted servers, and stops them at the end."""
    started: list[ScriptedServer] = []

    def start(*replies: Reply) -> ScriptedServer:
        started.append(ScriptedServer(replies))
        return started[-1].__enter__()

    yield start
    for server in started:
        server.__exit__(None, None, None)


@pytest.fixture
def kernel(home: Path) -> Iterator:
    """Starts kernels that know one server, and shuts them down at the end."""
    started: list[Kernel] = []

    def start(server: ScriptedServer | None = None, *, load: bool = True, **environ: str) -> Kernel:
        if server is not None:
            environ = {"OPENAI_API_KEY": "sk-of-a-test", "OPENAI_BASE_URL": server.base_url, **environ}
        started.append(Kernel(home, **environ))
        running = started[-1].__enter__()
        if load:
            running.run("%load_ext askance")
        return running

    yield start
    for running in started:
        running.__exit__()


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A kernel for all tests of a file, whose model calls for tools as it is told."""
    home = tmp_path_factory.mktemp("home")
    (home / "work").mkdir()
    with Kernel(home, **KEY) as running:
        yield running
