"""A real kernel whose messages are counted as they are on the wire: raw frames, and when each arrived.

Enters: a Python with ipykernel, an environment. Leaves: a kernel that runs cells and gives a `Trace` of each.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from jupyter_client.manager import KernelManager

KEYS = ("ANTHROPIC_", "OPENAI_", "GEMINI_", "GOOGLE_", "ASKANCE_", "CELLMAGE_", "JPY_", "HTTP", "http", "LANGCHAIN")
NOWHERE = "http://127.0.0.1:9"
CPU = """
import time as _time
_cpu = []
get_ipython().events.register("pre_run_cell", lambda *_: _cpu.append(_time.process_time()))
get_ipython().events.register("post_run_cell", lambda *_: _cpu.append(_time.process_time()))
"""
"""Notes the process's seconds of CPU before and after each cell, all threads."""


@dataclass
class Trace:
    """What one cell published.

    Attributes:
        sent: when it was sent, in seconds of `time.monotonic`.
        idle: when the kernel said that it was done.
        frames: (when, bytes of all frames, the content as bytes) of each message on iopub, in order.
    """

    sent: float = 0.0
    idle: float = 0.0
    frames: list[tuple[float, int, bytes]] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """Bytes of all frames."""
        return sum(size for _, size, _ in self.frames)

    def first(self, word: str) -> float:
        """When a message first had this word in it."""
        sought = word.encode()
        return next(when for when, _, content in self.frames if sought in content)

    def printed(self) -> str:
        """What was written to standard output and standard error, and errors."""
        contents = [json.loads(content) for _, _, content in self.frames]
        return "".join(content.get("text") or "\n".join(content.get("traceback", ())) for content in contents)


class WireKernel:
    """A kernel of some Python, that can reach nothing but this machine."""

    def __init__(self, python: str, home: Path, environ: Mapping[str, str]) -> None:
        """
        Args:
            python: the interpreter, with ipykernel.
            home: a folder that stands for the user's home.
            environ: variables on top of the process's own, from which keys and proxies are taken away.
        """
        own = {name: value for name, value in os.environ.items() if not name.startswith(KEYS)}
        nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOWHERE)
        own |= {**nowhere, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "HOME": str(home)}
        self._environ = {**own, **environ}
        self._python = python
        self._home = home

    def __enter__(self) -> Self:
        self._home.mkdir(parents=True, exist_ok=True)
        self._manager = KernelManager(kernel_name="python3")
        self._manager.kernel_spec.argv[0] = self._python
        self._manager.start_kernel(env=self._environ, cwd=str(self._home))
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(120)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def hello(self) -> None:
        """Say hello as our part in JupyterLab does, so that answers are shown as they are there."""
        data = {"type": "hello", "path": "bench.ipynb", "open_files": [], "active_cell": None}
        content = {"comm_id": uuid.uuid4().hex, "target_name": "askance.control", "target_module": None, "data": data}
        self._send("comm_open", content)
        time.sleep(0.5)

    def run(self, code: str, cell: str = "bench") -> Trace:
        """Run a cell to its end; `cell` is its id."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        trace, socket = Trace(), self._client.iopub_channel.socket
        trace.sent = time.monotonic()
        parent = self._send("execute_request", content, cellId=cell).encode()
        while True:
            frames = socket.recv_multipart()
            now = time.monotonic()
            _, _, head, above, _, body = frames[frames.index(b"<IDS|MSG>") :][:6]
            trace.frames.append((now, sum(map(len, frames)), body))
            if b'"idle"' in body and b'"status"' in head and parent in above:
                trace.idle = now
                break
        self._client.get_shell_msg(timeout=60)
        return trace

    def cpu(self) -> float:
        """Seconds of CPU that the last cell took, if `CPU` was run at the beginning."""
        return float(self.run("print(_cpu[-2] - _cpu[-3])").printed())

    def _send(self, kind: str, content: dict[str, Any], **metadata: str) -> str:
        message = self._client.session.msg(kind, content, metadata=metadata)
        self._client.shell_channel.send(message)
        return str(message["header"]["msg_id"])
