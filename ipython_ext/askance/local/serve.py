"""The embedded model's server: a process of its own, so that the user's kernel never pays for inference.

Enters: a GGUF file and the place of its state file. Leaves: an HTTP server of llama.cpp on 127.0.0.1 with a random
port and key, told to the kernels by the state file. Ends when nobody asked for a while, or when that file is no
longer its own.
"""

from __future__ import annotations

import argparse
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..lock import locked
from . import probe, state

ALIAS = "smollm2-135m-instruct"
SLOTS = 2
"""Answers at the same time; two kernels share one server."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until idle."""
    parser = argparse.ArgumentParser(prog="python -m askance.local.serve")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--context", type=int, required=True, help="tokens")
    parser.add_argument("--idle", type=float, required=True, help="seconds")
    options = parser.parse_args(arguments)
    key = secrets.token_urlsafe(24)
    server, port = _start(options.model, options.context, key)
    here = state.State(pid=os.getpid(), port=port, key=key, model=str(options.model), started=time.time())
    state.write(options.state, here)
    while not _over(options.state, here, options.idle):
        time.sleep(min(1.0, options.idle / 4))
    del server
    os._exit(0)  # the server's threads need no farewell


def _start(model: Path, context: int, key: str) -> tuple[Any, int]:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {ALIAS}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.n_ctx = context
    params.n_parallel = SLOTS
    params.kv_unified = True
    params.endpoint_slots = True
    params.ui = False
    # So small a model rambles at the default 0.8; a request's own temperature still wins.
    params.sampling.temp = 0.1
    params.verbosity = 1
    server = xllamacpp.Server(params)
    port = urlsplit(server.listening_address).port
    if port is None:
        raise SystemExit("the server does not listen")
    return server, port


def _over(path: Path, here: state.State, idle: float) -> bool:
    """Whether to end: replaced, or idle and nothing at work. Takes its state file away under the clients' lock."""
    try:
        quiet = time.time() - path.stat().st_mtime
    except OSError:
        return True
    if state.read(path) != here:
        return True
    if abs(quiet) < idle or probe.busy(here.port, here.key):
        return False
    try:
        with locked(path.with_suffix(".lock"), wait=0):
            if abs(time.time() - path.stat().st_mtime) < idle:
                return False
            path.unlink()
    except OSError:
        return False  # a client is at it: look again later
    return True


if __name__ == "__main__":
    main()
