"""What a running server tells the kernels that share it: one small private file.

Enters: a folder and a model's path. Leaves: `State`, read and written whole. The file's time is the heartbeat:
clients touch it at each ask.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class State:
    """A running server.

    Attributes:
        pid: its process.
        port: where it listens on 127.0.0.1.
        key: the key it expects.
        model: path of the GGUF file it runs.
        started: when it began, in seconds since the epoch.
    """

    pid: int
    port: int
    key: str = field(repr=False)
    model: str
    started: float


def state_file(folder: Path, model: Path) -> Path:
    """The file of the server that runs `model`; each model has its own."""
    digest = hashlib.sha256(os.fsencode(model)).hexdigest()[:12]
    return folder / f"server-{digest}.json"


def read(path: Path) -> State | None:
    """The state, None if there is none or it is not readable."""
    try:
        found = State(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    is_one = type(found.pid) is type(found.port) is int and type(found.key) is type(found.model) is str
    return found if is_one and 0 < found.pid < 1 << 31 and 0 < found.port < 1 << 16 else None


def write(path: Path, state: State) -> None:
    """Write the state at once and whole, for the owner's eyes only."""
    part = path.with_suffix(f".{state.pid}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(state), file)
    part.replace(path)
