"""The way to the embedded model's server: the one that runs, or one started now.

Enters: the model's file and the folder for state. Leaves: a `Server`. Kernels that ask at once get the same one.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import ConfigError, MissingExtra, Unreachable
from ..lock import locked
from ..paths import make_private
from . import probe, state

READY_SECONDS = 15.0
IDLE_SECONDS = 600.0
CONTEXT_TOKENS = 8192
POLL_SECONDS = 0.02

_children: list[subprocess.Popen[bytes]] = []  # Popen complains if it is dropped while its process lives


@dataclass(frozen=True)
class Server:
    """Where the embedded model answers: an OpenAI-compatible base URL, and its key."""

    url: str
    key: str = field(repr=False)


def ensure(
    model: Path,
    folder: Path,
    environ: Mapping[str, str],
    *,
    python: str = sys.executable,
    idle: float = IDLE_SECONDS,
    context: int = CONTEXT_TOKENS,
    wait: float = READY_SECONDS,
) -> Server:
    """The server that runs `model`, started if need be. Blocks: at most `wait` seconds, a few milliseconds if it runs.

    Args:
        model: the GGUF file.
        folder: where the state, the lock and the log are kept.
        environ: environment variables of a server that is started.
        python: the interpreter that runs it.
        idle: seconds without an ask after which a server started now ends.
        context: tokens a server started now has room for.
        wait: seconds it may take to start.

    Raises:
        MissingExtra: the package that runs the model is not installed.
        ConfigError: the model cannot be run.
        Unreachable: it did not start in time.
    """
    path = state.state_file(make_private(folder), model)
    if server := _running(path):
        return server
    if importlib.util.find_spec("xllamacpp") is None:
        raise MissingExtra("the embedded model", "local")
    try:
        with locked(path.with_suffix(".lock"), wait):
            return _running(path) or _start(
                path,
                [
                    python,
                    "-P",
                    "-m",
                    "askance.local.serve",
                    "--model",
                    str(model),
                    "--state",
                    str(path),
                    "--idle",
                    str(idle),
                    "--context",
                    str(context),
                ],
                environ,
                wait,
            )
    except TimeoutError:
        raise Unreachable("another kernel has been starting the embedded model for too long", _hint(path)) from None


def _running(path: Path) -> Server | None:
    known = state.read(path)
    if known is None:
        return None
    try:
        os.utime(path)  # the heartbeat, before the question: the server counts from here
    except OSError:
        return None
    return _server(known) if probe.healthy(known.port, known.key) else None


def _server(known: state.State) -> Server:
    return Server(f"http://127.0.0.1:{known.port}/v1", known.key)


def _start(path: Path, command: list[str], environ: Mapping[str, str], wait: float) -> Server:
    path.unlink(missing_ok=True)
    flags = 0x00000200 | 0x08000000 if sys.platform == "win32" else 0  # CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW
    with path.with_suffix(".log").open("wb") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=path.parent,
            env=dict(environ),
            start_new_session=True,
            creationflags=flags,
        )  # fmt: skip  a session of its own: a kernel's interrupt goes to its whole process group
    _children[:] = [*(other for other in _children if other.poll() is None), child]
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline:
        if known := state.read(path):
            return _server(known)
        if child.poll() is not None:
            raise ConfigError(f"the embedded model does not start ({_last_words(path)})", _hint(path))
        time.sleep(POLL_SECONDS)
    child.kill()
    raise Unreachable(f"the embedded model did not start within {wait:g} s", _hint(path))


def _hint(path: Path) -> str:
    return f"Its log is {path.with_suffix('.log')}."


def _last_words(path: Path) -> str:
    lines = path.with_suffix(".log").read_text("utf-8", "replace").strip().splitlines()
    return lines[-1].strip().rstrip(".")[:200] if lines else "it says nothing"
