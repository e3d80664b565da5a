"""Other programs: the SDK's own clients, and the process that they start."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters, stdio_client

COMMAND = ["-c", "from askance.cli import main; raise SystemExit(main())", "mcp"]
"""`askance mcp`, where the project is not installed."""


def environ(home: Path) -> dict[str, str]:
    """What the process is told of its surroundings."""
    return {"HOME": str(home), "ASKANCE_RUNTIME_DIR": str(home / "run")}


def with_stdio(home: Path, play: Callable[[ClientSession], Awaitable[Any]], heard: list | None = None) -> Any:
    """Play with a session over standard input and output, as Claude Code has one; `heard` takes its notifications."""

    async def note(message: Any) -> None:
        if heard is not None:
            heard.append(message)

    async def run() -> Any:
        server = StdioServerParameters(command=sys.executable, args=COMMAND, env=environ(home))
        async with (
            stdio_client(server) as (reading, writing),
            ClientSession(reading, writing, message_handler=note) as session,
        ):
            await session.initialize()
            return await play(session)

    return asyncio.run(run())


async def told(session: Any, tool: str, **arguments: Any) -> str:
    """What a tool gives, which must not have failed."""
    result = await session.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.content[0].text


async def failed(session: Any, tool: str, **arguments: Any) -> str:
    """The one line of a call that fails."""
    result = await session.call_tool(tool, arguments)
    assert result.is_error
    (content,) = result.content
    assert len(content.text.splitlines()) == 1
    return content.text
