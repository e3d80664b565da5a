"""The scripted model server in a process of its own, so that its work is not counted as anybody's.

Enters: replies. Leaves: an address to ask, and what the server noted of each answer, by the machine's monotonic clock.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, Self

sys.path.append(str(Path(__file__).parents[1]))
from scripted_server import Reply, ScriptedServer


class Sent(NamedTuple):
    """When the first and the last piece of text of an answer were written, in seconds of `time.monotonic`."""

    first: float
    last: float


class ModelProcess:
    """Gives its replies in order, the last one again and again. A context manager."""

    def __init__(self, *replies: Reply) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, replies), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        self.base_url, self.anthropic_url = self._pipe.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.send(None)
        self._process.join(10)

    def say(self, *replies: Reply) -> None:
        """What is answered from now on."""
        self._pipe.send(("say", replies))
        self._pipe.recv()

    def sent(self) -> list[Sent]:
        """What was noted of the answers that had text, oldest first, since this was last asked."""
        self._pipe.send(("sent", ()))
        return [Sent(*times) for times in self._pipe.recv()]


def _serve(pipe: Connection, replies: Sequence[Reply]) -> None:
    with ScriptedServer(replies) as server:
        pipe.send((server.base_url, server.anthropic_url))
        seen = 0
        while (order := pipe.recv()) is not None:
            what, more = order
            if what == "say":
                server.say(*more)
                pipe.send(None)
            else:
                asked = server.asked[seen:]
                seen += len(asked)
                pipe.send([(request.first_text, request.last_text) for request in asked if request.first_text])
