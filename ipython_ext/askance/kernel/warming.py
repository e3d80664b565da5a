"""Prepares the first ask in the background, so that it is as fast as the second.

Enters: what askance keeps for the shell. Leaves: a session that is warm; nothing is shown, not even a failure.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .host import Host

DELAY = 0.1
"""Seconds that the loading cell has to send its reply before the background work begins."""


async def warmed(host: Host, view: str) -> None:
    """Put the session together, and import what it needs.

    Args:
        host: whose session.
        view: the view that its answers will get.
    """
    try:
        await asyncio.sleep(DELAY)
        if not host.settings().warm:
            return
        session = await asyncio.to_thread(host.session)
        await session.warm()
        await asyncio.to_thread(_prepare, host, view)
    except Exception:  # noqa: BLE001  an ask will say what is wrong
        return


def _prepare(host: Host, view: str) -> None:
    from . import handing  # noqa: F401  the import is the purpose
    from .view.choose import prepare

    _ = host.runner
    prepare(view)
