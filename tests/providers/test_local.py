"""The embedded model's server: one for all kernels, gone when idle, private."""

import asyncio
import os
import stat
import subprocess
import sys
import time

import pytest
from fixtures_models import collect, gated, text

from askance.errors import ConfigError, MissingExtra
from askance.local import client, probe, state
from askance.paths import cache_dir
from askance.providers import registry
from askance.settings import Settings

RACER = """
import os, sys
from pathlib import Path
from askance.local.client import ensure
print(ensure(Path(sys.argv[1]), Path(sys.argv[2]), os.environ, idle=60.0).url)
"""


def wait_until(true, seconds=15.0):
    """Whether it became true."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


@pytest.fixture
def folder(gguf, tmp_path):
    """A folder for a server's state; what was started there ends with the test."""
    yield tmp_path / "local"
    state.state_file(tmp_path / "local", gguf).unlink(missing_ok=True)


def test_two_processes_that_race_get_one_server(gguf, folder):
    """Four kernels ask at the same moment; all are told the same address, and one log was written."""
    command = [sys.executable, "-c", RACER, str(gguf), str(folder)]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    urls = {racer.communicate(timeout=60)[0].strip() for racer in racers}
    assert len(urls) == 1
    assert urls.pop().startswith("http://127.0.0.1:")
    assert len(list(folder.glob("*.json"))) == 1


def test_what_it_tells_the_kernels_is_for_the_owner_alone(gguf, folder):
    """The folder and the state file with the key in it: no rights for anyone else; the key is random and hidden."""
    server = client.ensure(gguf, folder, os.environ, idle=60.0)
    path = state.state_file(folder, gguf)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(server.key) >= 24
    assert server.key not in repr(server) + repr(state.read(path))
    assert not probe.healthy(state.read(path).port, "another-key")


def test_it_ends_when_nobody_asks(gguf, folder):
    """After a short idle time it takes its state away and is gone; the next ask starts another."""
    first = client.ensure(gguf, folder, os.environ, idle=0.6)
    path = state.state_file(folder, gguf)
    known = state.read(path)
    assert wait_until(lambda: not path.exists())
    assert wait_until(lambda: not probe.healthy(known.port, known.key))
    assert client.ensure(gguf, folder, os.environ, idle=60.0).key != first.key


def test_it_ends_when_its_state_is_another_servers(gguf, folder):
    """A server that nobody can find any more does not stay."""
    client.ensure(gguf, folder, os.environ, idle=60.0)
    path = state.state_file(folder, gguf)
    known = state.read(path)
    path.unlink()
    assert wait_until(lambda: not probe.healthy(known.port, known.key))


def test_a_state_without_a_server_is_replaced(gguf, folder):
    """After a crash or a reboot the file is still there; the port answers nobody, or somebody else."""
    folder.mkdir(mode=0o700)
    path = state.state_file(folder, gguf)
    state.write(path, state.State(pid=1, port=9, key="old", model=str(gguf), started=0.0))
    server = client.ensure(gguf, folder, os.environ, idle=60.0)
    assert state.read(path).key == server.key != "old"


def test_the_provider_answers_and_survives_the_servers_end(gguf, tmp_path):
    """Warmed, asked, the server killed, asked again: two answers."""
    environ = {**os.environ, "ASKANCE_CACHE_DIR": str(tmp_path)}
    provider = registry.make("local", Settings(local_model=str(gguf)), environ)
    path = state.state_file(tmp_path / "local", gguf)

    async def twice():
        await provider.warm()
        known = state.read(path)
        assert known is not None
        answers = [
            text(
                await collect(
                    provider, gated("Write a long story about a dog and the sea.", model="smollm2-135m-instruct")
                )
            )
        ]
        path.unlink()
        assert await asyncio.to_thread(wait_until, lambda: not probe.healthy(known.port, known.key))
        answers.append(
            text(
                await collect(
                    provider, gated("Write a long story about a dog and the sea.", model="smollm2-135m-instruct")
                )
            )
        )
        await provider.close()
        return answers

    answers = asyncio.run(twice())
    path.unlink()
    assert all(answer.strip() for answer in answers)


def test_without_the_file_the_line_says_how_to_install_it(tmp_path):
    """Nothing is fetched unasked: warming does nothing, asking says what to type."""
    environ = {"ASKANCE_CACHE_DIR": str(tmp_path)}
    provider = registry.make("local", Settings(), environ)
    asyncio.run(provider.warm())
    with pytest.raises(ConfigError, match="askance model install"):
        asyncio.run(collect(provider, gated("q")))
    assert list(tmp_path.iterdir()) == []


def test_a_named_file_that_is_not_there_is_named(tmp_path):
    """The setting is what is wrong."""
    provider = registry.make("local", Settings(local_model="/nowhere/x.gguf"), {"ASKANCE_CACHE_DIR": str(tmp_path)})
    with pytest.raises(ConfigError, match=r"/nowhere/x\.gguf"):
        asyncio.run(collect(provider, gated("q")))


def test_a_file_that_is_no_model_is_one_line_with_the_log(tmp_path):
    """llama.cpp refuses it; the user is told where it says why."""
    fake = tmp_path / "fake.gguf"
    fake.write_bytes(b"not a model")
    pytest.importorskip("xllamacpp")
    with pytest.raises(ConfigError, match=r"\.log") as caught:
        client.ensure(fake, tmp_path / "local", os.environ)
    assert "\n" not in str(caught.value)


def test_without_the_extra_the_line_has_the_pip_command(tmp_path, monkeypatch):
    """The package that runs the model is optional."""
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(MissingExtra, match=r'pip install "askance\[local\]"'):
        client.ensure(tmp_path / "m.gguf", tmp_path / "local", {})


def test_the_cache_folder_can_be_named(tmp_path):
    """By one variable; otherwise it is the platform's."""
    assert cache_dir({"ASKANCE_CACHE_DIR": str(tmp_path)}) == tmp_path
    assert cache_dir({}).name == "askance"
