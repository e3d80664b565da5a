"""A real kernel, driven over its own channels."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from jupyter_client.manager import KernelManager

KEYS = ("ANTHROPIC_", "OPENAI_", "GEMINI_", "GOOGLE_", "ASKANCE_", "JPY_")
PATIENCE = 60


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """The process's environment without any key, with a home and a cache of its own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(KEYS)}
    own |= {"HOME": str(home), "ASKANCE_CACHE_DIR": str(home / "cache"), "IPYTHONDIR": str(home / "ipython")}
    return own | more


@dataclass
class Outcome:
    """What a cell led to: the messages it published, and its reply."""

    messages: list[dict] = field(default_factory=list)
    reply: dict = field(default_factory=dict)

    def contents(self, kind: str) -> list[dict]:
        """The contents of all messages of a kind, in order."""
        return [message["content"] for message in self.messages if message["msg_type"] == kind]

    @property
    def printed(self) -> str:
        """What it wrote to standard output."""
        return "".join(content["text"] for content in self.contents("stream"))

    @property
    def result(self) -> str:
        """The text of the cell's value."""
        (content,) = self.contents("execute_result")
        return content["data"]["text/plain"]

    @property
    def error(self) -> list[str]:
        """The lines of the only error."""
        (content,) = self.contents("error")
        return [line for part in content["traceback"] for line in part.splitlines()]

    def outputs(self) -> list[dict]:
        """The displays as a notebook keeps them: updates replace what has their id, if need be in an earlier cell."""
        kept: dict[str, dict] = {}
        for message in self.messages:
            kind, content = message["msg_type"], message["content"]
            if kind in ("display_data", "update_display_data"):
                display_id = content["transient"]["display_id"]
                if kind == "display_data" or display_id in kept:
                    kept[display_id] = content
        return list(kept.values())


class Kernel:
    """A kernel with an environment of its own."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.home = home
        self._environ = clean_environment(home, **environ)

    def __enter__(self) -> Self:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(env=self._environ, cwd=str(self.home))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def send(self, kind: str, content: dict, *, subshell: str | None = None, channel: str = "shell", **metadata) -> str:
        """Send a message and give its id."""
        message = self.client.session.msg(kind, content, metadata=metadata)
        if subshell:
            message["header"]["subshell_id"] = subshell
        getattr(self.client, f"{channel}_channel").send(message)
        return message["header"]["msg_id"]

    def start(self, code: str, cell_id: str | None = None, *, attended: bool = True) -> str:
        """Begin a cell; programs that execute notebooks say that nobody attends to it who could be asked for input."""
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": attended,
        }
        return self.send("execute_request", content, **({"cellId": cell_id} if cell_id else {}))

    def finish(self, message_id: str, seen: Outcome | None = None, patience: float = PATIENCE) -> Outcome:
        """Everything a cell publishes until it is done. Comm messages of other threads are kept as well."""
        outcome = seen or Outcome()
        while not outcome.messages or not self._is_end(outcome.messages[-1], message_id):
            outcome.messages.append(self.client.get_iopub_msg(timeout=patience))
        while outcome.reply.get("parent_header", {}).get("msg_id") != message_id:
            outcome.reply = self.client.get_shell_msg(timeout=patience)
        return outcome

    def until(self, outcome: Outcome, condition) -> None:
        """Collect until a message meets the condition."""
        while not outcome.messages or not condition(outcome.messages[-1]):
            outcome.messages.append(self.client.get_iopub_msg(timeout=PATIENCE))

    @staticmethod
    def _is_end(message: dict, message_id: str) -> bool:
        ended = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
        return ended and message["parent_header"].get("msg_id") == message_id

    def run(self, code: str, cell_id: str | None = None, *, attended: bool = True) -> Outcome:
        """Run a cell to its end."""
        return self.finish(self.start(code, cell_id, attended=attended))

    def subshell(self) -> str:
        """A thread of the kernel that serves messages while a cell runs, as JupyterLab asks for one per comm."""
        self.send("create_subshell_request", {}, channel="control")
        while (reply := self.client.get_control_msg(timeout=PATIENCE))["msg_type"] != "create_subshell_reply":
            continue
        return reply["content"]["subshell_id"]


def text_seen(message: dict) -> bool:
    """Whether a message shows a piece of an answer."""
    content = message["content"]
    delta = message["msg_type"] == "comm_msg" and content["data"].get("content", {}).get("type") == "delta"
    return delta or (message["msg_type"] == "display_data" and "text/markdown" in content["data"])


def wait_for(condition: Callable[[], object], seconds: float = 20) -> bool:
    """Whether the condition comes true within a generous time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
