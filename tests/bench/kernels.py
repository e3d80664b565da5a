"""A real kernel to time things in: runs code, gives what it printed and how long it took."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from jupyter_client.manager import KernelManager

KEYS = ("ANTHROPIC_", "OPENAI_", "GEMINI_", "GOOGLE_", "ASKANCE_")


class Kernel:
    """A kernel with an environment of its own.

    Args:
        home: folder that stands for the user's home and cache.
        environ: variables on top of the process's own, from which every model key is taken away.
    """

    def __init__(self, home: Path, environ: Mapping[str, str] | None = None) -> None:
        own = {name: value for name, value in os.environ.items() if not name.startswith(KEYS)}
        self._environ = {**own, "HOME": str(home), "ASKANCE_CACHE_DIR": str(home / "cache"), **(environ or {})}
        self._home = home

    def __enter__(self) -> Self:
        self._manager = KernelManager(kernel_name="python3")
        self._manager.start_kernel(env=self._environ, cwd=str(self._home))
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def interrupt(self) -> None:
        """What the front end's ■ does."""
        self._manager.interrupt_kernel()

    def run(
        self, code: str, seen: Callable[[dict], None] = lambda _message: None
    ) -> tuple[float, list[tuple[float, dict]]]:
        """Run one cell.

        Args:
            code: its source.
            seen: is shown every iopub message as it comes.

        Returns:
            Seconds from sending to the reply, and every iopub message with its seconds since sending.
        """
        started = time.perf_counter()
        message = self._client.execute(code)
        outputs = []
        while True:
            output = self._client.get_iopub_msg(timeout=120)
            if output["parent_header"].get("msg_id") != message:
                continue
            outputs.append((time.perf_counter() - started, output))
            seen(output)
            if output["msg_type"] == "status" and output["content"]["execution_state"] == "idle":
                break
        seconds = time.perf_counter() - started
        self._client.get_shell_msg(timeout=60)
        return seconds, outputs

    def printed(self, code: str) -> str:
        """What a cell writes to standard output."""
        return "".join(m["content"]["text"] for _, m in self.run(code)[1] if m["msg_type"] == "stream")
