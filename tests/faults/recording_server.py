"""A model server on loopback that keeps every byte it is sent, and answers with the placeholders it was shown.

Speaks OpenAI chat completions and Anthropic messages, as `ScriptedServer` does.
"""

from __future__ import annotations

import json
import re

from scripted_server import Reply, Request, ScriptedServer

KEY = "key-of-this-very-server-7Qm2Xw9"
"""What a client may send in the header for it, and nowhere else."""

PLACEHOLDER = re.compile(r"<[A-Z][A-Z0-9_]*_\d+>")
_KEY_HEADERS = {"authorization": f"Bearer {KEY}", "x-api-key": KEY}


class RecordingServer(ScriptedServer):
    """Answers "I see <A_1>, <B_2>."."""

    def __init__(self) -> None:
        super().__init__([Reply(["unused"])])

    async def _answer(self, request: Request, reply: Reply, reader, writer) -> bool:
        del reply
        seen = list(dict.fromkeys(PLACEHOLDER.findall(text_of(request))))
        # In pieces that cut placeholders in two.
        words = f"I see {', '.join(seen)}."
        steps = [words[at : at + 7] for at in range(0, len(words), 7)]
        return await super()._answer(request, Reply(steps), reader, writer)

    @property
    def received(self) -> bytes:
        """Every byte of every request but the key in its own header."""
        return b"\n".join(map(_bytes, self.requests))

    @property
    def texts(self) -> list[str]:
        """What the model was told, request by request."""
        return [text_of(request) for request in self.asked]


def text_of(request: Request) -> str:
    """All strings of a request's JSON, keys included, in order."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                walk(key)
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(request.json if request.body else "")
    return "\n".join(found)


def _bytes(request: Request) -> bytes:
    headers = {name: value for name, value in request.headers.items() if _KEY_HEADERS.get(name) != value}
    decoded = text_of(request).encode("utf-8", "surrogatepass")  # whatever the JSON writes as an escape
    return b"\n".join([request.path.encode(), json.dumps(headers).encode(), request.body, decoded])
